"""Cómo se dice que una cifra subió o bajó frente al período anterior: con palabras, además del color y la flecha."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..marco.columnas import Clase, en_palabras

BIEN, MAL, IGUAL = "bien", "mal", "igual"


@dataclass(frozen=True)
class Comparacion:
    """«Subió 12,5 %», con lo que era antes, su flecha y si eso es bueno."""

    texto: str
    antes: str
    icono: str
    tono: str


def comparar(ahora: Any, antes: Any, *, clase: Clase = Clase.ENTERO, mejor_menos: bool = False) -> Comparacion:
    """La cifra frente a la de antes. `mejor_menos`: si bajar es lo bueno (bajas, reclamaciones)."""
    ahora, antes = Decimal(ahora or 0), Decimal(antes or 0)
    dicho = en_palabras(clase, antes)
    if ahora == antes:
        return Comparacion("Igual", dicho, "drag_handle", IGUAL)
    subio = ahora > antes
    verbo, icono = ("Subió", "arrow_upward") if subio else ("Bajó", "arrow_downward")
    if antes:
        texto = f"{verbo} {en_palabras(Clase.PORCENTAJE, abs(ahora - antes) * 100 / abs(antes))}"
    else:
        texto = f"{verbo} desde cero"
    return Comparacion(texto, dicho, icono, BIEN if subio != mejor_menos else MAL)
