"""JSON de millones de registros: orjson, y la biblioteca estándar para lo que él no admite."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson


def volcar(valor: Any) -> str:
    """El texto JSON de un valor. Los decimales van como texto exacto y las fechas en ISO 8601.

    Un texto con medio carácter (un sustituto suelto) no es UTF-8: se escribe escapado, y así vuelve.
    """
    try:
        return orjson.dumps(valor, default=_otro, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:
        return json.dumps(valor, default=_otro)


def volcar_linea(valor: Any) -> bytes:
    """Lo mismo en bytes, sin saltos de línea ni tabuladores: cabe en un renglón."""
    return volcar(valor).encode()


def cargar(texto: str | bytes) -> Any:
    """El valor que escribió `volcar`."""
    try:
        return orjson.loads(texto)
    except ValueError:
        return json.loads(texto)


def _otro(valor: Any) -> Any:
    if isinstance(valor, Decimal):
        return f"{valor:f}"
    if isinstance(valor, datetime | date):
        return valor.isoformat()
    if isinstance(valor, set | frozenset | tuple):
        return list(valor)
    return str(valor)
