"""Un texto que una hoja de cálculo tomaría por fórmula sale con un apóstrofo delante y al entrar lo pierde."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PRIMERAS = "=+-@\t\r\n＝＋－＠"
_FORMULA = re.compile(f"'*[{re.escape(_PRIMERAS)}]")
_PROTEGIDA = re.compile(f"'+[{re.escape(_PRIMERAS)}]")
# Con que alguna celda empiece así, la columna se mira celda por celda.
_SOSPECHOSAS = frozenset(f"'{_PRIMERAS}")


def proteger(texto: str) -> str:
    """Antepone un apóstrofo a lo que una hoja de cálculo tomaría por fórmula (=, +, -, @, tabulador, fin de línea)."""
    return f"'{texto}" if _FORMULA.match(texto) else texto


def restaurar(texto: str) -> str:
    """Deshace `proteger`: `restaurar(proteger(x)) == x` para todo texto."""
    return texto[1:] if _PROTEGIDA.match(texto) else texto


def proteger_todos(textos: Sequence[str]) -> Sequence[str]:
    """`proteger` para una columna: casi siempre no hay nada que proteger y se sabe con mirar las primeras letras."""
    if _SOSPECHOSAS.isdisjoint({texto[:1] for texto in textos}):
        return textos
    return [proteger(texto) for texto in textos]
