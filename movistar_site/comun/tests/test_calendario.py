"""El calendario de días hábiles: plazos de las PQR y festivos de Colombia."""

import time
from datetime import date, datetime, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from movistar_site.comun.calendario import Calendario

UN_DIA = timedelta(days=1)
NORMAL = Calendario()
FECHAS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
CALENDARIOS = st.builds(Calendario, festivos_adicionales=st.frozensets(FECHAS, max_size=5), sabado_habil=st.booleans())
FESTIVOS_SIN_TABLAS = holidays.country_holidays("CO", years=range(2014, 2042))


def es_habil_a_mano(calendario, dia):
    """La regla, escrita aparte de la tabla que usa el calendario."""
    if dia in FESTIVOS_SIN_TABLAS or dia in calendario.festivos_adicionales:
        return False
    return dia.isoweekday() <= (6 if calendario.sabado_habil else 5)


def sumar_a_mano(calendario, dia, n):
    while n:
        dia += UN_DIA
        n -= es_habil_a_mano(calendario, dia)
    return dia


# Radicada, +10, +15 y +15 +15: los casos del dominio, sección 2.
VECTORES = [
    ("2026-03-16", "2026-03-31", "2026-04-09", "2026-04-30"),
    ("2026-03-27", "2026-04-14", "2026-04-21", "2026-05-13"),
    ("2026-06-22", "2026-07-07", "2026-07-15", None),
    ("2026-06-26", "2026-07-14", "2026-07-22", "2026-08-13"),
    ("2026-10-30", "2026-11-17", "2026-11-24", "2026-12-16"),
    ("2026-11-14", "2026-11-30", "2026-12-07", "2026-12-30"),
    ("2026-12-18", "2027-01-05", "2027-01-13", "2027-02-03"),
]


@pytest.mark.parametrize(("radicada", "diez", "quince", "prorroga"), VECTORES)
def test_los_plazos_del_dominio_vencen_el_dia_esperado(radicada, diez, quince, prorroga):
    inicio = date.fromisoformat(radicada)
    assert NORMAL.sumar_habiles(inicio, 10) == date.fromisoformat(diez)
    vence = NORMAL.sumar_habiles(inicio, 15)
    assert vence == date.fromisoformat(quince)
    assert NORMAL.sumar_habiles(vence, 15) == NORMAL.sumar_habiles(inicio, 30)
    if prorroga:
        assert NORMAL.sumar_habiles(vence, 15) == date.fromisoformat(prorroga)


def test_2026_tiene_19_festivos_y_el_13_de_julio_es_uno():
    dias = [date(2026, 1, 1) + n * UN_DIA for n in range(365)]
    assert sum(map(NORMAL.es_festivo, dias)) == 19
    assert NORMAL.es_festivo(date(2026, 7, 13))
    assert not NORMAL.es_habil(date(2026, 7, 13))


def test_el_14_de_julio_de_2025_aun_era_habil():
    assert not NORMAL.es_festivo(date(2025, 7, 14))
    assert NORMAL.es_habil(date(2025, 7, 14))


def test_el_sabado_es_habil_solo_si_el_ajuste_lo_dice():
    sabado = date(2026, 11, 14)
    assert not NORMAL.es_habil(sabado)
    assert not NORMAL.es_festivo(sabado)
    assert Calendario(sabado_habil=True).es_habil(sabado)
    assert not Calendario(sabado_habil=True).es_habil(sabado + UN_DIA)


def test_un_festivo_adicional_corre_el_plazo_un_dia():
    civico = date(2026, 3, 17)
    con_civico = Calendario(festivos_adicionales=frozenset({civico}))
    assert con_civico.es_festivo(civico)
    assert not con_civico.es_habil(civico)
    assert con_civico.siguiente_habil(date(2026, 3, 16)) == date(2026, 3, 18)
    assert NORMAL.es_habil(civico)


def test_el_siguiente_habil_es_siempre_posterior():
    assert NORMAL.siguiente_habil(date(2026, 3, 16)) == date(2026, 3, 17)
    assert NORMAL.siguiente_habil(date(2026, 12, 31)) == date(2027, 1, 4)
    assert NORMAL.siguiente_habil(date(2026, 4, 1)) == date(2026, 4, 6)


def test_sumar_cero_no_mueve_la_fecha_y_sumar_menos_se_rechaza():
    domingo = date(2026, 3, 15)
    assert NORMAL.sumar_habiles(domingo, 0) == domingo
    with pytest.raises(ValueError, match="cero o más"):
        NORMAL.sumar_habiles(domingo, -1)


@pytest.mark.parametrize("fecha", [date(1983, 12, 30), date(2101, 1, 1), date.min, date.max])
def test_fuera_de_los_anios_con_festivos_conocidos_se_rechaza(fecha):
    for pregunta in (NORMAL.es_festivo, NORMAL.es_habil, NORMAL.siguiente_habil):
        with pytest.raises(ValueError, match="de 1984 a 2100"):
            pregunta(fecha)
    with pytest.raises(ValueError, match="de 1984 a 2100"):
        NORMAL.habiles_entre(date(2026, 1, 1), fecha)


def test_un_plazo_que_se_sale_de_los_anios_conocidos_se_rechaza():
    with pytest.raises(ValueError, match="de 1984 a 2100"):
        NORMAL.sumar_habiles(date(2100, 12, 30), 10)


def test_una_fecha_con_hora_se_rechaza_porque_su_dia_depende_de_la_zona():
    instante = datetime(2026, 7, 13, 10, 0)
    for pregunta in (NORMAL.es_festivo, NORMAL.es_habil, NORMAL.siguiente_habil):
        with pytest.raises(ValueError, match="con hora"):
            pregunta(instante)
    with pytest.raises(ValueError, match="con hora"):
        NORMAL.habiles_entre(date(2026, 7, 1), instante)


@given(CALENDARIOS, FECHAS, st.integers(0, 120))
def test_sumar_habiles_coincide_con_contar_dia_por_dia(calendario, dia, n):
    assert calendario.sumar_habiles(dia, n) == sumar_a_mano(calendario, dia, n)


def test_sumar_quince_coincide_con_contar_a_mano_cada_dia_de_2015_a_2035():
    dia = date(2015, 1, 1)
    while dia.year <= 2035:
        assert NORMAL.es_habil(dia) == es_habil_a_mano(NORMAL, dia)
        assert NORMAL.sumar_habiles(dia, 15) == sumar_a_mano(NORMAL, dia, 15)
        dia += UN_DIA


@given(CALENDARIOS, FECHAS, st.integers(1, 1000))
def test_habiles_entre_deshace_sumar_habiles(calendario, dia, n):
    assert calendario.habiles_entre(dia, calendario.sumar_habiles(dia, n)) == n


@given(CALENDARIOS, FECHAS, st.integers(0, 800))
def test_habiles_entre_cuenta_despues_del_primero_hasta_el_ultimo(calendario, a, salto):
    b = a + salto * UN_DIA
    a_mano = sum(es_habil_a_mano(calendario, a + n * UN_DIA) for n in range(1, salto + 1))
    assert calendario.habiles_entre(a, b) == a_mano
    assert calendario.habiles_entre(b, a) == -a_mano


def test_cien_mil_plazos_se_calculan_en_un_momento():
    dias = [date(2015, 1, 1) + (n % 7000) * UN_DIA for n in range(100_000)]
    inicio = time.perf_counter()
    for dia in dias:
        NORMAL.sumar_habiles(dia, 15)
    # Tarda una o dos décimas; el margen es para una máquina ocupada.
    assert time.perf_counter() - inicio < 3
