"""Archivos de tabla que entran y salen del panel: CSV, XLSX y JSON. No saben de modelos.

Lo que se escribe abre bien en un Excel de Colombia: CSV con punto y coma, UTF-8 con BOM y fin de línea de Windows. Lo
que se lee es más amplio: punto y coma, coma o tabulador; UTF-8, UTF-16 con BOM o Latin-1 (cp1252).

Un texto que una hoja de cálculo tomaría por fórmula sale con un apóstrofo delante y al entrar lo pierde: exportar e
importar deja el mismo texto (véanse `proteger` y `restaurar`). Un archivo que no se puede leer lanza `ArchivoIlegible`
con una sola frase.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from import_export.formats.base_formats import Format

from . import libros
from .archivos import ArchivoIlegible, decodificar
from .json_leido import Objeto, constante, decimal, motivo, objeto
from .salida import escribir_csv, escribir_json, escribir_xlsx, proteger, restaurar
from .tablas import filas_csv, formar, separador

__all__ = ["ArchivoIlegible", "Objeto", "decodificar", "proteger", "restaurar"]


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
    """Rechaza lo vacío y lo que pasa de IMPORTACION_MAX_BYTES_EN_PANTALLA."""
    if not datos.strip():
        raise ArchivoIlegible("El archivo está vacío.")
    maximo = settings.IMPORTACION_MAX_BYTES_EN_PANTALLA
    if len(datos) > maximo:
        raise ArchivoIlegible(
            f"El archivo pesa {len(datos) / 1e6:.1f} MB y el máximo es {maximo / 1e6:.0f} MB: divídalo en varios."
        )


def leer_csv(datos: bytes) -> Tabla:
    """Lee un CSV con el separador que traiga su primera línea."""
    comprobar_peso(datos)
    if datos.startswith(b"PK\x03\x04"):
        raise ArchivoIlegible("El archivo es una hoja de Excel, no un CSV: elija el formato XLSX.")
    texto = decodificar(datos)
    delimitador, salto = separador(texto)
    return _tabla(filas_csv(io.StringIO(texto[salto:], newline=""), delimitador, 1 if salto else 0))


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


def cargar_json(datos: bytes) -> Any:
    """El contenido de un JSON, con los decimales exactos y las claves repetidas anotadas en cada `Objeto`."""
    comprobar_peso(datos)
    texto = decodificar(datos)
    try:
        return json.loads(texto, object_pairs_hook=objeto, parse_float=decimal, parse_constant=constante)
    except json.JSONDecodeError as error:
        raise ArchivoIlegible(
            f"El JSON está mal escrito en la línea {error.lineno}, columna {error.colno}: {motivo(error.msg)}."
        ) from None
    except RecursionError:
        raise ArchivoIlegible("El JSON tiene demasiados niveles, uno dentro de otro.") from None
    except ArchivoIlegible:
        raise
    except ValueError:
        raise ArchivoIlegible("El JSON trae un número con demasiadas cifras.") from None


def _tabla(filas: Iterable[tuple[int, list[Any]]], *, completar: bool = False) -> Tabla:
    _, encabezado, formadas = formar(filas, completar=completar)
    tabla = Tabla(encabezado.titulos)
    # Sin estricto: una fila corta o larga ya lleva su falla.
    tabla.filas = [
        Fila(numero, dict(zip(encabezado.titulos, celdas, strict=False)), falla) for numero, celdas, falla in formadas
    ]
    return tabla


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
