"""Nombres y documentos de personas, separados y reconocidos."""

from __future__ import annotations

import hashlib
import re
from typing import Any, NamedTuple

from movistar_site.comun.opciones import TipoDocumento
from movistar_site.comun.valores import normalizar, normalizar_documento

from . import tablas
from .claves import normal

_PARTICULAS = frozenset({"de", "del", "la", "las", "los", "y", "da", "dos", "san", "santa", "van", "von", "mc"})
_CON_TIPO = re.compile(rf"({'|'.join(TipoDocumento.values)})-(.+)", re.IGNORECASE | re.DOTALL)
_CON_TIPO_SUELTO = re.compile(
    r"(c\.?c|t\.?i|c\.?e|nit|ppt|pep|pas(?:aporte)?)\b[\s.:#°º-]*(?:no\.?|n°|#)?\s*([0-9a-z][0-9a-z.\- ]*)",
    re.IGNORECASE,
)
_SEPARADORES = re.compile(r"[\s.,\-]")
_POSIBLE_NIT = re.compile(r"[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}\s?-\s?[0-9]")
LARGO_MINIMO_DE_CEDULA = 3
LARGO_SEGURO_DE_CEDULA = 5
_LARGO_MAXIMO = 16
_DOS_APELLIDOS = 2


class Documento(NamedTuple):
    """Tipo (vacío si no se dice) y número."""

    tipo: str
    numero: str


def partir_nombre(completo: str) -> tuple[str, str]:
    """Nombre y apellido de un nombre de varias palabras.

    Regla: con dos palabras, la última es el apellido; con tres o más, las dos últimas. «de», «del», «la»… van con la
    palabra que sigue: «Juan de la Cruz» son dos.
    """
    grupos: list[str] = []
    pendiente: list[str] = []
    for palabra in completo.split():
        pendiente.append(palabra)
        if normalizar(palabra) not in _PARTICULAS:
            grupos.append(" ".join(pendiente))
            pendiente = []
    if pendiente:
        grupos.append(" ".join(pendiente))
    cuantos = _DOS_APELLIDOS if len(grupos) > _DOS_APELLIDOS else 1
    if len(grupos) == 1:
        return completo.strip(), ""
    return " ".join(grupos[:-cuantos]), " ".join(grupos[-cuantos:])


def cifras_de(texto: str) -> str:
    """Las cifras de un documento escrito solo con cifras y separadores; vacío si trae otra cosa."""
    limpio = _SEPARADORES.sub("", texto)
    return limpio if limpio.isascii() and limpio.isdigit() else ""


def parece_documento(texto: str, minimo: int = LARGO_SEGURO_DE_CEDULA) -> bool:
    """Verdadero si el texto puede ser un número de documento de solo cifras."""
    return minimo <= len(cifras_de(texto)) <= _LARGO_MAXIMO


def con_tipo(texto: str) -> Documento | None:
    """«CC-1020304050» o «C.C. 1.020.304.050» → tipo y número."""
    recortado = texto.strip()
    if exacta := _CON_TIPO.fullmatch(recortado):
        return Documento(exacta[1].upper(), exacta[2])
    if suelta := _CON_TIPO_SUELTO.fullmatch(recortado):
        tipo = tablas.valores("clientes", "tipo_documento").get(normal(suelta[1]), "")
        if tipo and any(c.isdigit() for c in suelta[2]):
            return Documento(tipo, suelta[2].strip())
    return None


def es_clave_con_tipo(texto: str) -> Documento | None:
    """La clave natural del par canónico, «CC-1020304050»."""
    exacta = _CON_TIPO.fullmatch(texto.strip())
    return Documento(exacta[1].upper(), exacta[2]) if exacta else None


def es_nit(texto: str) -> bool:
    """Verdadero si tiene la forma de un NIT y su dígito de verificación corresponde."""
    if not _POSIBLE_NIT.fullmatch(texto.strip()):
        return False
    try:
        return bool(normalizar_documento("NIT", texto))
    except ValueError:
        return False


def provisional(*datos: Any) -> str:
    """El número provisional de quien no trae documento: el mismo para el mismo nombre, teléfono, correo y dirección."""
    contenido = "|".join(normalizar(str(dato)) for dato in datos)
    huella = hashlib.sha256(contenido.encode("utf-8", "replace")).hexdigest()
    return f"P{huella[:11].upper()}"
