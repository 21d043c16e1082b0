"""La página de un cliente: lo que muestra, a quién, lo que deja hacer y lo que nunca la rompe."""

from __future__ import annotations

import html
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from clientes import secciones
from clientes.models import Cliente, Fusion
from servicios.tests.fabricas import FabricaAtributo, FabricaTipo

from . import fabricas as f
from .pantallas import accion, consultas_de, lista, nueva
from .vidas import un_poco_de_todo

pytestmark = pytest.mark.django_db


def _url(cliente: Any) -> str:
    return reverse("ficha_de_cliente", args=(cliente.pk,))


def _texto(respuesta: Any) -> str:
    assert respuesta.status_code == 200
    return html.unescape(respuesta.content.decode())


def _con(client: Any, *permisos: str) -> Any:
    cuenta = f.FabricaUsuario()
    cuenta.user_permissions.set(Permission.objects.filter(codename__in=permisos, content_type__app_label="clientes"))
    client.force_login(cuenta)
    return client


# --- Lo que muestra --------------------------------------------------------------------------------------------------
def test_dice_quien_es_su_categoria_y_desde_cuando(admin, hoy):
    desde = hoy.replace(year=hoy.year - 12, day=min(hoy.day, 28))
    cliente = f.FabricaCliente(nombre="Ana", apellido="Ríos", documento="1020304050", telefono="+573001234567",
                               fecha_vinculacion=desde)  # fmt: skip
    pagina = _texto(admin.get(_url(cliente)))
    for dicho in ("Ana Ríos", "1.020.304.050", "300 123 4567", "Leal: lleva 12 años", f"desde el {desde:%d/%m/%Y}"):
        assert dicho in pagina, dicho


def test_los_contratos_dicen_estado_precio_condiciones_y_lo_que_les_espera(admin, hoy):
    tipo = FabricaTipo()
    FabricaAtributo(tipo=tipo, clave="megas", nombre="Velocidad", unidad="Mbps")
    contrato = f.FabricaContrato(
        servicio=f.servicio_con_precio(nombre="Fibra 300", tipo=tipo), estado="suspendido", precio="74900",
        condiciones={"caracteristicas": {"megas": 300}}, fecha_inicio=hoy - timedelta(days=30),
        permanencia_meses=12, anexo_permanencia="A-1", promocion=f.FabricaPromocion(nombre="Dos meses gratis"),
    )  # fmt: skip
    f.FabricaSuspension(contrato=contrato, desde=hoy, hasta_prevista=hoy + timedelta(days=20))
    nuevo = f.servicio_con_precio(nombre="Fibra 900")
    f.FabricaCambioPlan(contrato=contrato, servicio_nuevo=nuevo, efectivo_el=hoy + timedelta(days=9))
    pagina = _texto(admin.get(_url(contrato.cliente)))
    for dicho in (
        "Fibra 300", "Suspendido", "74.900", "Velocidad: 300 Mbps", "Permanencia hasta el", "Dos meses gratis",
        f"Suspendido desde el {hoy:%d/%m/%Y} hasta el", "Pasa a Fibra 900",
    ):  # fmt: skip
        assert dicho in pagina, dicho
    assert accion(contrato, "reanudar") in pagina and accion(contrato, "terminar") in pagina
    assert accion(contrato, "activar") not in pagina


def test_lo_que_no_ha_terminado_va_primero_y_lo_demas_se_ve_en_la_lista(admin):
    cliente = f.FabricaCliente()
    f.FabricaContrato.create_batch(12, cliente=cliente, estado="terminado", fecha_fin=f.HOY)
    vivo = f.FabricaContrato(cliente=cliente, fecha_inicio=date(2010, 1, 1))
    respuesta = admin.get(_url(cliente))
    filas = respuesta.context["filas_de_contratos"]
    assert filas[0]["uno"].contrato == vivo
    assert "Ver los 13 contratos" in _texto(respuesta)
    assert f"{lista('contrato')}?cliente__id__exact={cliente.pk}" in _texto(respuesta)


def test_las_interacciones_abiertas_van_primero_con_lo_que_les_queda(admin, hoy):
    cliente = f.FabricaCliente()
    f.FabricaInteraccion(cliente=cliente, estado="respondida", respuesta="Ya.", respondida_el=timezone.now())
    lejos, cerca = hoy + timedelta(days=60), hoy - timedelta(days=2)
    f.FabricaInteraccion(cliente=cliente, asunto="Con tiempo", vence_el=lejos, tipo="reclamacion")
    vencida = f.FabricaInteraccion(cliente=cliente, asunto="Pasada", vence_el=cerca, tipo="reclamacion")
    f.FabricaInteraccion(cliente=cliente, asunto="Sin reloj", tipo="sugerencia")
    f.FabricaSilencio(interaccion=vencida)
    respuesta = admin.get(_url(cliente))
    asuntos = [fila["una"].interaccion.asunto for fila in respuesta.context["filas_de_interacciones"]]
    assert asuntos[:3] == ["Pasada", "Con tiempo", "Sin reloj"]
    pagina = _texto(respuesta)
    for dicho in ("Silencio positivo", "Cumplir antes del", "1 silencio positivo por cumplir", "días hábiles",
                  "1 interacción vencida sin responder", "3 sin responder"):  # fmt: skip
        assert dicho in pagina, dicho


