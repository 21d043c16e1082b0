"""Períodos de cobro, días de suspensión y permanencia, contra cuentas hechas día por día."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientes.periodos import (
    dias_de_suspension,
    fin_de_periodo,
    hasta_donde_cabe,
    meses_que_faltan,
    por_anio,
    ultimo_dia_posible,
)
from movistar_site.comun.valores import sumar_meses

DIAS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


def _es_corte(inicio, meses, dia):
    """Si ese día empieza un período, mirando solo el calendario: el mismo día o el último del mes."""
    transcurridos = (dia.year - inicio.year) * 12 + dia.month - inicio.month
    del_mes = min(inicio.day, monthrange(dia.year, dia.month)[1])
    return transcurridos > 0 and transcurridos % meses == 0 and dia.day == del_mes


@given(DIAS, st.integers(0, 4000), st.sampled_from([("mensual", 1), ("anual", 12)]))
def test_el_periodo_termina_en_el_primer_corte_despues_de_hoy(inicio, pasados, clase):
    periodicidad, meses = clase
    hoy = inicio + timedelta(days=pasados)
    dia = hoy + timedelta(days=1)
    while not _es_corte(inicio, meses, dia):
        dia += timedelta(days=1)
    assert fin_de_periodo(inicio, periodicidad, hoy) == dia


@pytest.mark.parametrize(
    ("inicio", "periodicidad", "hoy", "corte"),
    [
        (date(2026, 1, 31), "mensual", date(2026, 2, 10), date(2026, 2, 28)),
        (date(2026, 1, 31), "mensual", date(2026, 2, 28), date(2026, 3, 31)),
        (date(2024, 2, 29), "anual", date(2025, 1, 1), date(2025, 2, 28)),
        (date(2024, 2, 29), "anual", date(2027, 12, 1), date(2028, 2, 29)),
        (date(2026, 3, 16), "mensual", date(2026, 3, 16), date(2026, 4, 16)),
        (date(2026, 3, 16), "mensual", date(2026, 4, 16), date(2026, 5, 16)),
        (date(2026, 5, 1), "mensual", date(2026, 3, 16), date(2026, 6, 1)),
    ],
)
def test_cortes_conocidos(inicio, periodicidad, hoy, corte):
    assert fin_de_periodo(inicio, periodicidad, hoy) == corte


@pytest.mark.parametrize("periodicidad", ["recarga", "unica"])
def test_sin_periodo_de_cobro_se_dice(periodicidad):
    with pytest.raises(ValueError, match="no tiene período de cobro"):
        fin_de_periodo(date(2026, 1, 1), periodicidad, date(2026, 2, 1))


# --- Suspensión ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("desde", "hasta", "dias"),
    [
        (date(2026, 7, 1), date(2026, 9, 1), 60),
        (date(2026, 2, 1), date(2026, 4, 1), 60),
        (date(2026, 3, 1), date(2026, 3, 16), 15),
        (date(2026, 3, 1), date(2026, 3, 1), 0),
        (date(2026, 1, 31), date(2026, 2, 28), 30),
        (date(2026, 1, 15), date(2026, 2, 25), 40),
    ],
)
def test_un_mes_completo_vale_treinta_y_un_dia_suelto_uno(desde, hasta, dias):
    assert dias_de_suspension(desde, hasta) == dias


@given(DIAS, st.integers(0, 400))
def test_durar_un_dia_mas_nunca_gasta_menos_ni_mas_de_lo_que_salta_un_mes_corto(desde, cuantos):
    hasta = desde + timedelta(days=cuantos)
    uno_mas = dias_de_suspension(desde, hasta + timedelta(days=1)) - dias_de_suspension(desde, hasta)
    # De 0 (el día 31) a 3 (el que completa un febrero de 28).
    assert 0 <= uno_mas <= 3


@given(DIAS, st.integers(0, 700))
def test_cada_anio_gasta_lo_que_dura_en_el(desde, cuantos):
    hasta = desde + timedelta(days=cuantos)
    partes = dict(por_anio(desde, hasta))
    assert set(partes) == {(desde + timedelta(days=n)).year for n in range(cuantos)}
    for anio, dias in partes.items():
        suyos = [d for n in range(cuantos) if (d := desde + timedelta(days=n)).year == anio]
        assert dias == dias_de_suspension(suyos[0], suyos[-1] + timedelta(days=1))


@given(DIAS, st.integers(0, 130))
def test_el_ultimo_dia_posible_cabe_y_el_siguiente_no(desde, dias):
    ultimo = ultimo_dia_posible(desde, dias)
    assert ultimo >= desde
    assert dias_de_suspension(desde, ultimo) <= dias < dias_de_suspension(desde, ultimo + timedelta(days=1))


@given(DIAS, st.integers(1, 60))
def test_hasta_donde_cabe_respeta_el_cupo_de_cada_anio(desde, quedan):
    cupo = 60

    def cabe(hasta):
        return all(dias <= (quedan if anio == desde.year else cupo) for anio, dias in por_anio(desde, hasta))

    limite = hasta_donde_cabe(desde, quedan, cupo)
    assert cabe(limite)
    assert not cabe(limite + timedelta(days=1))


# --- Permanencia -----------------------------------------------------------------------------------------------------
@given(DIAS, st.integers(1, 12), st.integers(0, 400))
def test_la_permanencia_que_se_cede_nunca_se_alarga_ni_pierde_un_mes_entero(inicio, meses, pasados):
    dia = inicio + timedelta(days=pasados)
    final = sumar_meses(inicio, meses)
    quedan = meses_que_faltan(inicio, meses, dia)
    assert 0 <= quedan <= meses
    if dia <= final:
        assert sumar_meses(dia, quedan) <= final < sumar_meses(dia, quedan + 1)
    else:
        assert quedan == 0
