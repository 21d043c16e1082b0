"""Lo que comparten los lectores de JSON: objetos sin claves perdidas, números exactos y motivos en español."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from .archivos import ArchivoIlegible

# Ni un precio ni un documento pasan de aquí; «1e999999999» ocuparía un gigabyte al escribirlo.
MAX_CIFRAS = 60
_MOTIVOS = (
    ("Expecting value", "falta un valor"),
    ("Expecting property name", "se esperaba una clave entre comillas dobles"),
    ("Illegal trailing comma", "sobra una coma"),
    ("Expecting ':'", "faltan los dos puntos después de la clave"),
    ("Expecting ','", "falta una coma o cerrar con llave o corchete"),
    ("Extra data", "sobra texto después del final"),
    ("Unterminated string", "hay unas comillas sin cerrar"),
    ("Invalid control character", "hay un salto de línea o un carácter de control dentro de un texto"),
    ("Invalid \\", "hay una barra invertida mal usada"),
)


class NumeroDesmedido(ValueError):
    """Un número con más cifras de las que se admiten."""


class Objeto(dict[str, Any]):
    """Un objeto JSON que conserva las claves repetidas: `json.loads` las perdería.

    El diccionario lleva el primer valor de cada clave; `repetidos`, en orden, los pares que la repiten.
    """

    repetidos: Sequence[tuple[str, Any]] = ()

    @property
    def repetidas(self) -> tuple[str, ...]:
        """Las claves que se repiten, una vez por cada valor de más."""
        return tuple(clave for clave, _ in self.repetidos)


def objeto(pares: list[tuple[str, Any]]) -> Objeto:
    """El objeto de esos pares; sirve de `object_pairs_hook`."""
    leido = Objeto(pares)
    return leido if len(leido) == len(pares) else con_repetidos(pares)


def con_repetidos(pares: list[tuple[str, Any]]) -> Objeto:
    """El objeto de unos pares con claves repetidas."""
    leido, repetidos = Objeto(), []
    for clave, valor in pares:
        if clave in leido:
            repetidos.append((clave, valor))
        else:
            leido[clave] = valor
    leido.repetidos = repetidos
    return leido


def decimal(texto: str) -> Decimal:
    """El número con las cifras que traía («50.000» no es «50»). Lanza NumeroDesmedido si no es de este mundo."""
    if len(texto) <= MAX_CIFRAS:
        try:
            valor = Decimal(texto)
        except ArithmeticError:
            raise NumeroDesmedido(texto) from None
        if -MAX_CIFRAS <= valor.adjusted() <= MAX_CIFRAS:
            return valor
    raise NumeroDesmedido(texto)


def constante(nombre: str) -> Any:
    """Rechaza NaN e Infinity, que no son JSON; sirve de `parse_constant`."""
    raise ArchivoIlegible(f"El JSON trae «{nombre}», que no es un valor válido.")


def motivo(mensaje: str) -> str:
    """Lo que dice `json.JSONDecodeError`, en español."""
    return next((dicho for inicio, dicho in _MOTIVOS if mensaje.startswith(inicio)), "no se entiende")