def test_los_datos_por_completar_se_avisan(admin):
    cliente = f.FabricaCliente(pendientes={"email": "Llegó cortado"})
    assert "Correo electrónico: Llegó cortado" in _texto(admin.get(_url(cliente)))


def test_los_consentimientos_vigentes_y_cuantos_se_revocaron(admin):
    cliente = f.FabricaCliente()
    f.FabricaConsentimiento(cliente=cliente, finalidad="encuestas")
    f.FabricaConsentimiento(cliente=cliente, revocado_el=f.AHORA)
    pagina = _texto(admin.get(_url(cliente)))
    assert "Encuestas de satisfacción" in pagina and "1 revocado" in pagina


def test_un_cliente_sin_nada_se_lee_igual(admin):
    pagina = _texto(admin.get(_url(f.FabricaCliente(telefono="", documento="77"))))
    for dicho in ("No ha tenido contratos", "No ha consultado, reclamado ni sugerido nada", "Se vinculó como cliente"):
        assert dicho in pagina, dicho


def test_a_un_inactivo_se_le_atiende_pero_no_se_le_contrata(admin):
    cliente = f.FabricaCliente(estado="inactivo", inactivo_desde=f.HOY)
    pagina = _texto(admin.get(_url(cliente)))
    assert "Inactivo" in pagina and f"desde el {f.HOY:%d/%m/%Y}" in pagina
    assert f"{nueva('interaccion')}?cliente={cliente.pk}" in pagina
    assert f"{nueva('contrato')}?cliente=" not in pagina
    assert accion(cliente, "reactivar") in pagina


def test_se_puede_contratar_registrar_y_editar_desde_ella(admin):
    cliente = f.FabricaCliente()
    pagina = _texto(admin.get(_url(cliente)))
    for modelo in ("contrato", "interaccion", "consentimiento"):
        assert f'"{nueva(modelo)}?cliente={cliente.pk}"' in pagina
    for fin in ("change", "history"):
        assert reverse(f"admin:clientes_cliente_{fin}", args=(cliente.pk,)) in pagina
    assert accion(cliente, "asignar-categoria") in pagina and accion(cliente, "desactivar") in pagina


# --- Permisos --------------------------------------------------------------------------------------------------------
def test_sin_ver_clientes_no_se_abre(client):
    cliente = f.FabricaCliente()
    assert _con(client, "view_contrato").get(_url(cliente)).status_code == 403
    client.logout()
    assert "/login/" in client.get(_url(cliente)).url


def test_cada_parte_la_ve_quien_ve_su_modelo(client):
    cliente = f.FabricaCliente()
    un_poco_de_todo(cliente)
    pagina = _texto(_con(client, "view_cliente").get(_url(cliente)))
    for ajeno in ('id="contratos"', 'id="interacciones"', 'id="consentimientos"', "Nuevo contrato", "Editar datos",
                  "Nota interna", "Contrató", "Reclamación", "Autorizó", "Notas internas"):  # fmt: skip
        assert ajeno not in pagina, ajeno
    assert "Se vinculó como cliente" in pagina
    pagina = _texto(_con(client, "view_cliente", "view_contrato").get(_url(cliente)))
    assert 'id="contratos"' in pagina and "Contrató" in pagina and 'id="interacciones"' not in pagina
    assert "/accion/" not in pagina


# --- Secciones de otras aplicaciones ---------------------------------------------------------------------------------
class _Bonos(secciones.Seccion):
    clave = "bonos-de-prueba"
    titulo = "Bonos de prueba"
    permisos = ("clientes.view_contrato",)
    plantilla = "admin/clientes/contrato/condiciones.html"

    def contexto(self, cliente: Cliente, *, usuario: Any, hoy: date) -> dict[str, Any] | None:
        return {"algo": 1} if cliente.nombre == "Con bonos" else None


@pytest.fixture
def _con_bonos() -> Any:
    secciones.registrar(_Bonos())
    yield
    secciones.quitar(_Bonos.clave)


def test_otra_aplicacion_pone_su_seccion(admin, _con_bonos):
    assert "Bonos de prueba" in _texto(admin.get(_url(f.FabricaCliente(nombre="Con bonos"))))
    assert "Bonos de prueba" not in _texto(admin.get(_url(f.FabricaCliente())))


def test_una_seccion_respeta_sus_permisos(client, _con_bonos):
    cliente = f.FabricaCliente(nombre="Con bonos")
    assert "Bonos de prueba" not in _texto(_con(client, "view_cliente").get(_url(cliente)))


