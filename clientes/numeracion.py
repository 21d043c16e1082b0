"""Números de contratos e interacciones («C-00000001» y «R-00000001») y CUN de las PQR: una serie para cada uno."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from movistar_site.comun import consecutivos

from . import cun

CONTRATOS = "contrato"
INTERACCIONES = "interaccion"
_LETRAS = {CONTRATOS: "C", INTERACCIONES: "R"}
_NUMERO = re.compile(r"([CR])-([0-9]{1,15})")


def escribir(serie: str, numero: int) -> str:
    """El número como se muestra y se guarda."""
    return f"{_LETRAS[serie]}-{numero:08d}"


def es_de(serie: str, numero: str) -> bool:
    """Si ese número tiene la forma de los de la serie."""
    hallado = _NUMERO.fullmatch(numero)
    return hallado is not None and hallado[1] == _LETRAS[serie]


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


# --- CUN -------------------------------------------------------------------------------------------------------------
def siguiente_cun(proveedor: str, radicada_el: date) -> str:
    """El siguiente CUN del proveedor en el año de ese día, que es el de Bogotá."""
    return reservar_cun(proveedor, radicada_el.year, 1)[0]


def reservar_cun(proveedor: str, anio: int, cantidad: int) -> list[str]:
    """Los siguientes CUN del proveedor en ese año, en orden."""
    primero = consecutivos.reservar(cun.serie(proveedor, anio), cantidad)
    return [cun.escribir(proveedor, anio, numero) for numero in range(primero, primero + cantidad)]


def adelantar_cun(cuales: Iterable[str]) -> None:
    """Ninguno de esos CUN, que llegaron de otra base, se vuelve a entregar."""
    mayores: dict[str, int] = {}
    for uno in cuales:
        if uno and cun.leer(uno) == uno:
            parte = cun.partes(uno)
            serie = cun.serie(parte.proveedor, int(parte.anio))
            mayores[serie] = max(mayores.get(serie, 0), parte.consecutivo)
    for serie, mayor in sorted(mayores.items()):
        consecutivos.adelantar(serie, mayor)
