"""Medianas y percentiles de lo que se contó por grupos. Puro."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal


def percentil(cuantos: Mapping[int, int], cien: int) -> Decimal | None:
    """El percentil `cien` (50, la mediana) de unos valores, dados como valor → cuántas veces está; None si no hay.

    Entre dos valores se reparte en proporción, como PERCENTIL.INC de Excel y `percentile_cont` de PostgreSQL; así la
    mediana de 2 y 4 es 3. Exacto.
    """
    todos = sum(cuantos.values())
    if not todos:
        return None
    entero, resto = divmod((todos - 1) * cien, 100)
    bajo = _en_el_puesto(cuantos, entero)
    alto = _en_el_puesto(cuantos, entero + 1) if resto else bajo
    return bajo + Decimal(resto) * (alto - bajo) / 100


def _en_el_puesto(cuantos: Mapping[int, int], puesto: int) -> int:
    """El valor que está en ese puesto, contado desde cero, de menor a mayor."""
    for valor in sorted(cuantos):
        puesto -= cuantos[valor]
        if puesto < 0:
            return valor
    raise IndexError(puesto)
