"""Las pantallas de interacciones, consentimientos y lugares, por HTTP."""

import pytest
from django.utils import timezone

from clientes.models import Consentimiento, Interaccion, Municipio

from .fabricas import FabricaCliente, FabricaContrato, FabricaDepartamento, FabricaInteraccion, FabricaMunicipio
from .pantallas import accion, borrado, errores, ficha, nueva

pytestmark = pytest.mark.django_db


def datos_de_interaccion(cliente, /, **cambios):
    ahora = timezone.localtime()
    return {
        "cliente": cliente.pk,
        "contrato": "",
        "tipo": "reclamacion",
        "canal": "telefono",
        "fecha_0": f"{ahora:%d/%m/%Y}",
        "fecha_1": f"{ahora:%H:%M:%S}",
        "asunto": "Cobro doble",
        "texto": "Le cobraron dos veces.\n\nPide que se lo devuelvan.",
    } | cambios


def test_se_radica_una_interaccion_con_quien_la_registro(admin):
    contrato = FabricaContrato()
    pagina = admin.get(nueva("interaccion"), {"cliente": contrato.cliente_id}).content.decode()
    assert contrato.numero in pagina
    datos = datos_de_interaccion(contrato.cliente, contrato=contrato.pk)
    respuesta = admin.post(nueva("interaccion"), datos)
    assert respuesta.status_code == 302, errores(respuesta)
    interaccion = Interaccion.objects.get()
    assert (interaccion.numero, interaccion.contrato, interaccion.registrada_por_nombre[:6]) == (
        "R-00000001",
        contrato,
        "Agente",
    )


@pytest.mark.parametrize(
    ("cambios", "campo"),
    [
        ({"asunto": ""}, "asunto"),
        ({"tipo": "queja"}, "tipo"),
        ({"fecha_0": "mañana"}, "fecha"),
        ({"fecha_0": "01/01/2199"}, "fecha"),
        ({"fecha_0": "01/01/0001"}, "fecha"),
        ({"contrato": "999999"}, "contrato"),
        ({"contrato": "x"}, "contrato"),
        ({"cliente": "x"}, "cliente"),
        ({"cliente": "9" * 40}, "cliente"),
    ],
)
def test_un_dato_malo_de_interaccion_se_dice_junto_a_su_campo(admin, cambios, campo):
    datos = datos_de_interaccion(FabricaCliente(), **cambios)
    assert campo in errores(admin.post(nueva("interaccion"), datos))
    assert not Interaccion.objects.exists()


def test_el_contrato_de_otro_cliente_se_rechaza(admin):
    datos = datos_de_interaccion(FabricaCliente(), contrato=FabricaContrato().pk)
    assert "no es de este cliente" in str(errores(admin.post(nueva("interaccion"), datos))["contrato"])


def test_se_corrige_mientras_no_se_responda(admin):
    interaccion = FabricaInteraccion()
    datos = {"tipo": "consulta", "canal": "web", "contrato": "", "asunto": "Corregido", "texto": "x"}
    respuesta = admin.post(ficha(interaccion), datos)
    assert respuesta.status_code == 302, errores(respuesta)
    assert Interaccion.objects.get().asunto == "Corregido"


def test_se_toma_y_se_responde(admin):
    interaccion = FabricaInteraccion()
    assert admin.post(accion(interaccion, "tomar")).status_code == 302
    assert Interaccion.objects.get().estado == "en_tramite"
    respuesta = admin.post(accion(interaccion, "responder"), {"respuesta": "", "notificada_el": "ayer"})
    assert set(respuesta.context["formulario"].errors) == {"respuesta", "notificada_el"}
    datos = {"respuesta": "Listo.\n\n<b>Gracias</b>", "notificada_el": f"{timezone.localtime():%d/%m/%Y %H:%M}"}
    assert admin.post(accion(interaccion, "responder"), datos).status_code == 302
    assert Interaccion.objects.get().estado == "respondida"
    respuesta = admin.get(ficha(interaccion))
    assert not respuesta.context["adminform"].form.fields
    assert "&lt;b&gt;Gracias" in respuesta.content.decode()


