"""La página de un contrato con sus movimientos, y sus acciones con la regla a la vista, por HTTP."""

from datetime import timedelta

import pytest

from clientes.models import CambioPlan, Contrato, Suspension
from clientes.operaciones import cambiar_plan, ceder_contrato, suspender_contrato
from movistar_site.comun.models import Parametro

from .fabricas import (
    HOY,
    FabricaCliente,
    FabricaContrato,
    FabricaInteraccion,
    servicio_con_precio,
)
from .pantallas import accion, ficha, lista

pytestmark = pytest.mark.django_db


def escrita(dia):
    return f"{dia:%d/%m/%Y}"


@pytest.fixture
def contrato(hoy):
    return FabricaContrato(servicio=servicio_con_precio("74900"), fecha_inicio=hoy - timedelta(days=100))


@pytest.fixture
def mayor(contrato):
    return servicio_con_precio("99900", tipo=contrato.servicio.tipo)


def test_sin_movimientos_se_dice(admin, contrato):
    assert "Sin suspensiones, cambios de plan ni cesiones" in admin.get(ficha(contrato)).content.decode()


def test_la_pagina_muestra_lo_que_le_ha_pasado(admin, contrato, mayor, hoy):
    cambiar_plan(contrato, servicio=mayor, cuando="hoy", usuario=None, hoy=hoy, motivo="Pidió más")
    suspender_contrato(contrato, clase="mora", motivo="Debe dos facturas", usuario=None, hoy=hoy)
    pagina = admin.get(ficha(contrato)).content.decode()
    for texto in ("Pidió más", "<del>$\xa074.900</del>", "<ins>$\xa099.900</ins>", "Debe dos facturas", "En curso"):
        assert texto in pagina, texto


def test_lo_programado_se_ve_y_se_anula(admin, contrato, mayor):
    datos = {"servicio": mayor.pk, "cuando": "fin_de_periodo", "precio": "", "motivo": ""}
    assert admin.post(accion(contrato, "cambiar-plan"), datos).status_code == 302
    pagina = admin.get(ficha(contrato)).content.decode()
    assert "Programado" in pagina and accion(contrato, "anular-cambio") in pagina
    assert "pasa a «" in admin.get(accion(contrato, "anular-cambio")).content.decode()
    assert admin.post(accion(contrato, "anular-cambio"), {"motivo": "Se arrepintió"}).status_code == 302
    assert CambioPlan.objects.get().estado == "anulado"
    assert accion(contrato, "anular-cambio") not in admin.get(ficha(contrato)).content.decode()
    assert admin.get(accion(contrato, "anular-cambio")).status_code == 302


def test_solo_se_ofrecen_los_servicios_de_su_red_y_los_cortes_que_tiene(admin, contrato, mayor):
    movil = servicio_con_precio(red="movil")
    pagina = admin.get(accion(contrato, "cambiar-plan")).content.decode()
    assert str(mayor) in pagina and str(movil) not in pagina and "Al terminar el período de cobro, el" in pagina
    respuesta = admin.post(accion(contrato, "cambiar-plan"), {"servicio": movil.pk, "cuando": "hoy"})
    assert "servicio" in respuesta.context["formulario"].errors
    Contrato.objects.update(periodicidad="recarga")
    assert "Al terminar el período" not in admin.get(accion(contrato, "cambiar-plan")).content.decode()


def test_al_suspender_se_dice_cuanto_queda_y_lo_rechazado_va_junto_a_su_campo(admin, contrato, hoy):
    url = accion(contrato, "suspender")
    assert "2 meses al año" in admin.get(url).content.decode()
    respuesta = admin.post(url, {"clase": "peticion", "motivo": "Viaje", "hasta_prevista": ""})
    assert "Le quedan 60 días" in str(respuesta.context["formulario"].errors["hasta_prevista"])
    respuesta = admin.post(url, {"clase": "peticion", "motivo": "Viaje", "hasta_prevista": escrita(hoy)})
    assert "posterior" in str(respuesta.context["formulario"].errors["hasta_prevista"])
    bien = {"clase": "peticion", "motivo": "Viaje", "hasta_prevista": escrita(hoy + timedelta(days=20))}
    assert admin.post(url, bien).status_code == 302
    assert Suspension.objects.get().hasta_prevista == hoy + timedelta(days=20)


