"""Números de contratos e interacciones, sin repetición."""

from __future__ import annotations

import re

from movistar_site.comun import consecutivos

CONTRATOS = "contrato"
INTERACCIONES = "interaccion"
_PREFIJOS = {CONTRATOS: "CT", INTERACCIONES: "IN"}
_NUMERO = re.compile(r"(CT|IN)-([0-9]{1,15})")


def reservar(serie: str, cantidad: int) -> list[str]:
    """Los siguientes números de la serie, en orden."""
    primero = consecutivos.reservar(serie, cantidad)
    return [f"{_PREFIJOS[serie]}-{numero:08d}" for numero in range(primero, primero + cantidad)]


def adelantar(serie: str, numero: str) -> None:
    """Un número que llegó de otra base no se vuelve a entregar."""
    hallado = _NUMERO.fullmatch(numero)
    if hallado and hallado[1] == _PREFIJOS[serie]:
        consecutivos.adelantar(serie, int(hallado[2]))
