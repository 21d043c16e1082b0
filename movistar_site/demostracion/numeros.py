"""Números de contratos y radicados, con la serie y la forma que les dan las operaciones de `clientes`."""

from __future__ import annotations

SERIE_CONTRATO = "contrato"
SERIE_INTERACCION = "interaccion"
SERIE_DEMO = "datos_demo"
"""El puesto del último cliente inventado: la siguiente carga sigue desde ahí y no repite documentos."""


def contrato(n: int) -> str:
    """El número de un contrato: «C-00000001»."""
    return f"C-{n:08d}"


def interaccion(n: int) -> str:
    """El radicado de una interacción: «R-00000001»."""
    return f"R-{n:08d}"
