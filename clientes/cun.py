"""El CUN: el código único numérico con que se reconoce una PQR ante el operador, la CRC y la SIC. Puro.

Dieciséis cifras: las cuatro del proveedor, las dos del año en que se radicó en Bogotá y un consecutivo de diez
(CRC, Resolución 5050 de 2016, artículo 2.1.24; fuente por confirmar). Se da al radicar y no cambia; un recurso sigue
con el de su PQR.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_CUN = re.compile(r"(\d{4})(\d{2})(\d{10})")
_ADORNOS = re.compile(r"[\s.\-]")
ULTIMO = 9_999_999_999


class Partes(NamedTuple):
    """De qué proveedor y de qué año es un CUN, y qué número hace."""

    proveedor: str
    anio: str
    consecutivo: int


def serie(proveedor: str, anio: int) -> str:
    """La serie de consecutivos de un proveedor en un año: `cun-0000-26`."""
    return f"cun-{proveedor}-{anio % 100:02d}"


def escribir(proveedor: str, anio: int, consecutivo: int) -> str:
    """El CUN como se guarda. Lanza ValueError si el consecutivo no cabe en sus diez cifras."""
    if not 0 < consecutivo <= ULTIMO:
        raise ValueError(f"El consecutivo {consecutivo} no cabe en un CUN: se esperaba de 1 a {ULTIMO}.")
    return f"{proveedor}{anio % 100:02d}{consecutivo:010d}"


def leer(texto: str) -> str:
    """Las dieciséis cifras de un CUN escrito con espacios, puntos o guiones; vacío si no es uno."""
    limpio = _ADORNOS.sub("", texto or "")
    return limpio if limpio.isascii() and _CUN.fullmatch(limpio) else ""


def partes(cun: str) -> Partes:
    """Sus tres partes. Lanza ValueError si no es un CUN."""
    if not (hallado := _CUN.fullmatch(cun)):
        raise ValueError(f"«{cun}» no es un CUN: se esperaban 16 cifras.")
    return Partes(hallado[1], hallado[2], int(hallado[3]))


def legible(cun: str) -> str:
    """En sus tres grupos, como se dicta: «0000 26 0000000012»."""
    return f"{cun[:4]} {cun[4:6]} {cun[6:]}" if leer(cun) else cun
