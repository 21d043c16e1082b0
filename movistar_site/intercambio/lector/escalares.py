"""Textos, claves, números y palabras, aunque estén mal escritos. Nunca se inventa un valor."""

from __future__ import annotations

import re
from decimal import Decimal
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from movistar_site.comun.json_leido import NumeroDesmedido, decimal
from movistar_site.comun.valores import citar

from .cursor import MARGEN, Corte, Cursor

COMILLAS = {'"': '"', "'": "'", "“": "”"}
_CUERPO = {
    cierre: re.compile(rf"[^{cierre}\\]*(?:\\.[^{cierre}\\]*)*", re.DOTALL).match for cierre in COMILLAS.values()
}
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPES = {'"': '"', "'": "'", "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_CONTROL = re.compile(r"[\x00-\x1f]")
_MEDIOS = re.compile(r"[\ud800-\udbff][\udc00-\udfff]")
_PALABRA = re.compile(r"""(?:(?!//|/\*)[^\s,:{}\[\]"'“”#])*""").match
_CLAVE_SUELTA = re.compile(r"""([\w$][\w$.\-]*(?: [\w$.\-]+){0,5})[ \t]*:""").match
_CLAVE_ENTERA = re.compile(r'"(?:[^"\\\n]|\\.)*"\s*:').match
_NUMERO = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?").fullmatch
_PARECE_NUMERO = re.compile(r"[+-]?[0-9.][\w.+-]*").fullmatch
_PALABRAS: dict[str, Any] = {"true": True, "false": False, "null": None}
_DE_OTROS_LENGUAJES: dict[str, Any] = {
    "True": True, "TRUE": True, "False": False, "FALSE": False, "None": None, "NULL": None, "Null": None,
}  # fmt: skip
_NO_SON_NUMERO = {"NaN", "Infinity", "-Infinity", "+Infinity", "nan", "inf", "-inf"}
_MAX_PALABRA = 5_000
_MAX_CLAVE = 200


def texto(cursor: Cursor) -> str:
    """El texto entre comillas que sigue. Lanza Corte si el archivo se acaba antes de que cierre."""
    comilla = cursor.texto[cursor.pos]
    if comilla != '"':
        cursor.reparar("Hay un texto entre comillas que no son las dobles de JSON.")
        return _laxo(cursor, COMILLAS[comilla])
    while True:
        try:
            leido, cursor.pos = scanstring(cursor.texto, cursor.pos + 1, True)
        except JSONDecodeError as error:
            if not (error.msg.startswith("Unterminated") or error.pos + MARGEN >= len(cursor.texto)):
                return _laxo(cursor, '"')
            if cursor.fin:
                return _laxo(cursor, '"')
            cursor.crecer_texto()
        else:
            return str(leido)


def _laxo(cursor: Cursor, cierre: str) -> str:
    """Un texto con otras comillas, saltos de línea o barras invertidas que no escapan nada: se dejan como están."""
    while True:
        hallado = _CUERPO[cierre](cursor.texto, cursor.pos + 1)
        assert hallado is not None  # noqa: S101
        if hallado.end() < len(cursor.texto):
            break
        if cursor.fin:
            raise Corte
        cursor.crecer_texto()
    crudo = hallado[0]
    if control := _CONTROL.search(crudo):
        cursor.reparar(
            "Hay un salto de línea o un carácter de control dentro de un texto: se conserva.",
            cursor.lugar(hallado.start() + control.start()),
        )
    limpio = _ESCAPE.sub(lambda escape: _escape(cursor, hallado.start(), escape), crudo) if "\\" in crudo else crudo
    cursor.pos = hallado.end() + 1
    return _MEDIOS.sub(lambda par: par[0].encode("utf-16", "surrogatepass").decode("utf-16"), limpio)


def _escape(cursor: Cursor, inicio: int, escape: re.Match[str]) -> str:
    if escape[1]:
        return chr(int(escape[1], 16))
    if escape[2] in _ESCAPES:
        return _ESCAPES[escape[2]]
    cursor.reparar("Hay una barra invertida suelta: se conserva.", cursor.lugar(inicio + escape.start()))
    return escape[0]


def clave(cursor: Cursor, sigue: str) -> str:
    """La clave que sigue, con comillas o sin ellas, y sus dos puntos. Lanza Corte o ArchivoIlegible."""
    if sigue in COMILLAS:
        leida = texto(cursor)
        sigue = cursor.saltar()
        if not sigue:
            raise Corte
        if sigue != ":":
            cursor.ilegible(f"faltan los dos puntos después de la clave {citar(leida)}, o unas comillas antes")
        cursor.pos += 1
        return leida
    cursor.asegurar(_MAX_CLAVE)
    hallada = _CLAVE_SUELTA(cursor.texto, cursor.pos)
    if hallada is None:
        if cursor.fin and _PALABRA(cursor.texto, cursor.pos).end() == len(cursor.texto):  # type: ignore[union-attr]
            raise Corte
        cursor.ilegible(f"se esperaba una clave y hay {citar(sigue)}")
    cursor.reparar(f"La clave {citar(hallada[1])} no tiene comillas.")
    cursor.pos = hallada.end()
    return hallada[1]


def sigue_una_clave(cursor: Cursor) -> bool:
    """Si lo que sigue es, sin duda, una clave entre comillas con sus dos puntos."""
    cursor.asegurar(_MAX_CLAVE)
    return _CLAVE_ENTERA(cursor.texto, cursor.pos) is not None


def valor(cursor: Cursor, *, suelto: bool) -> Any:
    """El texto, número o palabra que sigue. `suelto`: no está dentro de nada, así que el final no lo corta."""
    if cursor.texto[cursor.pos] in COMILLAS:
        return texto(cursor)
    while True:
        hallada = _PALABRA(cursor.texto, cursor.pos)
        assert hallada is not None  # noqa: S101
        palabra = hallada[0]
        if hallada.end() < len(cursor.texto) or cursor.fin:
            break
        if len(palabra) > _MAX_PALABRA:
            cursor.ilegible("hay un número con demasiadas cifras")
        cursor.crecer()
    if cursor.fin and hallada.end() == len(cursor.texto) and not suelto and palabra not in _PALABRAS:
        raise Corte
    leido = _de_palabra(cursor, palabra)
    cursor.pos = hallada.end()
    return leido


def _de_palabra(cursor: Cursor, palabra: str) -> Any:
    if palabra in _PALABRAS:
        return _PALABRAS[palabra]
    if palabra in _DE_OTROS_LENGUAJES:
        cursor.reparar(f"«{palabra}» no se escribe así en JSON.")
        return _DE_OTROS_LENGUAJES[palabra]
    if palabra in _NO_SON_NUMERO:
        cursor.ilegible(f"«{palabra}» no es un valor válido")
    if len(palabra) > _MAX_PALABRA:
        cursor.ilegible("hay un número con demasiadas cifras")
    if numero := _NUMERO(palabra):
        return _numero(cursor, palabra, entero=numero[1] is None and numero[2] is None)
    if _PARECE_NUMERO(palabra):
        cursor.reparar(f"El número {citar(palabra)} no está escrito como en JSON: se lee como texto.")
        return palabra
    if not palabra:
        cursor.ilegible(f"se esperaba un valor y hay {citar(cursor.texto[cursor.pos])}")
    cursor.ilegible(f"{citar(palabra)} no es un valor: le faltan comillas o sobra")


def _numero(cursor: Cursor, palabra: str, *, entero: bool) -> int | Decimal | str:
    try:
        return int(palabra) if entero else decimal(palabra)
    except (NumeroDesmedido, ValueError):
        cursor.reparar(f"El número {citar(palabra)} tiene demasiadas cifras: se lee como texto.")
        return palabra
