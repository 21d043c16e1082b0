"""Números de contratos y radicados, con la forma que les da `clientes.operaciones`."""

from __future__ import annotations

SERIE_CONTRATO = "contrato"
SERIE_PQR = "pqr"
SERIE_SUGERENCIA = "sugerencia"


def contrato(n: int) -> str:
    """El número de un contrato: «CT-00000001»."""
    return f"CT-{n:08d}"


def cun(proveedor: str, anio: str, n: int) -> str:
    """El CUN de una petición o una reclamación: proveedor, año y consecutivo, dieciséis cifras."""
    return f"{proveedor}{anio[2:4]}{n:010d}"


def sugerencia(n: int) -> str:
    """El número interno de una sugerencia, que no tiene plazo legal: «SUG-00000001»."""
    return f"SUG-{n:08d}"
