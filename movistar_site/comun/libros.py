"""Libros de Excel (XLSX): lectura acotada y escritura fila a fila."""

from __future__ import annotations

import io
import re
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

MAX_BYTES_ABIERTO = 200 * 1024 * 1024
MAX_PROPORCION = 200
MAX_PARTES = 2_000
MAX_FILAS = 200_000
_TROZO = 64 * 1024
_PRIMER_ANIO_EXCEL = 1900
_LARGO_DE_CELDA = 32_767
# Excel escribe así los caracteres que XML no admite, y protege con _x005F_ los textos que ya lo parecen.
_NO_ADMITIDO = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")
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


def escribir(encabezados: list[str], filas: Iterable[list[Any]]) -> Iterator[bytes]:
    """Un libro de una hoja con la primera fila fija y las fechas como fechas de Excel."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    libro = Workbook(write_only=True)
    hoja = libro.create_sheet("Datos")
    hoja.freeze_panes = "A2"
    titulos = []
    for titulo in encabezados:
        celda = WriteOnlyCell(hoja, value=titulo)
        celda.font = Font(bold=True)
        titulos.append(celda)
    hoja.append(titulos)
    try:
        for fila in filas:
            hoja.append([_escrita(hoja, valor) for valor in fila])
    except BaseException:
        # openpyxl deja abierto el temporal de la hoja si no se cierra.
        hoja.close()
        hoja._writer.cleanup()
        raise
    with tempfile.TemporaryFile() as archivo:
        libro.save(archivo)
        archivo.seek(0)
        while trozo := archivo.read(_TROZO):
            yield trozo


def _escrita(hoja: Any, valor: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if isinstance(valor, str):
        if len(valor) > _LARGO_DE_CELDA:
            raise LibroIlegible(
                "Un texto pasa de 32.767 caracteres, lo que cabe en una celda de Excel: exporte en CSV."
            )
        celda = WriteOnlyCell(hoja, value="")
        celda._value = _NO_ADMITIDO.sub(lambda hallado: f"_x{ord(hallado[0]):04X}_", valor)
        # Siempre texto: openpyxl tomaría por fórmula lo que empieza por «=».
        celda.data_type = "s"
        return celda
    if isinstance(valor, datetime | date):
        if valor.year <= _PRIMER_ANIO_EXCEL:
            return valor.isoformat()
        celda = WriteOnlyCell(hoja, value=valor)
        celda.number_format = "DD/MM/YYYY HH:MM:SS" if isinstance(valor, datetime) else "DD/MM/YYYY"
        return celda
    return valor
