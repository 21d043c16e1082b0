"""Lo que pasa de un paso a otro del intercambio: lugares, registros planos y avisos."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

OMITIDO = "omitido"
"""Lo que pasa con un registro que a propósito no se importa; lo demás lo dice su recurso."""
LARGO_DE_CLAVE = 120
LARGO_DE_FRASE = 500
MOTIVO_DE_RECHAZO = "Motivo del rechazo"
"""La columna que el panel añade al archivo de lo rechazado, y que no se importa cuando vuelve."""


@dataclass(slots=True)
class Leido:
    """Un registro plano de una entidad, tal como salió de un archivo.

    `registro` es el número (desde 1, dentro del archivo) del registro de origen: un usuario con tres servicios da
    cuatro planos con el mismo número. `valores` va por columna del recurso de la entidad y solo lleva lo que cabe en
    JSON (texto, número, lógico, lista, objeto o nada). `notas` dice lo que se dedujo o se tradujo. `falla`: no se pudo
    tomar y por qué. `omitido`: a propósito no se importa, y por qué.
    """

    entidad: str
    registro: int
    ruta: str
    valores: dict[str, Any]
    notas: list[str] = field(default_factory=list)
    falla: str = ""
    omitido: str = ""


@dataclass(slots=True)
class AvisoLeido:
    """Algo del archivo que no se entendió y no entra: se dice, nunca se calla."""

    ruta: str
    clave: str
    valor: str
    motivo: str
    entidad: str = ""
    registro: int = 0


def guardable(texto: Any, largo: int) -> str:
    """El texto, recortado y sin lo que una base no guarda (nulos y medios caracteres)."""
    texto = str(texto)[:largo]
    if texto.isascii():
        return texto.replace("\x00", "�") if "\x00" in texto else texto
    return texto.encode("utf-8", "replace").decode().replace("\x00", "�")


def en_una_linea(texto: str) -> str:
    """Una frase que cita lo que traía un archivo, en una línea, sin caracteres invisibles y hasta LARGO_DE_FRASE."""
    if not texto.isprintable():
        texto = " ".join("".join(letra if letra.isprintable() else " " for letra in texto).split())
    return texto if len(texto) <= LARGO_DE_FRASE else f"{texto[: LARGO_DE_FRASE - 1]}…"
