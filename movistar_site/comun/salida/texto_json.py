"""JSON con tildes legibles: una lista de registros, uno por línea, o los registros con sangría del par canónico."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from json.encoder import encode_basestring as citado
from typing import Any

from .plan import ColumnaDeSalida


def texto_json(valor: Any) -> str:
    """JSON en una línea, con tildes legibles."""
    return json.dumps(valor, ensure_ascii=False, default=_a_json)


def _a_json(valor: Any) -> Any:
    if isinstance(valor, Decimal):
        return texto_decimal(valor)
    if isinstance(valor, datetime | date):
        return valor.isoformat()
    raise TypeError(f"No hay cómo escribir {type(valor).__name__} en JSON.")


def texto_decimal(valor: Decimal) -> str:
    """Sin decimales si son cero: 74900; con ellos si los hay: 74900.50."""
    return f"{valor:.0f}" if valor == valor.to_integral_value() else f"{valor:f}"


def con_sangria(valor: Any, sangria: int) -> str:
    """JSON en varias líneas, para ponerlo dentro de un objeto con esa sangría."""
    # Se cambia el salto de línea y no se usa textwrap: dentro de un texto puede haber U+2028, que también parte líneas.
    return json.dumps(valor, ensure_ascii=False, indent=2).replace("\n", f"\n{' ' * sangria}")


def falta(valor: Any) -> bool:
    """Lo que no sale en una lista de registros: lo nulo y el texto vacío."""
    return valor is None or valor == ""


def vacio(valor: Any) -> bool:
    """Lo que no sale en el par canónico: al importar, lo que falta vale lo mismo."""
    return valor is None or valor is False or valor in ("", 0, [], {})


class FormatoJson:
    """Pone por escrito objetos JSON: cada celda es «, "clave": valor», o nada si no sale.

    `sangria` es la de las claves; sin ella, el objeto va en una línea.
    """

    def __init__(self, *, sangria: int | None = None, omitir: Callable[[Any], bool] = falta) -> None:
        self.sangria, self.omitir = sangria, omitir
        self.union = ", " if sangria is None else f",\n{' ' * sangria}"
        self.cierre = "" if sangria is None else f"\n{' ' * (sangria - 2)}"

    def celda(self, columna: ColumnaDeSalida, valor: Any) -> str:
        """La clave y su valor."""
        if not columna.siempre and self.omitir(valor):
            return ""
        if isinstance(valor, str):
            escrito = citado(valor)
        else:
            escrito = texto_json(valor) if self.sangria is None else con_sangria(valor, self.sangria)
        return f"{self.union}{citado(columna.nombre)}: {escrito}"

    def textos(self, columna: ColumnaDeSalida) -> Callable[[Sequence[str]], Sequence[str]]:
        """Cómo se escribe una columna de textos."""
        inicio, siempre = f"{self.union}{citado(columna.nombre)}: ", columna.siempre

        def escribir(valores: Sequence[str]) -> Sequence[str]:
            return [f"{inicio}{citado(valor)}" if valor or siempre else "" for valor in valores]

        return escribir

    def objetos(self, columnas: Sequence[Sequence[str]]) -> list[str]:
        """Los objetos de un trozo."""
        desde, cierre = (2, "") if self.sangria is None else (1, self.cierre)
        return [
            f"{{{claves[desde:]}{cierre}}}" if claves else "{}" for claves in map("".join, zip(*columnas, strict=True))
        ]

    def filas(self, columnas: Sequence[Sequence[str]]) -> str:
        """Los objetos de un trozo, uno por línea."""
        return ",\n".join(self.objetos(columnas))
