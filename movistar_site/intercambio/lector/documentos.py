"""Un archivo abierto para leerlo: JSON como árbol, CSV y XLSX como filas."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path, PurePath
from types import TracebackType
from typing import Any, Self

from django.conf import settings

from movistar_site.comun.archivos import ArchivoIlegible
from movistar_site.comun.libros import Libro, LibroIlegible
from movistar_site.comun.salida.proteccion import restaurar
from movistar_site.comun.tablas import Encabezado, filas_csv, formar, separador
from movistar_site.comun.valores import citar

from .arbol import Analizador
from .cursor import VENTANA, Cursor
from .origen import Examen, Texto, abrir_binario, examinar, lugar_del_byte
from .piezas import Reparaciones

JSON, CSV, XLSX = "json", "csv", "xlsx"
POR_EXTENSION = {
    ".json": JSON, ".jsonl": JSON, ".ndjson": JSON, ".csv": CSV, ".tsv": CSV, ".txt": CSV, ".xlsx": XLSX,
}  # fmt: skip
_NIVELES_POSIBLES = 150
_MUESTRA = 64 * 1024
_TIENE_CARA_DE_JSON = re.compile(r"\s*(?:\[\s*[\[{\]]|\{\s*[\"'{}])").match


class Documento:
    """Un archivo abierto. Se usa con `with`; lanza ArchivoIlegible al abrirlo o mientras se lee.

    `huella`: SHA-256. `leidos` de `bytes`: por dónde va. `reparaciones` crece mientras se lee.
    """

    formato = ""

    def __init__(self, nombre: str, examen: Examen) -> None:
        self.nombre = nombre
        self.codificacion = examen.codificacion.nombre if examen.codificacion else ""
        self.huella = examen.huella
        self.bytes = examen.peso
        self.reparaciones = Reparaciones()

    @property
    def leidos(self) -> int:
        """Cuántos bytes del archivo van leídos."""
        raise NotImplementedError

    def cerrar(self) -> None:
        """Suelta el archivo."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, tipo: type[BaseException] | None, error: BaseException | None, rastro: TracebackType | None
    ) -> None:
        self.cerrar()

    def _decir_danos(self, ruta: Path, examen: Examen) -> None:
        if examen.codificacion is not None and examen.codificacion.danada_en >= 0:
            self.reparaciones.anotar(
                *lugar_del_byte(ruta, examen.codificacion.danada_en),
                "Hay letras que no están en UTF-8 como el resto del archivo: se leen como las de Windows.",
            )


class DocumentoJson(Documento):
    """Un JSON de cualquier tamaño."""

    formato = JSON

    def __init__(self, ruta: Path, nombre: str, examen: Examen, ventana: int) -> None:
        super().__init__(nombre, examen)
        self._decir_danos(ruta, examen)
        self._texto = Texto(ruta, examen, ventana)
        niveles = min(settings.IMPORTACION_MAX_NIVELES, _NIVELES_POSIBLES)
        self._analizador = Analizador(Cursor(self._texto, self.reparaciones, ventana), niveles)

    @property
    def leidos(self) -> int:
        return self._texto.leidos

    def raiz(self) -> Any:
        """Lo que trae el archivo: un valor, o un `Flujo` si no cabe en la ventana. Una sola vez."""
        return self._analizador.raiz()

    def cerrar(self) -> None:
        self._texto.cerrar()


class DocumentoTabla(Documento):
    """Una tabla: `encabezados`, el número de la fila en que están (`primera_fila`) y las filas que siguen."""

    encabezados: list[str]
    primera_fila: int

    def _tomar(self, filas: Iterator[tuple[int, list[Any]]], *, completar: bool) -> None:
        encabezado: Encabezado
        self.primera_fila, encabezado, self._filas = formar(filas, completar=completar)
        self.encabezados = encabezado.titulos

    def filas(self) -> Iterator[tuple[int, list[Any], str]]:
        """Las filas con datos: su número en el archivo, sus celdas y su falla si no tiene la forma del encabezado."""
        return self._filas


class DocumentoCsv(DocumentoTabla):
    """Un CSV con el separador que traiga."""

    formato = CSV

    def __init__(self, ruta: Path, nombre: str, examen: Examen) -> None:
        super().__init__(nombre, examen)
        assert examen.codificacion is not None  # noqa: S101
        self._decir_danos(ruta, examen)
        self._archivo = abrir_binario(ruta)
        try:
            self._texto = io.TextIOWrapper(
                self._archivo, examen.codificacion.nombre, examen.codificacion.errores, newline=""
            )
            muestra = self._texto.read(_MUESTRA)
            if _TIENE_CARA_DE_JSON(muestra):
                raise ArchivoIlegible(
                    "El archivo no es una tabla: por dentro es un JSON; cámbiele la extensión a .json."
                )
            delimitador, salto = separador(muestra)
            self._texto.seek(0)
            if salto:
                self._texto.readline()
            self._tomar(filas_csv(self._texto, delimitador, 1 if salto else 0), completar=False)
        except BaseException:
            self._archivo.close()
            raise

    @property
    def leidos(self) -> int:
        return self.bytes if self._archivo.closed else self._archivo.tell()

    def cerrar(self) -> None:
        self._texto.close()


class DocumentoExcel(DocumentoTabla):
    """La primera hoja de un libro de Excel; las fechas salen en ISO."""

    formato = XLSX

    def __init__(self, ruta: Path, nombre: str, examen: Examen) -> None:
        super().__init__(nombre, examen)
        self._archivo = abrir_binario(ruta)
        with _como_ilegible():
            self._libro = Libro(
                self._archivo,
                restaurar,
                max_filas=settings.IMPORTACION_MAX_FILAS_EXCEL,
                max_bytes_abierto=settings.IMPORTACION_MAX_BYTES_ABIERTO,
                fechas_en_iso=True,
            )
        try:
            if (cuantas := len(self._libro.hojas)) > 1:
                primera = citar(self._libro.hojas[0])
                self.reparaciones.anotar(0, 0, f"El libro trae {cuantas} hojas: solo se lee la primera, {primera}.")
            self._tomar(_ilegibles(self._libro.filas()), completar=True)
        except BaseException:
            self._libro.cerrar()
            raise

    @property
    def leidos(self) -> int:
        return self.bytes if self._archivo.closed else self._archivo.tell()

    def cerrar(self) -> None:
        self._libro.cerrar()


class _como_ilegible:  # noqa: N801
    """Lo que no se puede leer de un libro sale como ArchivoIlegible."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, tipo: type[BaseException] | None, error: BaseException | None, rastro: TracebackType | None
    ) -> None:
        if isinstance(error, LibroIlegible):
            raise ArchivoIlegible(str(error)) from None


def _ilegibles(filas: Iterator[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
    with _como_ilegible():
        yield from filas


def abrir(ruta: Path, nombre: str, *, ventana: int = VENTANA) -> Documento:
    """Abre un archivo según la extensión de su nombre. Lanza ArchivoIlegible si no es lo que dice ser.

    `ventana`: cuántos bytes de un JSON se leen cada vez.
    """
    formato = POR_EXTENSION.get(PurePath(nombre).suffix.lower())
    if formato is None:
        raise ArchivoIlegible("No es un archivo .json, .csv ni .xlsx.")
    examen = examinar(ruta, de_texto=formato != XLSX)
    if formato == JSON:
        return DocumentoJson(ruta, nombre, examen, ventana)
    return DocumentoCsv(ruta, nombre, examen) if formato == CSV else DocumentoExcel(ruta, nombre, examen)
