"""Cambiar de plan: hoy o en el corte, con lo anterior a la vista, y cada rechazo con su regla."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from clientes.consultas_contratos import movimientos_de
from clientes.models import CambioPlan, Contrato
from clientes.operaciones import (
    anular_cambio,
    aplicar_cambio,
    cambiar_plan,
    suspender_contrato,
    terminar_contrato,
)
from servicios.tests.fabricas import FabricaPrecio, FabricaTipo

from .fabricas import HOY, FabricaContrato, FabricaPromocion, servicio_con_precio

pytestmark = pytest.mark.django_db
CORTE = date(2026, 4, 1)


@pytest.fixture
def contrato():
    tipo = FabricaTipo(red="fija")
    servicio = servicio_con_precio("74900", tipo=tipo)
    return FabricaContrato(servicio=servicio, condiciones={"servicio": servicio.nombre, "caracteristicas": {"gb": 5}})


@pytest.fixture
def mayor(contrato):
    return servicio_con_precio("99900", tipo=contrato.servicio.tipo)


def cambiar(contrato, servicio, cuando="hoy", hoy=HOY, **mas):
    return cambiar_plan(contrato, servicio=servicio, cuando=cuando, usuario=None, hoy=hoy, **mas)


def rechazo(funcion, *args, **kwargs):
    with pytest.raises(ValidationError) as error:
        funcion(*args, **kwargs)
    return " ".join(error.value.messages)


def test_desde_hoy_toma_precio_y_condiciones_y_deja_ver_los_de_antes(contrato, mayor):
    anterior, condiciones = contrato.servicio, contrato.condiciones
    cambio = cambiar(contrato, mayor, motivo="Quiere más velocidad")
    contrato = Contrato.objects.get()
    assert (contrato.servicio, contrato.precio) == (mayor, Decimal(99900))
    assert contrato.condiciones["servicio"] == mayor.nombre
    assert contrato.fecha_inicio == date(2025, 1, 1)
    cambio.refresh_from_db()
    assert (cambio.estado, cambio.efectivo_el) == ("aplicado", HOY)
    assert (cambio.servicio_anterior, cambio.precio_anterior) == (anterior, Decimal(74900))
    assert cambio.condiciones_anteriores == condiciones
    filas = {fila.nombre: fila for fila in movimientos_de(contrato, HOY).cambios[0].diferencias}
    assert (filas["Precio"].antes, filas["Precio"].despues) == ("$\xa074.900", "$\xa099.900")
    assert (filas["Gb"].antes, filas["Gb"].despues) == ("5", "—")


def test_al_final_del_periodo_espera_su_dia_y_se_aplica_una_vez(contrato, mayor):
    cambio = cambiar(contrato, mayor, "fin_de_periodo")
    assert (cambio.estado, cambio.efectivo_el) == ("programado", CORTE)
    assert Contrato.objects.get().precio == Decimal(74900)
    assert list(CambioPlan.objects.por_aplicar(CORTE - timedelta(days=1))) == []
    assert "aún no es su día" in rechazo(aplicar_cambio, cambio, hoy=CORTE - timedelta(days=1), usuario=None)
    assert list(CambioPlan.objects.por_aplicar(CORTE)) == [cambio]
    aplicar_cambio(cambio, hoy=CORTE, usuario=None)
    versiones = contrato.history.count()
    aplicar_cambio(CambioPlan.objects.get(), hoy=CORTE, usuario=None)
    assert contrato.history.count() == versiones
    assert Contrato.objects.get().precio == Decimal(99900)
    assert not CambioPlan.objects.por_aplicar(CORTE).exists()


def test_el_precio_es_el_del_dia_en_que_empieza_o_el_que_se_diga(contrato, mayor):
    FabricaPrecio(servicio=mayor, valor=Decimal(109900), vigente_desde=CORTE)
    cambio = cambiar(contrato, mayor, "fin_de_periodo")
    assert cambio.precio_nuevo == Decimal(109900)
    anular_cambio(cambio, usuario=None)
    assert cambiar(contrato, mayor, precio=Decimal(80000)).precio_nuevo == Decimal(80000)


def test_lo_que_el_cliente_acepto_rige_aunque_el_catalogo_cambie_despues(contrato, mayor):
    cambio = cambiar(contrato, mayor, "fin_de_periodo")
    mayor.estado, mayor.retirado_el, mayor.nombre = "retirado", HOY, "Otro nombre"
    mayor.save()
    FabricaPrecio(servicio=mayor, valor=Decimal(1), vigente_desde=HOY)
    aplicar_cambio(cambio, hoy=CORTE + timedelta(days=3), usuario=None)
    contrato = Contrato.objects.get()
    assert contrato.precio == Decimal(99900)
    assert contrato.condiciones["servicio"] != "Otro nombre"


@pytest.mark.parametrize("estado", ["pendiente", "suspendido", "terminado"])
def test_solo_se_cambia_el_plan_de_uno_activo(estado):
    contrato = FabricaContrato(estado=estado, fecha_fin=HOY if estado == "terminado" else None)
    assert f"está {estado}" in rechazo(cambiar, contrato, servicio_con_precio())


def test_el_cliente_tiene_que_estar_activo(contrato, mayor):
    contrato.cliente.estado, contrato.cliente.inactivo_desde = "inactivo", HOY
    contrato.cliente.save()
    assert "está inactivo" in rechazo(cambiar, Contrato.objects.get(), mayor)


def test_el_servicio_tiene_que_venderse(contrato):
    retirado = servicio_con_precio(tipo=contrato.servicio.tipo, estado="retirado", retirado_el=HOY)
    assert "ya no se vende" in rechazo(cambiar, contrato, retirado)


def test_entre_redes_no_es_un_cambio_de_plan_y_se_dice_por_que(contrato):
    frase = rechazo(cambiar, contrato, servicio_con_precio(red="movil"))
    assert "red móvil" in frase and "fija" in frase and "Resoluciones 4444 de 2014 y 5050 de 2016" in frase
    assert not CambioPlan.objects.exists()


def test_dentro_de_la_misma_red_si_se_cambia_de_tipo(contrato):
    cambiar(contrato, servicio_con_precio(tipo=FabricaTipo(red="fija", es_paquete=True)))
    assert CambioPlan.objects.get().estado == "aplicado"


def test_uno_igual_no_cambia_nada(contrato, mayor):
    cambiar(contrato, mayor)
    assert "ya es de" in rechazo(cambiar, contrato, mayor)
    cambiar(contrato, mayor, precio=Decimal(90000))  # el mismo plan a otro precio sí


def test_un_servicio_sin_precio_pide_que_se_escriba(contrato):
    sin_precio = servicio_con_precio(tipo=contrato.servicio.tipo)
    sin_precio.precios.all().delete()
    assert "no tiene precio" in rechazo(cambiar, contrato, sin_precio)


def test_una_recarga_no_tiene_final_de_periodo():
    contrato = FabricaContrato(servicio=servicio_con_precio(red="movil"), periodicidad="recarga")
    otro = servicio_con_precio("30000", tipo=contrato.servicio.tipo)
    assert "no tiene período de cobro" in rechazo(cambiar, contrato, otro, "fin_de_periodo")
    assert "Elija si" in rechazo(cambiar, contrato, otro, "mañana")


def test_la_permanencia_se_vuelve_a_mirar(contrato, mayor):
    Contrato.objects.update(permanencia_meses=36, anexo_permanencia="A-1")
    assert "de 0 a 12 meses" in rechazo(cambiar, contrato, mayor)


def test_con_uno_programado_no_se_pide_otro(contrato, mayor):
    cambiar(contrato, mayor, "fin_de_periodo")
    assert "programado para el 01/04/2026: anúlelo antes" in rechazo(cambiar, contrato, mayor)


def test_la_promocion_se_queda_solo_si_vale_para_el_nuevo(contrato, mayor):
    promocion = FabricaPromocion()
    Contrato.objects.update(promocion=promocion)
    cambiar(contrato, mayor)
    assert Contrato.objects.get().promocion == promocion
    promocion.servicios.add(mayor)
    otro = servicio_con_precio("50000", tipo=mayor.tipo)
    cambiar(contrato, otro)
    assert Contrato.objects.get().promocion is None


def test_anular_lo_deja_sin_hacer_y_no_se_anula_dos_veces(contrato, mayor):
    cambio = cambiar(contrato, mayor, "fin_de_periodo")
    anular_cambio(cambio, usuario=None, motivo="Se arrepintió")
    assert CambioPlan.objects.get().estado == "anulado"
    assert "ya está anulado" in rechazo(anular_cambio, cambio, usuario=None)
    assert "ya no se aplica" in rechazo(aplicar_cambio, cambio, hoy=CORTE, usuario=None)
    assert cambio.history.first().history_change_reason == "Se arrepintió"


def test_un_aplicado_no_se_anula(contrato, mayor):
    assert "ya está aplicado" in rechazo(anular_cambio, cambiar(contrato, mayor), usuario=None)


def test_terminar_anula_lo_programado(contrato, mayor):
    cambiar(contrato, mayor, "fin_de_periodo")
    terminar_contrato(contrato, fecha=HOY, usuario=None, hoy=HOY)
    assert CambioPlan.objects.get().estado == "anulado"


def test_si_lo_termino_un_archivo_el_cambio_se_anula_en_vez_de_aplicarse(contrato, mayor):
    cambio = cambiar(contrato, mayor, "fin_de_periodo")
    Contrato.objects.update(estado="terminado", fecha_fin=HOY)
    assert aplicar_cambio(cambio, hoy=CORTE, usuario=None).estado == "anulado"
    assert Contrato.objects.get().precio == Decimal(74900)


def test_uno_suspendido_recibe_su_plan_nuevo(contrato, mayor):
    cambio = cambiar(contrato, mayor, "fin_de_periodo")
    suspender_contrato(contrato, clase="seguridad", motivo="Fraude", usuario=None, hoy=HOY)
    aplicar_cambio(cambio, hoy=CORTE, usuario=None)
    assert (Contrato.objects.get().servicio, Contrato.objects.get().estado) == (mayor, "suspendido")
