"""Cómo se comparan las claves de un archivo, cuáles son secretas y qué se considera vacío."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz

from movistar_site.comun.valores import normalizar

from .vocabulario import SECRETAS, SECRETAS_DENTRO, SECRETAS_LARGAS, VACIOS

OCULTO = "(oculto)"
_MEMORIA_MAXIMA = 20_000
_LETRAS_MINIMAS = 4
_CIFRAS_DE_ORDEN = 3
_CASI_SECRETA = 84
_memoria: dict[str, str] = {}


def normal(clave: Any) -> str:
    """La clave como se compara: sin mayúsculas, tildes ni separadores.

    «Tiempo afiliado:», «tiempo_afiliado» y «TiempoAfiliado» son la misma, «tiempoafiliado»; «c.c» es «cc». Si no queda
    ninguna letra ni cifra («#»), la clave recortada tal cual.
    """
    texto = clave if type(clave) is str else str(clave)
    hallada = _memoria.get(texto)
    if hallada is None:
        hallada = "".join(c for c in normalizar(texto) if c.isalnum()) or texto.strip()[:80]
        if len(_memoria) < _MEMORIA_MAXIMA:
            _memoria[texto] = hallada
    return hallada


def sin_numero(normalizada: str) -> str:
    """La clave sin su número de orden: «caracteristica2» → «caracteristica».

    Una palabra corta con un número («ti1», «cc1020304050») no está numerada: es otra cosa.
    """
    base = normalizada.rstrip("0123456789")
    numerada = len(base) >= _LETRAS_MINIMAS and len(normalizada) - len(base) <= _CIFRAS_DE_ORDEN
    return base if numerada else normalizada


@lru_cache(maxsize=_MEMORIA_MAXIMA)
def es_secreta(normalizada: str) -> bool:
    """Verdadero si la clave guarda una contraseña, aunque esté mal escrita: su valor no se muestra en ninguna parte."""
    if normalizada in SECRETAS or sin_numero(normalizada) in SECRETAS:
        return True
    if any(parte in normalizada for parte in SECRETAS_DENTRO):
        return True
    return any(fuzz.ratio(normalizada, parte) >= _CASI_SECRETA for parte in SECRETAS_LARGAS)


def es_vacio(valor: Any) -> bool:
    """Verdadero si el valor no dice nada: nulo, «», «none», «sin servicios», {} o []."""
    if valor is None:
        return True
    if type(valor) is str:
        return len(valor) < 40 and normalizar(valor).strip(".-_ /") in VACIOS  # noqa: PLR2004 - una frase larga dice algo
    return isinstance(valor, dict | list) and not valor


def es_escalar(valor: Any) -> bool:
    """Verdadero si no es un objeto, una lista ni un contenedor leído por partes."""
    return not isinstance(valor, dict | list) and not hasattr(valor, "clase")


def desenvolver(valor: Any) -> Any:
    """El único elemento de una lista de uno: `["900"]` → «900»."""
    while isinstance(valor, list) and len(valor) == 1 and es_escalar(valor[0]):
        valor = valor[0]
    return valor


def repetidos(objeto: Any) -> list[tuple[str, Any]]:
    """Los pares de más de un objeto cuyas claves se repiten."""
    return getattr(objeto, "repetidos", None) or []