def test_la_respuesta_inicial_sirve_aunque_se_radique_en_el_mismo_minuto(admin):
    interaccion = FabricaInteraccion(fecha=timezone.now())
    inicial = admin.get(accion(interaccion, "responder")).context["formulario"]["notificada_el"].value()
    datos = {"respuesta": "Resuelto en la llamada.", "notificada_el": inicial}
    assert admin.post(accion(interaccion, "responder"), datos).status_code == 302


# --- Consentimientos --------------------------------------------------------------------------------------------------
def datos_de_consentimiento(cliente, /, **cambios):
    ahora = timezone.localtime()
    return {
        "cliente": cliente.pk,
        "finalidad": "comercial",
        "canal": "sms",
        "version_texto": "2026-01",
        "otorgado_el_0": f"{ahora:%d/%m/%Y}",
        "otorgado_el_1": f"{ahora:%H:%M:%S}",
        "medio": "oficina",
        "evidencia": "Formulario 7",
    } | cambios


def test_se_registra_un_consentimiento_y_solo_se_puede_revocar(admin):
    respuesta = admin.post(nueva("consentimiento"), datos_de_consentimiento(FabricaCliente()))
    assert respuesta.status_code == 302, errores(respuesta)
    consentimiento = Consentimiento.objects.get()
    assert not admin.get(ficha(consentimiento)).context["adminform"].form.fields
    assert admin.post(ficha(consentimiento), {"evidencia": "Otra"}).status_code == 403
    borrar = borrado(consentimiento)
    assert admin.post(borrar, {"post": "yes"}).status_code == 403
    assert admin.post(accion(consentimiento, "revocar"), {"motivo": "Lo pidió"}).status_code == 302
    consentimiento.refresh_from_db()
    assert consentimiento.revocado_el is not None and consentimiento.evidencia == "Formulario 7"


def test_un_consentimiento_repetido_o_sin_prueba_se_rechaza(admin):
    cliente = FabricaCliente()
    admin.post(nueva("consentimiento"), datos_de_consentimiento(cliente))
    assert "ya tiene vigente" in str(errores(admin.post(nueva("consentimiento"), datos_de_consentimiento(cliente))))
    faltas = errores(admin.post(nueva("consentimiento"), datos_de_consentimiento(FabricaCliente(), evidencia="")))
    assert "evidencia" in faltas


# --- Lugares ----------------------------------------------------------------------------------------------------------
def test_se_agrega_un_municipio_y_su_codigo_ya_no_cambia(admin):
    departamento = FabricaDepartamento()
    datos = {"codigo": "98777", "nombre": "Nueva Aldea", "departamento": departamento.pk}
    assert admin.post(nueva("municipio"), datos).status_code == 302
    municipio = Municipio.objects.get(codigo="98777")
    admin.post(ficha(municipio), {"codigo": "98778", "nombre": "Aldea", "departamento": departamento.pk})
    assert Municipio.objects.get(codigo="98777").nombre == "Aldea"
    assert not Municipio.objects.filter(codigo="98778").exists()


@pytest.mark.parametrize("codigo", ["", "5", "abcde", "05001", "987777"])
def test_un_codigo_de_municipio_malo_se_rechaza(admin, codigo):
    datos = {"codigo": codigo, "nombre": "X", "departamento": FabricaDepartamento().pk}
    assert "codigo" in errores(admin.post(nueva("municipio"), datos))


def test_un_municipio_repetido_se_dice_en_espanol(admin):
    municipio = FabricaMunicipio()
    datos = {"codigo": municipio.codigo, "nombre": "X", "departamento": municipio.departamento_id}
    assert "Ya hay un municipio con ese código." in str(errores(admin.post(nueva("municipio"), datos)))


def test_al_cambiar_el_nombre_de_un_departamento_sus_municipios_se_encuentran_por_el_nuevo(admin):
    municipio = FabricaMunicipio()
    admin.post(ficha(municipio.departamento), {"nombre": "Región Renombrada"})
    assert Municipio.objects.filter(busqueda__contiene="renombrada").get() == municipio


def test_un_municipio_con_clientes_no_se_borra(admin):
    municipio = FabricaMunicipio()
    FabricaCliente(municipio=municipio)
    url = borrado(municipio)
    assert "lo usa 1 cliente" in admin.get(url).content.decode()
