"""El reloj de las PQR: los vencimientos del dominio y una cuenta día por día hecha aparte."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientes.plazos import Reloj
from clientes.relojes import Relojes
from movistar_site.comun.calendario import Calendario
from movistar_site.comun.parametros import CATALOGO, valores_en

BOGOTA = ZoneInfo("America/Bogota")
UN_DIA = timedelta(days=1)
PRIMERO, ULTIMO = date(2015, 1, 1), date(2035, 12, 31)
DE_FABRICA = valores_en([], date(2026, 1, 1))


def a_las(dia: date, hora: int = 10, minuto: int = 0) -> datetime:
    return datetime(dia.year, dia.month, dia.day, hora, minuto, tzinfo=BOGOTA)


def el_reloj(**mas: Any) -> Reloj:
    return Reloj.de(DE_FABRICA | mas, Calendario(sabado_habil=mas.get("sabado_habil", False)))


# --- La tabla del dominio --------------------------------------------------------------------------------------------
VECTORES = [
    # radicada, +10, +15 y +15 +15
    ("2026-03-16", "2026-03-31", "2026-04-09", "2026-04-30"),
    ("2026-03-27", "2026-04-14", "2026-04-21", "2026-05-13"),
    ("2026-06-22", "2026-07-07", "2026-07-15", None),
    ("2026-06-26", "2026-07-14", "2026-07-22", "2026-08-13"),
    ("2026-10-30", "2026-11-17", "2026-11-24", "2026-12-16"),
    ("2026-11-14", "2026-11-30", "2026-12-07", "2026-12-30"),
    ("2026-12-18", "2027-01-05", "2027-01-13", "2027-02-03"),
]


@pytest.mark.parametrize(("radicada", "diez", "quince", "prorrogada"), VECTORES)
def test_los_vencimientos_del_dominio(radicada: str, diez: str, quince: str, prorrogada: str | None) -> None:
    reloj, dia = el_reloj(), date.fromisoformat(radicada)
    vence = reloj.vencimiento("reclamacion", a_las(dia))
    assert vence == reloj.vencimiento("consulta", a_las(dia, 23, 50)) == date.fromisoformat(quince)
    assert reloj.limite_para_recurrir(a_las(dia)) == date.fromisoformat(diez)
    assert reloj.vencimiento("sugerencia", a_las(dia)) is None
    if prorrogada:
        assert reloj.prorrogado(vence) == date.fromisoformat(prorrogada)


# --- La cuenta hecha aparte: sin el paquete de festivos ni las tablas del calendario ---------------------------------
def pascua(anio: int) -> date:
    """El domingo de Pascua gregoriano, por el método de Meeus."""
    a, b, c = anio % 19, anio // 100, anio % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    el = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * el) // 451
    mes, dia = divmod(h + el - 7 * m + 114, 31)
    return date(anio, mes, dia + 1)


def al_lunes(dia: date) -> date:
    return dia + timedelta(days=-dia.weekday() % 7)


def festivos_de(anio: int) -> Iterator[date]:
    """Los de la Ley 51 de 1983 y, desde 2026, el de la Ley 2578."""
    for mes, dia in ((1, 1), (5, 1), (7, 20), (8, 7), (12, 8), (12, 25)):
        yield date(anio, mes, dia)
    for mes, dia in ((1, 6), (3, 19), (6, 29), (8, 15), (10, 12), (11, 1), (11, 11)):
        yield al_lunes(date(anio, mes, dia))
    if anio >= 2026:
        yield al_lunes(date(anio, 7, 9))
    for distancia in (-3, -2, 43, 64, 71):
        yield pascua(anio) + timedelta(days=distancia)


A_MANO = frozenset(dia for anio in range(2014, 2042) for dia in festivos_de(anio))


def sumar_a_mano(dia: date, cuantos: int, *, extra: frozenset[date], sabado: bool) -> date:
    while cuantos:
        dia += UN_DIA
        laborable = dia.isoweekday() <= (6 if sabado else 5)
        cuantos -= laborable and dia not in A_MANO and dia not in extra
    return dia


def test_los_festivos_a_mano_son_los_del_calendario_en_los_veintiun_anios() -> None:
    calendario = Calendario()
    dias = [PRIMERO + n * UN_DIA for n in range((ULTIMO - PRIMERO).days + 1)]
    assert [dia for dia in dias if calendario.es_festivo(dia) != (dia in A_MANO)] == []
    assert sum(dia.year == 2026 and dia in A_MANO for dia in dias) == 19


DIAS = st.dates(PRIMERO, ULTIMO)


@given(
    radicada=st.datetimes(datetime(2015, 1, 1), datetime(2035, 12, 31), timezones=st.just(BOGOTA)),
    extra=st.frozensets(DIAS, max_size=8),
    sabado=st.booleans(),
    dias=st.integers(1, 60),
    prorroga=st.integers(1, 60),
)
@settings(max_examples=300, deadline=None)
def test_el_plazo_es_el_de_contar_dia_por_dia(
    radicada: datetime, extra: frozenset[date], sabado: bool, dias: int, prorroga: int
) -> None:
    normas = DE_FABRICA | {"dias_pqr": dias, "dias_prorroga": prorroga, "dias_recurso": dias}
    reloj = Reloj.de(normas, Calendario(extra, sabado_habil=sabado))
    vence = reloj.vencimiento("reclamacion", radicada)
    assert vence == reloj.vencimiento("recurso", radicada)
    assert vence == sumar_a_mano(radicada.date(), dias, extra=extra, sabado=sabado)
    assert reloj.prorrogado(vence) == sumar_a_mano(vence, prorroga, extra=extra, sabado=sabado)


# --- Las reglas tienen fecha -----------------------------------------------------------------------------------------
FIJADOS = st.lists(
    st.tuples(st.sampled_from(["dias_pqr", "sabado_habil"]), st.integers(1, 30), DIAS), max_size=6
).map(
    lambda filas: sorted(
        ((clave, ("si" if n % 2 else "no") if clave == "sabado_habil" else str(n), dia) for clave, n, dia in filas),
        key=lambda fila: fila[2],
    )
)  # fmt: skip


@given(fijados=FIJADOS, dia=DIAS, extra=st.frozensets(DIAS, max_size=4))
@settings(max_examples=200, deadline=None)
def test_cada_caso_se_cuenta_con_las_reglas_de_su_dia(
    fijados: list[tuple[str, str, date]], dia: date, extra: frozenset[date]
) -> None:
    relojes = Relojes(fijados, extra)
    normas = valores_en(fijados, dia)
    esperado = sumar_a_mano(dia, normas["dias_pqr"], extra=extra, sabado=normas["sabado_habil"])
    assert relojes.vencimiento("consulta", a_las(dia, 23, 59)) == esperado
    assert relojes.vencimiento("sugerencia", a_las(dia)) is None


def test_un_cambio_rige_desde_su_dia_y_no_antes() -> None:
    relojes = Relojes([("dias_pqr", "10", date(2026, 3, 27))], [])
    assert relojes.vence(date(2026, 3, 26), "consulta") == date(2026, 4, 20)
    assert relojes.vence(date(2026, 3, 27), "consulta") == date(2026, 4, 14)


def test_fuera_del_calendario_no_hay_plazo_ni_error() -> None:
    relojes = Relojes([], [])
    assert relojes.vence(date(1970, 1, 1), "consulta") is None
    assert relojes.vence(date(2100, 12, 31), "consulta") is None


def test_todos_los_parametros_traen_su_norma_y_estan_en_un_grupo() -> None:
    for definicion in CATALOGO.values():
        assert definicion.norma and definicion.grupo
        definicion.leer(definicion.por_defecto)
