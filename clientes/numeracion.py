"""Números de contratos e interacciones: una serie y una forma para todos, «C-00000001» y «R-00000001»."""

from __future__ import annotations

import re
from collections.abc import Iterable

from movistar_site.comun import consecutivos

CONTRATOS = "contrato"
INTERACCIONES = "interaccion"
_LETRAS = {CONTRATOS: "C", INTERACCIONES: "R"}
_NUMERO = re.compile(r"([CR])-([0-9]{1,15})")


def escribir(serie: str, numero: int) -> str:
    """El número como se muestra y se guarda."""
    return f"{_LETRAS[serie]}-{numero:08d}"


def siguiente(serie: str) -> str:
    """El siguiente número de la serie."""
    return reservar(serie, 1)[0]


def reservar(serie: str, cantidad: int) -> list[str]:
    """Los siguientes números de la serie, en orden."""
    primero = consecutivos.reservar(serie, cantidad)
    return [escribir(serie, numero) for numero in range(primero, primero + cantidad)]


def adelantar(serie: str, numero: str) -> None:
    """Un número que llegó de otra base no se vuelve a entregar."""
    adelantar_a_todos(serie, [numero])


def adelantar_a_todos(serie: str, numeros: Iterable[str]) -> None:
    """Ninguno de esos números, que llegaron de otra base, se vuelve a entregar."""
    hallados = (_NUMERO.fullmatch(numero) for numero in numeros)
    if cuales := [int(hallado[2]) for hallado in hallados if hallado and hallado[1] == _LETRAS[serie]]:
        consecutivos.adelantar(serie, max(cuales))
