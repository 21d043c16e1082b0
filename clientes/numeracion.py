"""Números de contratos e interacciones reservados por tramos, para lo que llega por archivo.

Son las mismas series y la misma forma con que las operaciones numeran uno por uno.
"""

from __future__ import annotations

import re

from movistar_site.comun import consecutivos

from .operaciones import contratos, interacciones

CONTRATOS = contratos.SERIE
INTERACCIONES = interacciones.SERIE
_PREFIJOS = {CONTRATOS: "C", INTERACCIONES: "R"}
_NUMERO = re.compile(r"(C|R)-([0-9]{1,15})")


def reservar(serie: str, cantidad: int) -> list[str]:
    """Los siguientes números de la serie, en orden."""
    primero = consecutivos.reservar(serie, cantidad)
    return [f"{_PREFIJOS[serie]}-{numero:08d}" for numero in range(primero, primero + cantidad)]


def adelantar(serie: str, numero: str) -> None:
    """Un número que llegó de otra base no se vuelve a entregar."""
    hallado = _NUMERO.fullmatch(numero)
    if hallado and hallado[1] == _PREFIJOS[serie]:
        consecutivos.adelantar(serie, int(hallado[2]))