def test_desde_la_lista_se_suspende_por_mora_y_se_dice_a_quien_no_y_por_que(admin, contrato):
    disputado = FabricaContrato()
    pqr = FabricaInteraccion(cliente=disputado.cliente, contrato=disputado, tipo="reclamacion")
    datos = {"action": "suspender", "_selected_action": [contrato.pk, disputado.pk], "accion_confirmada": "1"}
    respuesta = admin.post(lista("contrato"), datos | {"clase": "mora", "motivo": "Cartera"}, follow=True)
    assert pqr.numero in respuesta.content.decode()
    assert set(Contrato.objects.values_list("pk", "estado")) == {(contrato.pk, "suspendido"), (disputado.pk, "activo")}


def test_terminar_dice_la_permanencia_que_queda_y_no_lo_impide(admin, contrato, hoy):
    Contrato.objects.update(permanencia_meses=12, anexo_permanencia="A-7")
    pagina = admin.get(accion(contrato, "terminar")).content.decode()
    for texto in ("de permanencia, hasta el", "anexo A-7", "sin dar razones", "Resolución 5050 de 2016"):
        assert texto in pagina, texto
    assert admin.post(accion(contrato, "terminar"), {"fecha": escrita(hoy), "motivo": ""}).status_code == 302


@pytest.mark.parametrize(
    ("red", "campos", "frase"),
    [
        ("movil", {}, "no lleva permanencia (CRC, Resolución 4444 de 2014)"),
        ("fija", {}, "No tiene permanencia"),
        ("fija", {"permanencia_meses": 2, "anexo_permanencia": "A-1"}, "Ya cumplió su permanencia"),
    ],
)
def test_terminar_dice_tambien_que_no_hay_permanencia(admin, hoy, red, campos, frase):
    contrato = FabricaContrato(servicio=servicio_con_precio(red=red), fecha_inicio=hoy - timedelta(days=100), **campos)
    assert frase in admin.get(accion(contrato, "terminar")).content.decode()


def test_se_cede_desde_la_pantalla_y_las_dos_paginas_se_enlazan(admin, contrato, hoy):
    quien = FabricaCliente(nombre="Quien", apellido="Recibe")
    datos = {"a": quien.pk, "fecha": escrita(hoy), "motivo": "Se mudó"}
    assert admin.post(accion(contrato, "ceder"), datos).status_code == 302
    nuevo = Contrato.objects.get(cliente=quien)
    assert ficha(nuevo) in admin.get(ficha(contrato)).content.decode()
    assert ficha(contrato) in admin.get(ficha(nuevo)).content.decode()


@pytest.mark.parametrize("valor", ["si", "no"])
def test_que_la_antiguedad_pase_lo_propone_el_parametro(admin, contrato, valor):
    Parametro.objects.create(clave="cesion_conserva_antiguedad", valor=valor, vigente_desde=HOY, norma="Acta 1")
    campo = admin.get(accion(contrato, "ceder")).context["formulario"]["conserva_antiguedad"]
    assert campo.value() is (valor == "si")


@pytest.mark.parametrize("quien", ["", "x", "999999", "9" * 40])
def test_un_titular_disparatado_se_rechaza_con_su_frase(admin, contrato, hoy, quien):
    respuesta = admin.post(accion(contrato, "ceder"), {"a": quien, "fecha": escrita(hoy)})
    assert "a" in respuesta.context["formulario"].errors
    assert Contrato.objects.count() == 1


def test_un_contrato_cedido_y_terminado_muestra_a_quien_paso(admin, contrato, hoy):
    ceder_contrato(contrato, a=FabricaCliente(), fecha=hoy, usuario=None, hoy=hoy, conserva_antiguedad=False)
    pagina = admin.get(ficha(contrato)).content.decode()
    assert "Pasó a" in pagina and accion(contrato, "ceder") not in pagina
