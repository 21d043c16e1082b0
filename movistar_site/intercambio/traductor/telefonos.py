"""Los teléfonos de un registro: uno o varios, sueltos, en lista o en la misma celda."""

from __future__ import annotations

import re
from typing import Any

from movistar_site.comun.valores import es_fijo_incompleto, normalizar_telefono

from .piezas import simple

_VARIOS = re.compile(r"\s*(?:[/,;|]|\s-\s|\sy\s|\so\s)\s*")
_CIFRAS_MINIMAS = 7
_LARGO_MAXIMO = 80
PENDIENTE_FIJO = "Fijo de siete cifras: le falta el 60 y el indicativo"


def separar(valor: Any) -> list[str]:
    """Los teléfonos que trae un valor: «3001234567 / 6011234567» son dos."""
    if isinstance(valor, list):
        return [uno for parte in valor if not isinstance(parte, dict | list) for uno in separar(parte)]
    if isinstance(valor, bool) or valor is None:
        return []
    texto = str(simple(valor)).strip().removesuffix(".0")
    if len(texto) <= _LARGO_MAXIMO:
        partes = [parte for parte in _VARIOS.split(texto) if parte]
        if len(partes) > 1 and all(len(re.sub(r"\D", "", parte)) >= _CIFRAS_MINIMAS for parte in partes):
            return partes
    return [texto] if texto else []


def es_telefono(texto: str) -> bool:
    """Verdadero si es un teléfono de Colombia, o un fijo al que le falta el indicativo."""
    if es_fijo_incompleto(texto):
        return True
    try:
        return bool(normalizar_telefono(texto))
    except ValueError:
        return False


def clave_de(texto: str) -> str:
    """Para saber si dos teléfonos son el mismo."""
    cifras = re.sub(r"\D", "", texto)
    return cifras[-10:] or texto


def arreglar(texto: str) -> tuple[str, str]:
    """El teléfono como se guarda y por qué queda pendiente, si queda: un fijo de siete cifras va con sus siete."""
    if es_fijo_incompleto(texto):
        return re.sub(r"\D", "", texto)[-_CIFRAS_MINIMAS:], PENDIENTE_FIJO
    return texto, ""
