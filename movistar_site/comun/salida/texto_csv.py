"""CSV que Excel abre bien en Colombia: punto y coma, UTF-8 con BOM, fin de línea de Windows y coma decimal."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from .plan import ColumnaDeSalida
from .proteccion import proteger, proteger_todos
from .texto_json import texto_decimal, texto_json

BOM = "\ufeff"
SEPARADOR = ";"
FIN = "\r\n"


class FormatoCsv:
    """Pone por escrito columnas de un CSV."""

    def celda(self, columna: ColumnaDeSalida | None, valor: Any) -> str:
        """Lo que va en una celda."""
        if isinstance(valor, str):
            return proteger(valor)
        if valor is None:
            return ""
        if isinstance(valor, bool):
            return "sí" if valor else "no"
        if isinstance(valor, Decimal):
            return texto_decimal(valor).replace(".", ",")
        if isinstance(valor, datetime | date):
            return valor.isoformat()
        return proteger(estructura(valor) if isinstance(valor, dict | list) else str(valor))

    def textos(self, columna: ColumnaDeSalida) -> Callable[[Sequence[str]], Sequence[str]]:
        """Cómo se escribe una columna de textos."""
        return proteger_todos

    def filas(self, columnas: list[Sequence[str]]) -> str:
        """Las filas de un trozo."""
        cuantas, ancho = len(columnas[0]), len(columnas)
        texto = FIN.join(map(SEPARADOR.join, zip(*columnas, strict=True)))
        # Si lo único especial son los separadores puestos aquí, no hay nada que entrecomillar.
        if (
            ancho > 1
            and '"' not in texto
            and texto.count(SEPARADOR) == cuantas * (ancho - 1)
            and texto.count("\n") == texto.count("\r") == cuantas - 1
        ):
            return texto + FIN
        return con_comillas(zip(*columnas, strict=True))


def con_comillas(filas: Any) -> str:
    """Las filas con las comillas que haga falta."""
    bufer = io.StringIO(newline="")
    csv.writer(bufer, delimiter=SEPARADOR, lineterminator=FIN).writerows(filas)
    return bufer.getvalue()


def estructura(celda: Any) -> str:
    """Una lista de códigos se escribe «A, B»; lo demás, en JSON."""
    if isinstance(celda, list) and all(isinstance(parte, str) and not re.search(r"[,;|\[]", parte) for parte in celda):
        return ", ".join(celda)
    return texto_json(celda)
