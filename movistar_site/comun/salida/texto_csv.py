"""CSV que Excel abre bien en Colombia: punto y coma, UTF-8 con BOM, fin de línea de Windows y coma decimal."""

from __future__ import annotations

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
COMILLAS = '"'
FIN = "\r\n"


class FormatoCsv:
    """Pone por escrito columnas de un CSV."""

    def celda(self, columna: ColumnaDeSalida | None, valor: Any) -> str:
        """Lo que va en una celda, con las comillas que haga falta."""
        return con_comillas(self._texto(valor))

    def _texto(self, valor: Any) -> str:
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
        return _textos

    def filas(self, columnas: Sequence[Sequence[str]]) -> str:
        """Las filas de un trozo."""
        if len(columnas) == 1:
            # Una fila de una celda vacía no es una línea vacía, que nadie lee como fila.
            return "".join(f"{celda or COMILLAS * 2}{FIN}" for celda in columnas[0])
        return FIN.join(map(SEPARADOR.join, zip(*columnas, strict=True))) + FIN


def _textos(valores: Sequence[str]) -> Sequence[str]:
    valores = proteger_todos(valores)
    # Una columna sin nada que entrecomillar se reconoce de un vistazo; en las demás se mira cada celda.
    junto = "".join(valores)
    if SEPARADOR in junto or COMILLAS in junto or "\n" in junto or "\r" in junto:
        return [con_comillas(valor) for valor in valores]
    return valores


def con_comillas(texto: str) -> str:
    """La celda entre comillas si trae un separador, una comilla o un fin de línea."""
    if SEPARADOR in texto or COMILLAS in texto or "\n" in texto or "\r" in texto:
        return f'"{texto.replace(COMILLAS, COMILLAS * 2)}"'
    return texto


def estructura(celda: Any) -> str:
    """Una lista de códigos se escribe «A, B»; lo demás, en JSON."""
    if isinstance(celda, list) and all(isinstance(parte, str) and not re.search(r"[,;|\[]", parte) for parte in celda):
        return ", ".join(celda)
    return texto_json(celda)
