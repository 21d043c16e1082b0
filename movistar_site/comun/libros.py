"""Libros de Excel (XLSX): lectura acotada. Los escribe `salida.libro`."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

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
    with Libro(io.BytesIO(datos), restaurar) as libro:
        yield from libro.filas()


class Libro:
    """Un libro de Excel abierto para leer su primera hoja fila a fila, sin tenerla entera en memoria.

    `fechas_en_iso`: las fechas salen como texto («2012-03-15», con la hora si la traen). Lanza `LibroIlegible`.
    """

    def __init__(
        self,
        origen: Path | IO[bytes],
        restaurar: Callable[[str], str],
        *,
        max_filas: int = MAX_FILAS,
        max_bytes_abierto: int = MAX_BYTES_ABIERTO,
        fechas_en_iso: bool = False,
    ) -> None:
        self._restaurar = restaurar
        self._max_filas = max_filas
        self._fechas_en_iso = fechas_en_iso
        self._archivo = origen.open("rb") if isinstance(origen, Path) else origen
        self._libro: Any = None
        try:
            _comprobar_zip(self._archivo, max_bytes_abierto)
            self._abrir()
        except LibroIlegible:
            self.cerrar()
            raise

    def _abrir(self) -> None:
        import openpyxl

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                self._libro = openpyxl.load_workbook(self._archivo, read_only=True, data_only=True)
                self.hojas = [str(hoja.title) for hoja in self._libro.worksheets]
                self._hoja = self._libro.worksheets[0]
                # La dimensión declarada puede mentir y hacer rellenar miles de columnas vacías.
                self._hoja.reset_dimensions()
            except Exception as error:  # openpyxl falla de muchas maneras con un libro dañado
                raise LibroIlegible(_NO_ES) from error

    def filas(self) -> Iterator[tuple[int, list[Any]]]:
        """Las filas de la primera hoja, con su número."""
        try:
            for numero, celdas in enumerate(self._hoja.iter_rows(values_only=True), 1):
                if numero > self._max_filas:
                    tope = f"{self._max_filas:,}".replace(",", ".")
                    raise LibroIlegible(f"La hoja pasa de {tope} filas: divídala en varias.")
                yield numero, [celda if celda is None else self._leida(celda) for celda in celdas]
        except LibroIlegible:
            raise
        except Exception as error:
            raise LibroIlegible(_NO_ES) from error

    def _leida(self, celda: Any) -> Any:
        if isinstance(celda, str):
            return self._restaurar(
                _ESCAPADO.sub(lambda hallado: chr(int(hallado[1], 16)), celda) if "_x" in celda else celda
            )
        if isinstance(celda, time):
            return celda.isoformat()
        if self._fechas_en_iso and isinstance(celda, date):
            return _fecha_iso(celda)
        return str(celda) if isinstance(celda, timedelta) else celda

    def cerrar(self) -> None:
        """Suelta el archivo."""
        if self._libro is not None:
            self._libro.close()
        self._archivo.close()

    def __enter__(self) -> Libro:
        return self

    def __exit__(self, *_: object) -> None:
        self.cerrar()


def _fecha_iso(fecha: date) -> str:
    if isinstance(fecha, datetime):
        fecha = fecha.replace(microsecond=0)
        return fecha.isoformat() if fecha.time() != time() else fecha.date().isoformat()
    return fecha.isoformat()


def _comprobar_zip(archivo: IO[bytes], max_bytes_abierto: int) -> None:
    try:
        peso = archivo.seek(0, io.SEEK_END)
        with zipfile.ZipFile(archivo) as comprimido:
            partes = comprimido.infolist()
            abierto = sum(parte.file_size for parte in partes)
            if len(partes) > MAX_PARTES or abierto > max_bytes_abierto or abierto > MAX_PROPORCION * peso + 10**6:
                raise LibroIlegible(_DEMASIADO)
            for parte in partes:
                if parte.filename.endswith((".xml", ".rels")):
                    with comprimido.open(parte) as abierta:
                        # Un libro de verdad nunca declara entidades: así empiezan las bombas de XML.
                        if b"<!DOCTYPE" in abierta.read(4096):
                            raise LibroIlegible(_NO_ES)
    except LibroIlegible:
        raise
    except Exception as error:  # zipfile y zlib fallan de muchas maneras con un ZIP dañado
        raise LibroIlegible(_NO_ES) from error
