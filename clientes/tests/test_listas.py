"""Listas, fichas, búsqueda, filtros, permisos e historia de las pantallas, por HTTP."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clientes.models import Contrato

from .fabricas import (
    FabricaCliente,
    FabricaConsentimiento,
    FabricaContrato,
    FabricaEmpresa,
    FabricaInteraccion,
    FabricaMunicipio,
    FabricaUsuario,
)
from .pantallas import CREAR, accion, consultas_de, ficha, lista, nueva

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("modelo", CREAR)
def test_la_lista_hace_las_mismas_consultas_con_tres_filas_que_con_treinta(admin, modelo):
    for _ in range(3):
        CREAR[modelo]()
    admin.get(lista(modelo))
    con_tres = consultas_de(admin, lista(modelo))
    for _ in range(27):
        CREAR[modelo]()
    con_treinta = consultas_de(admin, lista(modelo))
    assert len(con_treinta) == len(con_tres), "\n".join(con_treinta)
    assert len(con_treinta) <= 12
    assert not [sql for sql in con_treinta if sql.startswith("SELECT COUNT(") and "LIMIT" not in sql]


@pytest.mark.parametrize("modelo", CREAR)
def test_la_ficha_hace_las_mismas_consultas_haya_pocos_registros_o_muchos(admin, modelo):
    registro = CREAR[modelo]()
    admin.get(ficha(registro))
    con_uno = consultas_de(admin, ficha(registro))
    for _ in range(10):
        CREAR[modelo]()
    assert len(consultas_de(admin, ficha(registro))) == len(con_uno)


def test_la_ficha_del_cliente_no_crece_con_lo_que_tiene(admin):
    cliente = FabricaCliente()

    def dar():
        contrato = FabricaContrato(cliente=cliente)
        FabricaInteraccion(cliente=cliente, contrato=contrato)

    for _ in range(3):
        dar()
    FabricaConsentimiento(cliente=cliente)
    admin.get(ficha(cliente))
    con_tres = consultas_de(admin, ficha(cliente))
    for _ in range(27):
        dar()
    con_treinta = consultas_de(admin, ficha(cliente))
    assert len(con_treinta) == len(con_tres), "\n".join(con_treinta)


@pytest.mark.parametrize("modelo", CREAR)
def test_el_formulario_de_uno_nuevo_se_abre(admin, modelo):
    assert admin.get(nueva(modelo)).status_code == 200


@pytest.mark.parametrize(
    "texto", ["1.020.304.050", "1020304050", "rios", "ANA vega", "300 123 4567", "(300) 123-4567", "+57 300 123 4567"]
)
def test_un_cliente_se_encuentra_en_la_lista(admin, texto):
    cliente = FabricaCliente(nombre="Ana", apellido="Ríos Vega", documento="1020304050", telefono="+573001234567")
    otro = FabricaCliente(nombre="Beto", apellido="Otro", documento="79000111", telefono="+573209998877")
    respuesta = admin.get(lista("cliente"), {"q": texto})
    hallados = [c.pk for c in respuesta.context["cl"].result_list]
    assert hallados == [cliente.pk], texto
    assert otro.pk not in hallados


def test_contratos_e_interacciones_se_encuentran_por_su_numero_y_por_su_cliente(admin):
    contrato = FabricaContrato(cliente=FabricaCliente(nombre="Zoraida", apellido="Peña", documento="1020304050"))
    interaccion = FabricaInteraccion(cliente=contrato.cliente, asunto="Avería del módem")
    FabricaContrato()
    FabricaInteraccion(asunto="Otra cosa")
    for registro, textos in (
        (contrato, (contrato.numero, contrato.numero.lower(), "zoraida pena", "1.020.304.050")),
        (interaccion, (interaccion.numero, "averia modem", "PEÑA")),
    ):
        for texto in textos:
            respuesta = admin.get(lista(registro._meta.model_name), {"q": texto})
            assert [r.pk for r in respuesta.context["cl"].result_list] == [registro.pk], texto


@pytest.mark.parametrize(
    ("filtros", "quien"),
    [
        ({"categoria": "leal"}, {"leal"}),
        ({"a_mano": "si"}, {"leal"}),
        ({"permanencia": "5-10"}, {"leal", "persona"}),
        ({"permanencia": "0-1"}, {"empresa"}),
        ({"estado__exact": "inactivo"}, {"empresa"}),
        ({"tipo_persona__exact": "juridica"}, {"empresa"}),
        ({"estrato": "3"}, {"persona"}),
        ({"departamento": "98"}, {"persona"}),
        ({"abiertas": "si"}, {"leal"}),
        ({"abiertas": "no"}, {"persona", "empresa"}),
        ({"categoria": "vip"}, {"leal", "persona", "empresa"}),
    ],
)
def test_los_filtros_de_la_lista_de_clientes(admin, hoy, filtros, quien):
    seis = hoy - timedelta(days=6 * 366)
    cast = {
        "leal": FabricaCliente(categoria_asignada="leal", motivo_categoria="Fundador", fecha_vinculacion=seis),
        "persona": FabricaCliente(estrato=3, municipio=FabricaMunicipio(), fecha_vinculacion=seis),
        "empresa": FabricaEmpresa(estado="inactivo", inactivo_desde=hoy, fecha_vinculacion=hoy),
    }
    FabricaInteraccion(cliente=cast["leal"])
    respuesta = admin.get(lista("cliente"), filtros)
    assert {c.pk for c in respuesta.context["cl"].result_list} == {cast[nombre].pk for nombre in quien}


@pytest.mark.parametrize("modelo", ["contrato", "interaccion", "consentimiento"])
@pytest.mark.parametrize("dia", ["31/02/2026", "ayer", "99999999999", "9999-12-31", "'; --"])
def test_una_fecha_que_no_se_entiende_en_un_filtro_no_rompe_la_lista(admin, modelo, dia):
    campo = {"contrato": "fecha_inicio", "interaccion": "fecha", "consentimiento": "otorgado_el"}[modelo]
    CREAR[modelo]()
    assert admin.get(lista(modelo), {f"{campo}_to": dia}).status_code == 200


def test_un_rango_de_dias_incluye_el_ultimo_entero(admin, hoy):
    interaccion = FabricaInteraccion(fecha=timezone.now())
    texto = f"{hoy:%d/%m/%Y}"
    respuesta = admin.get(lista("interaccion"), {"fecha_from": texto, "fecha_to": texto})
    assert [r.pk for r in respuesta.context["cl"].result_list] == [interaccion.pk]


# --- Autocompletar, permisos e historia -------------------------------------------------------------------------------
def test_autocompletar_busca_clientes_sin_contarlos_todos(admin):
    FabricaCliente(nombre="Zoraida", apellido="Peña")
    datos = {"app_label": "clientes", "model_name": "contrato", "field_name": "cliente", "term": "pena"}
    with CaptureQueriesContext(connection) as capturadas:
        resultados = admin.get(reverse("admin:autocomplete"), datos).json()["results"]
    assert len(resultados) == 1 and "Zoraida Peña" in resultados[0]["text"]
    cuentas = [c["sql"] for c in capturadas.captured_queries if "COUNT(" in c["sql"]]
    assert all("LIMIT" in sql for sql in cuentas)


@pytest.mark.parametrize("modelo", CREAR)
def test_quien_no_tiene_permiso_no_entra(client, modelo):
    registro = CREAR[modelo]()
    client.force_login(FabricaUsuario())
    for url in (lista(modelo), nueva(modelo), ficha(registro)):
        assert client.get(url).status_code == 403


def test_quien_solo_ve_no_hace_acciones(client):
    from django.contrib.auth.models import Permission

    agente = FabricaUsuario()
    agente.user_permissions.set(Permission.objects.filter(codename__in=("view_contrato", "view_cliente")))
    client.force_login(agente)
    contrato = FabricaContrato()
    assert accion(contrato, "terminar") not in client.get(ficha(contrato)).content.decode()
    assert client.post(accion(contrato, "terminar"), {"fecha": "16/03/2026"}).status_code == 403
    pagina = client.get(ficha(contrato.cliente)).content.decode()
    assert nueva("contrato") not in pagina
    assert Contrato.objects.get().estado == "activo"


@pytest.mark.parametrize("modelo", CREAR)
def test_cada_registro_muestra_su_historia(admin, modelo):
    registro = CREAR[modelo]()
    assert admin.get(reverse(f"admin:clientes_{modelo}_history", args=(registro.pk,))).status_code == 200


@pytest.mark.parametrize("clave", ["999999", "x", "9" * 30])
@pytest.mark.parametrize("modelo", CREAR)
def test_un_registro_que_no_existe_no_rompe_nada(admin, modelo, clave):
    url = reverse(f"admin:clientes_{modelo}_change", args=(clave,))
    assert admin.get(url).status_code in (302, 404)


def test_restaurar_una_version_devuelve_los_datos_y_no_el_estado(admin, hoy):
    from clientes.operaciones import desactivar_cliente, guardar_cliente, suspender_contrato

    cliente = guardar_cliente(FabricaCliente.build(nombre="Antes"), usuario=None, hoy=hoy)
    vieja = cliente.history.latest().pk
    cliente.nombre = "Después"
    guardar_cliente(cliente, usuario=None, hoy=hoy)
    desactivar_cliente(cliente, fecha=hoy, motivo="Se fue", usuario=None, hoy=hoy)
    url = reverse("admin:clientes_cliente_simple_history", args=(cliente.pk, vieja))
    assert admin.post(url, {"motivo": "Se cambió por error"}).status_code == 302
    cliente.refresh_from_db()
    assert (cliente.nombre, cliente.estado) == ("Antes", "inactivo")

    contrato = FabricaContrato()
    activo = contrato.history.latest().pk
    suspender_contrato(contrato, clase="mora", motivo="Viaje", usuario=None, hoy=hoy)
    admin.post(reverse("admin:clientes_contrato_simple_history", args=(contrato.pk, activo)), {"motivo": "Volver"})
    contrato.refresh_from_db()
    assert contrato.estado == "suspendido"