# --- La línea de tiempo ----------------------------------------------------------------------------------------------
def test_ver_mas_trae_solo_los_sucesos_que_siguen(admin):
    cliente = f.FabricaCliente()
    for n in range(3):
        un_poco_de_todo(cliente, n=n)
    siguiente = admin.get(_url(cliente)).context["siguiente"]
    trozo = _texto(admin.get(_url(cliente) + siguiente, headers={"HX-Request": "true"}))
    assert "<html" not in trozo and trozo.lstrip().startswith("<li")
    entera = _texto(admin.get(_url(cliente) + siguiente))
    assert "Volver a lo más reciente" in entera


def test_los_filtros_se_conservan_al_seguir(admin):
    cliente = f.FabricaCliente()
    contrato = f.FabricaContrato(cliente=cliente)
    f.FabricaInteraccion.create_batch(30, cliente=cliente, contrato=contrato)
    respuesta = admin.get(_url(cliente), {"tipo": "interacciones", "contrato": contrato.pk, "el": "2026-01-01"})
    siguiente = respuesta.context["siguiente"]
    for parte in ("tipo=interacciones", f"contrato={contrato.pk}", "el=2026-01-01", "desde="):
        assert parte in siguiente
    assert len(admin.get(_url(cliente) + siguiente).context["sucesos"]) == 5


DISPARATES = (
    "\x00",
    "'; DROP TABLE x",
    "ñ" * 5_000,
    "-1",
    "9" * 40,
    "٣",
    "NaN",
    "<script>",
    "2026-02-30",
    "😀",
    '%_\\"',
)


@pytest.mark.parametrize("disparate", DISPARATES)
def test_unos_parametros_disparatados_no_la_rompen(admin, disparate):
    cliente = f.FabricaCliente()
    un_poco_de_todo(cliente)
    for nombre in ("tipo", "contrato", "desde", "el"):
        respuesta = admin.get(_url(cliente), {nombre: disparate})
        assert respuesta.status_code == 200, nombre
    assert admin.get(_url(cliente), dict.fromkeys(("tipo", "contrato", "desde", "el"), disparate)).status_code == 200


@pytest.mark.parametrize("clave", ["999999", "9" * 40, "0"])
def test_un_cliente_que_no_existe_es_un_404(admin, clave):
    assert admin.get(f"/clientes/cliente/{clave}/ficha/").status_code == 404


def test_la_ficha_de_quien_se_unio_a_otra_lleva_a_la_que_queda(admin):
    cliente = f.FabricaCliente()
    Fusion.objects.create(principal=cliente, absorbido_clave=cliente.pk + 77, absorbido_titulo="Ana Repetida")
    respuesta = admin.get(f"/clientes/cliente/{cliente.pk + 77}/ficha/", follow=True)
    assert respuesta.redirect_chain[0][0] == _url(cliente)
    assert "Ana Repetida se fusionó con esta ficha." in _texto(respuesta)


def test_no_se_escribe_con_ella(admin):
    assert admin.post(_url(f.FabricaCliente()), {}).status_code == 405


# --- Qué tenía un día ------------------------------------------------------------------------------------------------
def test_dice_que_tenia_un_dia(admin):
    cliente = f.FabricaCliente(fecha_vinculacion=date(2014, 6, 10), direccion="Calle de entonces")
    f.FabricaContrato(cliente=cliente, servicio=f.servicio_con_precio(nombre="Fibra de entonces"),
                      fecha_inicio=date(2020, 1, 1), estado="terminado", fecha_fin=date(2021, 1, 1))  # fmt: skip
    pagina = _texto(admin.get(_url(cliente), {"el": "2020-05-01"}))
    for dicho in ("Así estaba el 01/05/2020", "Fibra de entonces", "Calle de entonces", "Regular: lleva 5 años",
                  "estos son los más antiguos que se conocen"):  # fmt: skip
        assert dicho in pagina, dicho
    assert "Todavía no era cliente" in _texto(admin.get(_url(cliente), {"el": "2014-06-09"}))


def test_un_dia_que_no_sirve_se_explica_y_la_ficha_sigue(admin):
    pagina = _texto(admin.get(_url(f.FabricaCliente()), {"el": "31/02/2020"}))
    assert "no existe en el calendario" in pagina and "Línea de tiempo" in pagina


# --- Consultas -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("pedido", ["", "?el=2026-02-10", "?tipo=contratos"])
def test_la_ficha_no_consulta_mas_por_tener_mas(admin, pedido):
    cliente = f.FabricaCliente(municipio=f.FabricaMunicipio())
    for n in range(2):
        un_poco_de_todo(cliente, n=n)
    f.FabricaInteraccion(cliente=cliente)
    admin.get(_url(cliente))
    con_pocos = consultas_de(admin, _url(cliente) + pedido)
    for n in range(2, 18):
        un_poco_de_todo(cliente, n=n)
        f.FabricaInteraccion(cliente=cliente, fecha=f.AHORA - timedelta(days=300))
    con_muchos = consultas_de(admin, _url(cliente) + pedido)
    # Los nombres de los canales solo se preguntan si algo de la página los dice.
    assert len(con_muchos) <= len(con_pocos), "\n".join(con_muchos)
    assert len(con_muchos) < 60
