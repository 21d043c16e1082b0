"""Libros de Excel (XLSX): lectura acotada. Los escribe `salida.libro`."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import time
from typing import Any

MAX_BYTES_ABIERTO = 200 * 1024 * 1024
MAX_PROPORCION = 200
MAX_PARTES = 2_000
MAX_FILAS = 200_000
# Excel escribe así los caracteres que XML no admite.
_ESCAPADO = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NO_ES = "El archivo no es un libro de Excel (XLSX) que se pueda abrir: guárdelo de nuevo desde Excel."
_DEMASIADO = "El libro de Excel ocupa demasiado al abrirlo: divídalo en varios."


class LibroIlegible(ValueError):
    """El libro no se puede leer: el mensaje es una frase para quien lo subió."""


def leer(datos: bytes, restaurar: Callable[[str], str]) -> Iterator[tuple[int, list[Any]]]:
    """Las filas de la primera hoja, con su número. Todo error de formato sale como `LibroIlegible`."""
    _comprobar_zip(datos)
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            libro = openpyxl.load_workbook(io.BytesIO(datos), read_only=True, data_only=True)
            hoja = libro.worksheets[0]
            # La dimensión declarada puede mentir y hacer rellenar miles de columnas vacías.
            hoja.reset_dimensions()
            yield from _filas(hoja, restaurar)
        except LibroIlegible:
            raise
        except Exception as error:  # openpyxl falla de muchas maneras con un libro dañado
            raise LibroIlegible(_NO_ES) from error


def _filas(hoja: Any, restaurar: Callable[[str], str]) -> Iterator[tuple[int, list[Any]]]:
    for numero, celdas in enumerate(hoja.iter_rows(values_only=True), 1):
        if numero > MAX_FILAS:
            raise LibroIlegible(f"La hoja pasa de {MAX_FILAS:,} filas: divídala en varias.".replace(",", "."))
        yield numero, [_leida(celda, restaurar) for celda in celdas]


def _leida(celda: Any, restaurar: Callable[[str], str]) -> Any:
    if isinstance(celda, str):
        return restaurar(_ESCAPADO.sub(lambda hallado: chr(int(hallado[1], 16)), celda) if "_x" in celda else celda)
    if isinstance(celda, time):
        return celda.isoformat()
    return celda


def _comprobar_zip(datos: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(datos)) as comprimido:
            partes = comprimido.infolist()
            abierto = sum(parte.file_size for parte in partes)
            if len(partes) > MAX_PARTES or abierto > MAX_BYTES_ABIERTO or abierto > MAX_PROPORCION * len(datos) + 10**6:
                raise LibroIlegible(_DEMASIADO)
            for parte in partes:
                if parte.filename.endswith((".xml", ".rels")):
                    with comprimido.open(parte) as abierta:
                        # Un libro de verdad nunca declara entidades: así empiezan las bombas de XML.
                        if b"<!DOCTYPE" in abierta.read(4096):
                            raise LibroIlegible(_NO_ES)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
    ) as error:
        if isinstance(error, LibroIlegible):
            raise
        raise LibroIlegible(_NO_ES) from error
    except Exception as error:  # zlib.error y parecidos: una parte dañada
        raise LibroIlegible(_NO_ES) from error
