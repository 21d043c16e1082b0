"""Archivos de tabla que entran y salen del panel: CSV, XLSX y JSON. No saben de modelos.

Lo que se escribe abre bien en un Excel de Colombia: CSV con punto y coma, UTF-8 con BOM y fin de línea de Windows. Lo
que se lee es más amplio: punto y coma, coma o tabulador; UTF-8, UTF-16 con BOM o Latin-1 (cp1252).

Un texto que una hoja de cálculo tomaría por fórmula sale con un apóstrofo delante y al entrar lo pierde: exportar e
importar deja el mismo texto (véanse `proteger` y `restaurar`). Un archivo que no se puede leer lanza `ArchivoIlegible`
con una sola frase.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from import_export.formats.base_formats import Format

from . import libros
from .salida import escribir_csv, escribir_json, escribir_xlsx, restaurar

MAX_COLUMNAS = 200
_LARGO_DE_CELDA = 10_000_000
csv.field_size_limit(_LARGO_DE_CELDA)


class ArchivoIlegible(ValueError):
    """El archivo no se puede leer: el mensaje es una frase para quien lo subió."""


@dataclass
class Fila:
    """Una fila de datos con el número que tiene en el archivo; `falla` si no tiene la forma del encabezado."""

    numero: int
    valores: dict[str, Any]
    falla: str = ""


@dataclass
class Tabla:
    """Lo leído de un archivo de tabla. Hace de `Dataset` en las pantallas de django-import-export."""

    encabezados: list[str]
    filas: list[Fila] = field(default_factory=list)
    tabular: bool = True

    def __len__(self) -> int:
        return len(self.filas)


# --- Lectura ---------------------------------------------------------------------------------------------------------


def comprobar_peso(datos: bytes) -> None:
    """Rechaza lo vacío y lo que pasa de IMPORTACION_MAX_BYTES."""
    if not datos.strip():
        raise ArchivoIlegible("El archivo está vacío.")
    if len(datos) > settings.IMPORTACION_MAX_BYTES:
        raise ArchivoIlegible(
            f"El archivo pesa {len(datos) / 1e6:.1f} MB y el máximo es {settings.IMPORTACION_MAX_BYTES / 1e6:.0f} MB:"
            " divídalo en varios."
        )


def decodificar(datos: bytes) -> str:
    """El texto de un archivo en UTF-8, UTF-16 con BOM o Latin-1 (cp1252)."""
    if datos.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return datos.decode("utf-16")
        except UnicodeDecodeError:
            raise ArchivoIlegible("El archivo dice estar en UTF-16 y está dañado: guárdelo como UTF-8.") from None
    if b"\0" in datos:
        raise ArchivoIlegible("El archivo no es de texto: se esperaba un CSV o un JSON guardado como UTF-8.")
    try:
        return datos.decode("utf-8-sig")
    except UnicodeDecodeError:
        # cp1252 deja cinco códigos sin letra; latin-1 los lee todos.
        try:
            return datos.decode("cp1252")
        except UnicodeDecodeError:
            return datos.decode("latin-1")


def leer_csv(datos: bytes) -> Tabla:
    """Lee un CSV con el separador que traiga su primera línea."""
    comprobar_peso(datos)
    if datos.startswith(b"PK\x03\x04"):
        raise ArchivoIlegible("El archivo es una hoja de Excel, no un CSV: elija el formato XLSX.")
    texto = decodificar(datos)
    separador, salto = _separador(texto)
    lector = csv.reader(io.StringIO(texto[salto:], newline=""), delimiter=separador, strict=True)
    desfase = 1 if salto else 0
    filas: list[tuple[int, list[Any]]] = []
    numero = 1
    try:
        for celdas in lector:
            filas.append((numero + desfase, [restaurar(celda) for celda in celdas]))
            numero = lector.line_num + 1
    except csv.Error:
        raise ArchivoIlegible(
            f"La línea {lector.line_num + desfase} del CSV tiene comillas mal cerradas o un texto después de ellas."
        ) from None
    return _tabla(filas)


def _separador(texto: str) -> tuple[str, int]:
    """El separador y cuántos caracteres saltar (la línea «sep=;» que escribe Excel)."""
    if aviso := re.match(r"sep=(.)\r?\n", texto):
        return aviso[1], aviso.end()
    sin_comillas = re.sub(r'"(?:[^"]|"")*"', "", texto[:65_536].lstrip("\r\n"))
    primera = re.split(r"[\r\n]", sin_comillas, maxsplit=1)[0]
    return max(";,\t", key=primera.count), 0


def leer_xlsx(datos: bytes) -> Tabla:
    """Lee la primera hoja de un libro de Excel."""
    comprobar_peso(datos)
    try:
        # Excel no guarda las celdas vacías del final de una fila: una fila corta no es una falla.
        return _tabla(libros.leer(datos, restaurar), completar=True)
    except libros.LibroIlegible as error:
        raise ArchivoIlegible(str(error)) from None


def leer_json(datos: bytes) -> Tabla:
    """Lee una lista de objetos JSON, uno por registro."""
    contenido = cargar_json(datos)
    if not isinstance(contenido, list):
        raise ArchivoIlegible("Se esperaba una lista JSON de registros: [{…}, {…}].")
    tabla = Tabla([], tabular=False)
    vistas: dict[str, None] = {}
    for numero, registro in enumerate(contenido, 1):
        if not isinstance(registro, dict):
            tabla.filas.append(Fila(numero, {}, "Se esperaba un objeto JSON, con llaves."))
            continue
        repetidas = getattr(registro, "repetidas", ())
        falla = f"La clave «{repetidas[0]}» está repetida dentro del objeto." if repetidas else ""
        vistas.update(dict.fromkeys(registro))
        tabla.filas.append(Fila(numero, registro, falla))
    tabla.encabezados = list(vistas)
    return tabla


class Objeto(dict[str, Any]):
    """Un objeto JSON que recuerda qué claves venían repetidas: `json.loads` las perdería."""

    repetidas: tuple[str, ...] = ()


def _objeto(pares: list[tuple[str, Any]]) -> Objeto:
    objeto = Objeto(pares)
    if len(objeto) != len(pares):
        vistas: set[str] = set()
        objeto.repetidas = tuple(clave for clave, _ in pares if clave in vistas or vistas.add(clave))  # type: ignore[func-returns-value]
    return objeto


def cargar_json(datos: bytes) -> Any:
    """El contenido de un JSON, con los decimales exactos y las claves repetidas anotadas en cada `Objeto`."""
    comprobar_peso(datos)
    texto = decodificar(datos)
    try:
        return json.loads(texto, object_pairs_hook=_objeto, parse_float=Decimal, parse_constant=_constante)
    except json.JSONDecodeError as error:
        raise ArchivoIlegible(
            f"El JSON está mal escrito en la línea {error.lineno}, columna {error.colno}: {_motivo_json(error.msg)}."
        ) from None
    except RecursionError:
        raise ArchivoIlegible("El JSON tiene demasiados niveles, uno dentro de otro.") from None
    except ArchivoIlegible:
        raise
    except ValueError:
        raise ArchivoIlegible("El JSON trae un número con demasiadas cifras.") from None


def _constante(nombre: str) -> Any:
    raise ArchivoIlegible(f"El JSON trae «{nombre}», que no es un valor válido.")


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


def _motivo_json(mensaje: str) -> str:
    return next((motivo for inicio, motivo in _MOTIVOS if mensaje.startswith(inicio)), "no se entiende")


def _tabla(filas: Iterable[tuple[int, list[Any]]], *, completar: bool = False) -> Tabla:
    con_datos = ((n, celdas) for n, celdas in filas if any(celda not in (None, "") for celda in celdas))
    try:
        _, primera = next(con_datos)
    except StopIteration:
        raise ArchivoIlegible("El archivo no tiene filas.") from None
    encabezados = ["" if titulo is None else str(titulo).strip() for titulo in primera]
    while encabezados and not encabezados[-1]:
        encabezados.pop()
    _exigir_encabezados(encabezados)
    tabla = Tabla(encabezados)
    ancho = len(encabezados)
    for numero, celdas in con_datos:
        falla = ""
        if completar and len(celdas) < ancho:
            celdas.extend([None] * (ancho - len(celdas)))
        if len(celdas) < ancho or any(celda not in (None, "") for celda in celdas[ancho:]):
            falla = f"La fila tiene {len(celdas)} celdas y el encabezado {ancho}: sobra o falta un separador."
        # Sin estricto: una fila corta o larga ya lleva su falla.
        tabla.filas.append(Fila(numero, dict(zip(encabezados, celdas, strict=False)), falla))
    return tabla


def _exigir_encabezados(encabezados: list[str]) -> None:
    if len(encabezados) > MAX_COLUMNAS:
        raise ArchivoIlegible(f"El archivo tiene {len(encabezados)} columnas y se admiten {MAX_COLUMNAS}.")
    if "" in encabezados:
        raise ArchivoIlegible(f"La columna {encabezados.index('') + 1} no tiene título en la primera fila.")
    repetido = next((titulo for titulo in encabezados if encabezados.count(titulo) > 1), None)
    if repetido is not None:
        raise ArchivoIlegible(f"La columna «{repetido}» está dos veces.")


# --- Formatos que ofrecen las pantallas ------------------------------------------------------------------------------


class FormatoPanel(Format):
    """Un formato de archivo de las pantallas de importar y exportar."""

    titulo = ""
    extension = ""
    tipo = ""
    leer: Callable[[bytes], Tabla]
    escribir: Callable[[list[str], Iterable[list[Any]]], Iterator[bytes]]
    # CSV y XLSX llevan los títulos en español; JSON, los nombres de los campos.
    con_titulos = True

    def __init__(self, encoding: str | None = None) -> None:
        self.encoding = encoding

    def get_title(self) -> str:
        return self.titulo

    def create_dataset(self, in_stream: bytes) -> Tabla:
        return type(self).leer(in_stream)

    def get_extension(self) -> str:
        return self.extension

    def get_content_type(self) -> str:
        return self.tipo

    def can_import(self) -> bool:
        return True

    def can_export(self) -> bool:
        return True


class CSV(FormatoPanel):
    """Texto separado por punto y coma."""

    titulo = "CSV (texto)"
    extension = "csv"
    tipo = "text/csv; charset=utf-8"
    leer = staticmethod(leer_csv)
    escribir = staticmethod(escribir_csv)


class XLSX(FormatoPanel):
    """Libro de Excel."""

    titulo = "Excel (XLSX)"
    extension = "xlsx"
    tipo = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    leer = staticmethod(leer_xlsx)
    escribir = staticmethod(escribir_xlsx)


class JSON(FormatoPanel):
    """Lista de objetos JSON."""

    titulo = "JSON"
    extension = "json"
    tipo = "application/json"
    leer = staticmethod(leer_json)
    escribir = staticmethod(escribir_json)
    con_titulos = False


FORMATOS: list[type[FormatoPanel]] = [CSV, XLSX, JSON]
POR_EXTENSION = {formato.extension: formato for formato in FORMATOS}
