"""Cuándo le toca a un envío: cada día, cada semana y cada mes, a su hora de Bogotá."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportes.envios.cadencia import BOGOTA, DIAS, ULTIMO, Cadencia, proxima_vez, ultima_vez

HORAS = st.integers(0, 23)
CADENCIAS = st.one_of(
    st.builds(Cadencia, st.just("dia"), HORAS),
    st.builds(Cadencia, st.just("semana"), HORAS, st.integers(1, 7)),
    st.builds(Cadencia, st.just("mes"), HORAS, st.integers(1, ULTIMO)),
)
MOMENTOS = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.sampled_from([UTC, BOGOTA]))


def en(anio: int, mes: int, dia: int, hora: int = 0, minuto: int = 0) -> datetime:
    return datetime(anio, mes, dia, hora, minuto, tzinfo=BOGOTA)


@pytest.mark.parametrize(
    ("cadencia", "despues_de", "toca"),
    [
        (Cadencia("dia", 7), en(2026, 3, 16, 6, 59), en(2026, 3, 16, 7)),
        (Cadencia("dia", 7), en(2026, 3, 16, 7), en(2026, 3, 17, 7)),
        (Cadencia("dia", 0), en(2026, 12, 31, 23, 59), en(2027, 1, 1, 0)),
        # A las once de la noche de Bogotá en Londres ya es mañana.
        (Cadencia("dia", 23), datetime(2026, 3, 17, 3, 59, tzinfo=UTC), en(2026, 3, 16, 23)),
        (Cadencia("semana", 7, 1), en(2026, 3, 16, 6), en(2026, 3, 16, 7)),
        (Cadencia("semana", 7, 1), en(2026, 3, 16, 8), en(2026, 3, 23, 7)),
        (Cadencia("semana", 7, 7), en(2026, 3, 16, 8), en(2026, 3, 22, 7)),
        (Cadencia("mes", 7, 1), en(2026, 3, 1, 7), en(2026, 4, 1, 7)),
        (Cadencia("mes", 7, 31), en(2026, 3, 31, 8), en(2026, 4, 30, 7)),
        # El 29 de febrero solo existe en los bisiestos.
        (Cadencia("mes", 7, 29), en(2027, 2, 1), en(2027, 2, 28, 7)),
        (Cadencia("mes", 7, 29), en(2028, 2, 28, 8), en(2028, 2, 29, 7)),
        (Cadencia("mes", 7, ULTIMO), en(2028, 2, 1), en(2028, 2, 29, 7)),
        (Cadencia("mes", 7, ULTIMO), en(2026, 12, 31, 7), en(2027, 1, 31, 7)),
    ],
)
def test_la_proxima_vez(cadencia: Cadencia, despues_de: datetime, toca: datetime) -> None:
    assert proxima_vez(cadencia, despues_de=despues_de) == toca


@given(CADENCIAS, MOMENTOS)
def test_la_proxima_es_despues_y_cae_a_su_hora_y_en_su_dia(cadencia: Cadencia, momento: datetime) -> None:
    vez = proxima_vez(cadencia, despues_de=momento)
    assert vez > momento
    assert vez - momento <= timedelta(days={"dia": 1, "semana": 7, "mes": 31}[cadencia.cada])
    local = vez.astimezone(BOGOTA)
    assert (local.hour, local.minute, local.second) == (cadencia.hora, 0, 0)
    if cadencia.cada == "semana":
        assert local.isoweekday() == cadencia.dia
    if cadencia.cada == "mes":
        assert local.day == min(cadencia.dia or 0, monthrange(local.year, local.month)[1])


@given(CADENCIAS, MOMENTOS)
def test_entre_la_ultima_y_la_proxima_no_hay_ninguna(cadencia: Cadencia, momento: datetime) -> None:
    ultima, proxima = ultima_vez(cadencia, hasta=momento), proxima_vez(cadencia, despues_de=momento)
    assert ultima <= momento < proxima
    assert proxima_vez(cadencia, despues_de=ultima) == proxima
    assert ultima_vez(cadencia, hasta=proxima) == proxima
    assert ultima_vez(cadencia, hasta=proxima - timedelta(microseconds=1)) == ultima


@given(CADENCIAS, MOMENTOS)
def test_de_una_en_una_no_se_salta_ni_repite_ningun_mes(cadencia: Cadencia, momento: datetime) -> None:
    veces = [momento]
    for _ in range(14):
        veces.append(proxima_vez(cadencia, despues_de=veces[-1]))
    meses = [vez.astimezone(BOGOTA).year * 12 + vez.astimezone(BOGOTA).month for vez in veces[1:]]
    for antes, despues in pairwise(meses):
        assert despues - antes in ({1} if cadencia.cada == "mes" else {0, 1})
    if cadencia.cada != "mes":
        pasos = {despues - antes for antes, despues in pairwise(veces[1:])}
        assert pasos == {timedelta(days=1 if cadencia.cada == "dia" else 7)}


@pytest.mark.parametrize(
    ("cadencia", "dicha"),
    [
        (Cadencia("dia", 7), "Cada día a las 07:00"),
        (Cadencia("semana", 15, 6), "Cada sábado a las 15:00"),
        (Cadencia("mes", 0, 15), "El día 15 de cada mes a las 00:00"),
        (Cadencia("mes", 7, 30), "El día 30 de cada mes, o el último, a las 07:00"),
        (Cadencia("mes", 7, ULTIMO), "El último día de cada mes a las 07:00"),
    ],
)
def test_se_dice_en_palabras(cadencia: Cadencia, dicha: str) -> None:
    assert str(cadencia) == dicha
    assert len(DIAS) == 7
