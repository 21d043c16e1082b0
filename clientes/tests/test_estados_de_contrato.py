"""La vida de un contrato: pendiente, activo, suspendido, terminado."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clientes.models import Contrato, EstadoContrato
from clientes.operaciones import (
    PASOS,
    activar_contrato,
    puede_pasar,
    reanudar_contrato,
    suspender_contrato,
    terminar_contrato,
)

from .fabricas import AYER, HOY, FabricaContrato

pytestmark = pytest.mark.django_db

MOVIMIENTOS = {
    "activar": lambda c: activar_contrato(c, usuario=None, hoy=HOY),
    "suspender": lambda c: suspender_contrato(c, clase="seguridad", motivo="Fraude", usuario=None, hoy=HOY),
    "reanudar": lambda c: reanudar_contrato(c, usuario=None, hoy=HOY),
    "terminar": lambda c: terminar_contrato(c, fecha=HOY, usuario=None, hoy=HOY),
}
LEGALES = {
    ("pendiente", "activar"): "activo",
    ("pendiente", "terminar"): "terminado",
    ("activo", "suspender"): "suspendido",
    ("activo", "terminar"): "terminado",
    ("suspendido", "reanudar"): "activo",
    ("suspendido", "terminar"): "terminado",
}


def en(estado, **campos):
    return FabricaContrato(estado=estado, fecha_fin=HOY if estado == "terminado" else None, **campos)


@pytest.mark.parametrize("estado", EstadoContrato.values)
@pytest.mark.parametrize("movimiento", MOVIMIENTOS)
def test_cada_movimiento_solo_vale_desde_sus_estados(estado, movimiento):
    contrato = en(estado)
    if (estado, movimiento) in LEGALES:
        MOVIMIENTOS[movimiento](contrato)
        assert Contrato.objects.get().estado == LEGALES[estado, movimiento]
        return
    with pytest.raises(ValidationError) as error:
        MOVIMIENTOS[movimiento](contrato)
    assert contrato.numero in error.value.messages[0]
    assert contrato.get_estado_display().lower() in error.value.messages[0]
    assert Contrato.objects.get().estado == estado


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(MOVIMIENTOS)), max_size=8))
def test_ninguna_secuencia_de_movimientos_deja_un_estado_ilegal(db, secuencia):
    contrato = en("pendiente")
    for movimiento in secuencia:
        antes = Contrato.objects.get(pk=contrato.pk).estado
        try:
            MOVIMIENTOS[movimiento](contrato)
        except ValidationError:
            assert Contrato.objects.get(pk=contrato.pk).estado == antes
        guardado = Contrato.objects.get(pk=contrato.pk)
        assert guardado.estado == LEGALES.get((antes, movimiento), antes)
        assert guardado.estado == antes or puede_pasar(antes, guardado.estado)
        assert (guardado.estado == "terminado") == (guardado.fecha_fin is not None)
        guardado.full_clean()


def test_de_terminado_no_se_vuelve():
    assert PASOS[EstadoContrato.TERMINADO] == frozenset()
    assert set(PASOS) == set(EstadoContrato)


def test_no_se_activa_antes_de_empezar():
    contrato = en("pendiente", fecha_inicio=HOY + timedelta(days=1))
    with pytest.raises(ValidationError, match="empieza el 17/03/2026"):
        MOVIMIENTOS["activar"](contrato)


def test_suspender_pide_motivo_y_terminar_no():
    contrato = en("activo")
    with pytest.raises(ValidationError, match="motivo"):
        suspender_contrato(contrato, clase="mora", motivo=" ", usuario=None, hoy=HOY)
    terminar_contrato(contrato, fecha=AYER, usuario=None, hoy=HOY)
    assert Contrato.objects.get().fecha_fin == AYER


def test_no_termina_en_el_futuro_ni_antes_de_empezar():
    contrato = en("activo")
    for fecha in (HOY + timedelta(days=1), contrato.fecha_inicio - timedelta(days=1)):
        with pytest.raises(ValidationError) as error:
            terminar_contrato(contrato, fecha=fecha, usuario=None, hoy=HOY)
        assert "fecha" in error.value.message_dict


def test_uno_que_no_llego_a_empezar_termina_sin_haber_estado_en_pie():
    inicio = HOY + timedelta(days=20)
    contrato = en("pendiente", fecha_inicio=inicio)
    terminar_contrato(contrato, fecha=HOY, usuario=None, hoy=HOY)
    assert Contrato.objects.get().fecha_fin == inicio
    assert not Contrato.objects.en(inicio).exists()


def test_cada_paso_queda_en_la_historia_con_su_motivo():
    contrato = en("activo")
    suspender_contrato(contrato, clase="seguridad", motivo="Viaje largo", usuario=None, hoy=HOY)
    assert contrato.history.first().history_change_reason == "Viaje largo"


def test_dos_personas_a_la_vez_una_lo_hace_y_la_otra_lee_por_que_no():
    contrato = en("pendiente")
    otra_copia = Contrato.objects.get()
    MOVIMIENTOS["activar"](contrato)
    with pytest.raises(ValidationError, match="ya está activo"):
        MOVIMIENTOS["activar"](otra_copia)
