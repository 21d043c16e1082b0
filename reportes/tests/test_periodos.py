"""El período con que se compara otro: los mismos días, para que lo que está en curso no parezca caer. Sin base."""

from __future__ import annotations

from datetime import date

import pytest

from reportes.marco.periodos import (
    ANIO,
    ANIO_PASADO,
    DOCE_MESES,
    MES,
    MES_PASADO,
    Periodo,
    periodo,
)


@pytest.mark.parametrize(
    ("clave", "suyo", "anterior"),
    [
        (MES, ("2026-11-01", "2026-11-26"), ("2026-10-01", "2026-10-26")),
        (MES_PASADO, ("2026-10-01", "2026-10-31"), ("2026-09-01", "2026-09-30")),
        (DOCE_MESES, ("2025-12-01", "2026-11-26"), ("2024-12-01", "2025-11-26")),
        (ANIO, ("2026-01-01", "2026-11-26"), ("2025-01-01", "2025-11-26")),
        (ANIO_PASADO, ("2025-01-01", "2025-12-31"), ("2024-01-01", "2024-12-31")),
    ],
)
def test_cada_periodo_se_compara_con_los_mismos_dias_de_antes(
    clave: str, suyo: tuple[str, str], anterior: tuple[str, str]
) -> None:
    uno = periodo(clave, hoy=date(2026, 11, 26))
    assert (uno.desde.isoformat(), uno.hasta.isoformat()) == suyo
    antes = uno.anterior()
    assert (antes.desde.isoformat(), antes.hasta.isoformat()) == anterior


def test_el_primer_dia_del_mes_no_se_compara_con_un_mes_entero() -> None:
    doce = periodo(DOCE_MESES, hoy=date(2026, 3, 1))
    assert doce.dias == doce.anterior().dias == 335


def test_el_29_de_febrero_se_compara_con_el_28() -> None:
    assert periodo(ANIO, hoy=date(2028, 2, 29)).anterior().hasta == date(2027, 2, 28)


def test_entre_dos_fechas_se_compara_con_los_dias_previos() -> None:
    assert Periodo(date(2026, 3, 10), date(2026, 3, 19)).anterior() == Periodo(date(2026, 2, 28), date(2026, 3, 9))
