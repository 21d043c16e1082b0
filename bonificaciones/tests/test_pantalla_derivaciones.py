"""Las bandejas de derivaciones, la página del asesor y la carga de todos, como se ven y como responden."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bonificaciones.derivaciones import bandejas, guion
from bonificaciones.derivaciones.asesores import carga_de_los_asesores
from bonificaciones.models import Asesor, Derivacion
from bonificaciones.operaciones.derivaciones import aceptar, contactar, rechazar
from bonificaciones.tests.fabricas import FabricaAsesor, FabricaBonificacion, FabricaDerivacion, FabricaPrograma
from bonificaciones.tests.personas import administrador, asesor, cliente_contactable, con_papel, derivada_a
from clientes.models import CargaRne, Contacto
from clientes.tests.fabricas import FabricaCliente, FabricaInteraccion, FabricaMunicipio
from movistar_site.comun.models import Parametro, VistaGuardada

pytestmark = pytest.mark.django_db


@pytest.fixture
def hoy():
    return timezone.localdate()


@pytest.fixture
def a_toda_hora(hoy):
    """Hoy se puede contactar a cualquier hora, y la lista de números excluidos está al día."""
    for clave in ("franja_semana", "franja_sabado"):
        Parametro.objects.create(clave=clave, valor="00:00-23:59", vigente_desde=hoy, norma="Prueba")
    CargaRne.objects.create(consultada_el=hoy, completa=True)


@pytest.fixture
def ana():
    return asesor(first_name="Ana", last_name="Ventas")


def sesion(usuario):
    cliente = Client()
    cliente.force_login(usuario, backend="django.contrib.auth.backends.ModelBackend")
    return cliente


def bandeja(usuario, slug, **filtros):
    respuesta = sesion(usuario).get(reverse("bandeja_de_derivaciones", args=(slug,)), filtros)
    assert respuesta.status_code == 200
    return [fila["una"].pk for fila in respuesta.context["filas"]]


def hacer(usuario, derivacion, paso, **datos):
    return sesion(usuario).post(reverse("hacer_con_derivacion", args=(derivacion.pk, paso)), datos)


# --- Bandejas --------------------------------------------------------------------------------------------------------
def test_lo_mio_va_por_plazo_y_lo_de_otro_no_sale(ana, hoy):
    tarde, pronto = (derivada_a(ana, vence_el=hoy + timedelta(days=n)) for n in (9, 1))
    derivada_a(ana, estado="aplazada", volver_el=hoy + timedelta(days=3))
    derivada_a(ana, estado="detenida")
    ajena = derivada_a(asesor(), vence_el=hoy)
    assert bandeja(ana, "mias") == [pronto.pk, tarde.pk]
    assert ajena.pk in bandeja(ana, "todas")
    assert ajena.pk not in bandeja(ana, "esta-semana")


def test_quien_manda_en_todas_ve_las_de_todos_en_cada_bandeja(ana, hoy):
    jefa = administrador()
    vencida, suelta = derivada_a(ana, vence_el=hoy - timedelta(days=1)), FabricaDerivacion()
    despues = derivada_a(ana, estado="aplazada", volver_el=hoy + timedelta(days=2))
    detenida = derivada_a(ana, estado="detenida")
    assert bandeja(jefa, "vencidas") == [vencida.pk]
    assert bandeja(jefa, "sin-asesor") == [suelta.pk]
    assert bandeja(jefa, "para-despues") == [despues.pk]
    assert bandeja(jefa, "detenidas") == [detenida.pk]
    assert bandeja(jefa, "todas")[-1] == suelta.pk, "lo que no tiene plazo va al final"


def test_entrar_lleva_a_lo_propio_o_a_todo_o_a_la_vista_elegida(ana):
    entrada = reverse("entrar_a_las_derivaciones")
    assert sesion(ana).get(entrada).url == reverse("bandeja_de_derivaciones", args=("mias",))
    assert sesion(administrador()).get(entrada).url == reverse("bandeja_de_derivaciones", args=("todas",))
    VistaGuardada.objects.create(
        usuario=ana, pagina="derivaciones", nombre="Bogotá", parametros="bandeja=vencidas&municipio=bogota",
        predeterminada=True,
    )  # fmt: skip
    assert sesion(ana).get(entrada).url == f"{reverse('bandeja_de_derivaciones', args=('vencidas',))}?municipio=bogota"


def test_se_acota_por_cliente_lugar_programa_beneficio_estado_y_plazo(ana, hoy):
    jefa = administrador()
    cali = FabricaMunicipio(nombre="Cali Inventada")
    uno = derivada_a(ana, cliente=FabricaCliente(nombre="Zoraida", municipio=cali), vence_el=hoy)
    otra = FabricaDerivacion(
        bonificacion=FabricaBonificacion(programa=FabricaPrograma(beneficio="datos_extra")), estado="contactado"
    )
    for filtros, esperadas in (
        ({"busqueda": "zoraida"}, [uno.pk]),
        ({"municipio": "cali"}, [uno.pk]),
        ({"programa": otra.programa_id}, [otra.pk]),
        ({"beneficio": "datos_extra"}, [otra.pk]),
        ({"estado": "contactado"}, [otra.pk]),
        ({"asesor": ana.pk}, [uno.pk]),
        ({"vence_el_after": hoy.isoformat(), "vence_el_before": hoy.isoformat()}, [uno.pk]),
        ({"municipio": "nadie"}, []),
        ({"asesor": "x"}, [uno.pk, otra.pk]),
    ):
        assert bandeja(jefa, "todas", **filtros) == esperadas, filtros


def test_se_pagina_por_clave_de_ida_y_de_vuelta(ana, hoy):
    todas = [derivada_a(ana, vence_el=hoy + timedelta(days=n // 3)).pk for n in range(30)]
    direccion = reverse("bandeja_de_derivaciones", args=("mias",))
    primera = sesion(ana).get(direccion)
    segunda = sesion(ana).get(direccion + primera.context["siguiente"])
    vistas = [fila["una"].pk for pagina in (primera, segunda) for fila in pagina.context["filas"]]
    assert vistas == todas
    vuelta = sesion(ana).get(direccion + segunda.context["anterior"])
    assert [fila["una"].pk for fila in vuelta.context["filas"]] == todas[:25]
    assert sesion(ana).get(direccion, {"despues": "basura~x"}).status_code == 200


def test_varias_se_pasan_a_otro_asesor_y_la_que_no_se_puede_dice_por_que(ana):
    jefa, luis = administrador(), asesor(first_name="Luis", last_name="Otro")
    FabricaAsesor(usuario=luis, tope=1)
    elegidas = [derivada_a(ana).pk for _ in range(2)]
    datos = {"action": "reasignar", "_selected_action": elegidas, "accion_confirmada": "1", "asesor": luis.pk,
             "motivo": "Vacaciones"}  # fmt: skip
    respuesta = sesion(jefa).post(reverse("bandeja_de_derivaciones", args=("todas",)), datos, follow=True)
    avisos = [str(mensaje) for mensaje in respuesta.context["messages"]]
    assert avisos[0] == "Pasar a otro asesor: hecho en 1 derivación."
    assert "que es su máximo" in avisos[1]
    assert Derivacion.objects.filter(asesor=luis).count() == 1


def test_el_menu_anuncia_cuantas_tiene_el_asesor_y_a_los_demas_nada(ana):
    derivada_a(ana)
    derivada_a(ana, estado="detenida")
    assert '<span class="panel-insignia panel-cifras">1</span>' in sesion(ana).get("/").content.decode()
    for otra in (administrador(), con_papel("Analista"), asesor()):
        assert "panel-insignia" not in sesion(otra).get("/").content.decode()
    assert bandejas.primera(con_papel("Agente de atención")) == "todas"


# --- La página del asesor --------------------------------------------------------------------------------------------
def test_desde_su_pagina_el_asesor_llama_y_anota_que_acepto(ana, a_toda_hora):
    suya = derivada_a(ana, cliente=cliente_contactable(telefono="+573001112233"))
    texto = sesion(ana).get(suya.get_absolute_url()).content.decode()
    assert "tel:" not in texto, "sin contacto en curso el número se lee, pero no se marca"
    assert "10 % de descuento por 6 meses" in texto
    assert ">Llamar</button>" in texto
    respuesta = hacer(ana, suya, "contactar", canal="telefono")
    assert respuesta.url == suya.get_absolute_url()
    texto = sesion(ana).get(respuesta.url).content.decode()
    assert 'href="tel:+573001112233"' in texto
    hacer(ana, suya, "aceptar", medio="telefono", evidencia="Grabación 5")
    suya.refresh_from_db()
    assert (suya.resultado, Contacto.objects.get().resultado) == ("aceptada", "efectivo")
    texto = sesion(ana).get(suya.get_absolute_url()).content.decode()
    assert "Por teléfono. Prueba: Grabación 5" in texto
    assert "<form" not in texto.split('id="titulo-hacer"')[1].split("</section>")[0]


def test_lo_que_falta_vuelve_con_su_frase_y_lo_escrito(ana):
    suya = derivada_a(ana)
    respuesta = hacer(ana, suya, "rechazar", razon="otra", detalle="")
    assert respuesta.status_code == 422
    texto = respuesta.content.decode()
    assert "Escriba por qué no quiso" in texto
    assert '<option value="otra" selected>' in texto
    respuesta = hacer(ana, suya, "aplazar", volver_el="2000-01-01", motivo="Que en enero")
    assert "Elija un día posterior a hoy" in respuesta.content.decode()
    assert 'value="Que en enero"' in respuesta.content.decode()
    assert not suya.gestiones.exists()


@pytest.mark.parametrize(
    ("paso", "datos"), [("contactar", {"canal": "paloma"}), ("vino", {}), ("resultado", {"resultado": "en_curso"}),
                        ("aceptar", {"medio": "x"}), ("aplazar", {"volver_el": "ayer"})]
)  # fmt: skip
def test_los_datos_malos_no_rompen_nada(ana, paso, datos):
    suya = derivada_a(ana)
    assert hacer(ana, suya, paso, **datos).status_code == 422
    assert hacer(ana, suya, "otro-paso").status_code == 404
    assert not suya.gestiones.exists()


def test_no_quiso_guarda_la_razon_elegida_y_el_detalle(ana):
    suya = derivada_a(ana)
    hacer(ana, suya, "rechazar", razon="No le interesa", detalle="Se va del país")
    suya.refresh_from_db()
    assert suya.motivo == "No le interesa. Se va del país"


def test_si_otra_persona_la_cerro_mientras_tanto_se_le_dice_y_se_muestra_como_esta(ana):
    suya = derivada_a(ana)
    rechazar(suya, motivo="No", usuario=administrador(), ahora=timezone.now())
    respuesta = sesion(ana).post(
        reverse("hacer_con_derivacion", args=(suya.pk, "aceptar")), {"medio": "oficina", "evidencia": "x"}, follow=True
    )
    assert "ya se cerró" in str(next(iter(respuesta.context["messages"])))
    assert Contacto.objects.count() == 0


def test_el_asesor_de_otra_y_quien_solo_mira_no_tienen_botones(ana):
    suya = derivada_a(ana, cliente=cliente_contactable())
    for usuario in (asesor(), con_papel("Analista"), con_papel("Agente de atención")):
        respuesta = sesion(usuario).get(suya.get_absolute_url())
        assert respuesta.context["respuestas"] == []
        assert "hacer_con" not in respuesta.content.decode()
        assert "Usted puede mirarla" in respuesta.content.decode()
    ajena = hacer(asesor(), suya, "rechazar", razon="No le interesa")
    assert ajena.status_code == 302
    suya.refresh_from_db()
    assert suya.estado == "pendiente"


def test_con_una_pqr_abierta_la_pagina_lo_dice_y_no_ofrece_llamar_ni_aceptar(ana, a_toda_hora):
    suya = derivada_a(ana, cliente=cliente_contactable())
    pqr = FabricaInteraccion(cliente=suya.cliente, tipo="reclamacion")
    respuesta = sesion(ana).get(suya.get_absolute_url())
    texto = respuesta.content.decode()
    assert f"Tiene abierta la PQR {pqr.numero}" in texto
    assert ">Llamar<" not in texto
    assert [una["paso"] for una in respuesta.context["respuestas"]] == ["rechazar", "aplazar"]


def test_la_detenida_dice_que_no_se_le_busca_y_deja_atenderlo_si_viene(ana, a_toda_hora):
    suya = derivada_a(ana, cliente=cliente_contactable(), estado="detenida")
    respuesta = sesion(ana).get(suya.get_absolute_url())
    assert "Pidió que no se le ofrezca más" in respuesta.content.decode()
    assert [una["paso"] for una in respuesta.context["respuestas"]] == ["aceptar", "rechazar"]
    hacer(ana, suya, "vino", canal="oficina")
    assert "Lo empezó el cliente" in sesion(ana).get(suya.get_absolute_url()).content.decode()


def test_sin_nada_que_esperar_la_pagina_dice_que_falta_en_cada_canal(ana):
    suya = derivada_a(ana, cliente=FabricaCliente())
    texto = sesion(ana).get(suya.get_absolute_url()).content.decode()
    assert "Esperar no basta" in texto
    assert "Registrar una autorización" in texto


def test_la_que_no_existe_es_un_404_y_la_de_numero_enorme_tambien(ana):
    for clave in (999_999, 2**70):
        assert sesion(ana).get(f"/fidelizacion/derivaciones/{clave}/").status_code == 404


# --- Guion -----------------------------------------------------------------------------------------------------------
def test_el_guion_se_completa_y_lo_que_no_se_conoce_se_deja():
    dicho = guion.completar(
        "Hola {cliente}, {asesor}: {anios} y {beneficio} {otra} {", cliente="Ana {anios}", asesor="Luis",
        beneficio="Fibra gratis", anios=1,
    )  # fmt: skip
    assert dicho == "Hola Ana {anios}, Luis: 1 año y fibra gratis {otra} {"
    assert "Ana" in guion.completar(" ", cliente="Ana", asesor="x", beneficio="y", anios=12)
    assert guion.explicar("{cliente} {beneficio}") == ""
    assert "{nadie}" in guion.explicar("{nadie}")


# --- Asesores --------------------------------------------------------------------------------------------------------
def test_la_carga_cuenta_lo_abierto_lo_vencido_y_lo_que_aceptan(ana, hoy):
    ahora = timezone.now()
    for n in (-1, 0, 1, 30):
        derivada_a(ana, vence_el=hoy + timedelta(days=n))
    for _ in range(3):
        aceptar(derivada_a(ana), medio="oficina", evidencia="x", usuario=ana, ahora=ahora)
    rechazar(derivada_a(ana), motivo="No", usuario=ana, ahora=ahora)
    vieja = derivada_a(ana)
    rechazar(vieja, motivo="No", usuario=ana, ahora=ahora - timedelta(days=200))
    libre = asesor()
    FabricaAsesor(usuario=libre, tope=1, recibe=False)
    carga, otra = carga_de_los_asesores(hoy=hoy)
    assert (carga.abiertas, carga.vencidas, carga.aceptadas_del_mes, carga.tasa) == (4, 1, 3, 75)
    assert carga.por_vencer == 2
    assert (otra.pk, otra.tasa, otra.recibe, otra.lleno) == (libre.pk, None, False, False)


def test_un_administrador_ajusta_a_un_asesor_y_solo_a_quien_lo_es(ana):
    jefa, analista, cali = administrador(), con_papel("Analista"), FabricaMunicipio()
    url = reverse("admin:bonificaciones_asesor_add")
    respuesta = sesion(jefa).post(url, {"usuario": analista.pk, "tope": "5", "recibe": "on"})
    assert respuesta.status_code == 200
    assert not Asesor.objects.exists()
    sesion(jefa).post(url, {"usuario": ana.pk, "tope": "5", "recibe": "on", "municipios": [cali.pk]})
    guardado = Asesor.objects.get()
    assert (guardado.usuario, guardado.tope, list(guardado.municipios.all())) == (ana, 5, [cali])
    assert sesion(jefa).post(url, {"usuario": ana.pk, "tope": "0"}).status_code == 200
    texto = sesion(jefa).get(reverse("carga_de_asesores")).content.decode()
    assert reverse("admin:bonificaciones_asesor_change", args=(guardado.pk,)) in texto


def test_la_lista_de_derivaciones_abre_la_pagina_del_asesor_y_nadie_las_cambia_a_mano(ana):
    jefa, suya = administrador(), derivada_a(ana)
    texto = sesion(jefa).get(reverse("admin:bonificaciones_derivacion_changelist")).content.decode()
    assert f'href="{suya.get_absolute_url()}"' in texto
    assert sesion(jefa).get(reverse("admin:bonificaciones_derivacion_add")).status_code == 403


# --- La ficha --------------------------------------------------------------------------------------------------------
def test_la_ficha_muestra_sus_bonificaciones_con_su_asesor_y_el_camino_a_la_derivacion(ana):
    suya = derivada_a(ana)
    agente = con_papel("Agente de atención")
    texto = sesion(agente).get(suya.cliente.get_absolute_url()).content.decode()
    assert f'href="{suya.get_absolute_url()}"' in texto
    assert "Ana Ventas" in texto
    assert "seccion-bonificaciones" in texto
    assert "seccion-bonificaciones" not in sesion(agente).get(FabricaCliente().get_absolute_url()).content.decode()


def test_un_contacto_en_curso_de_otra_cuenta_no_se_ve_como_propio(ana, a_toda_hora):
    suya = derivada_a(ana, cliente=cliente_contactable())
    contactar(suya, canal="telefono", usuario=ana, ahora=timezone.now())
    otra = sesion(asesor()).get(suya.get_absolute_url())
    assert otra.context["pagina"].en_curso is None
