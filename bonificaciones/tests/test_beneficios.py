"""Cómo se dice un beneficio."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bonificaciones.beneficios import en_palabras


@pytest.mark.parametrize(
    ("beneficio", "cantidad", "meses", "frase"),
    [
        ("porcentaje", Decimal("10.00"), 6, "10 % de descuento por 6 meses"),
        ("porcentaje", Decimal("12.50"), 1, "12,5 % de descuento por 1 mes"),
        ("valor", Decimal("20000.00"), 3, "$\u00a020.000 de descuento al mes por 3 meses"),
        ("valor", Decimal("7490.50"), 3, "$\u00a07.491 de descuento al mes por 3 meses"),
        ("datos_extra", Decimal("5.00"), 12, "5 GB adicionales al mes por 12 meses"),
        ("meses_gratis", Decimal("2.00"), 1, "2 meses gratis"),
        ("meses_gratis", Decimal("1.00"), 1, "1 mes gratis"),
        ("servicio", Decimal(1), 6, "Televisión básica gratis por 6 meses"),
        ("equipo", Decimal(1), 1, "Decodificador 4K de regalo"),
    ],
)
def test_un_beneficio_se_dice_en_una_frase(beneficio: str, cantidad: Decimal, meses: int, frase: str) -> None:
    dicho = en_palabras(beneficio, cantidad, meses, servicio="Televisión básica", equipo="Decodificador 4K")
    assert dicho == frase


def test_un_beneficio_que_no_existe_se_rechaza() -> None:
    with pytest.raises(ValueError, match="deuda"):
        en_palabras("deuda", Decimal(1), 1)
