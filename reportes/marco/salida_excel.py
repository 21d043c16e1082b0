"""Un reporte en Excel: los números con su formato, el total, y otra hoja que dice qué es y de dónde sale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from movistar_site.comun.salida.estilos import Estilo
from movistar_site.comun.salida.libro import FormatoXlsx, Libro, texto_de_celda
from movistar_site.comun.salida.plan import Trozo

from .columnas import Clase, Columna

if TYPE_CHECKING:
    from .salidas import Contenido

HOJA, HOJA_DE_FICHA = "Reporte", "Qué es"
_FILAS_POR_TROZO = 1_000
_ESTILOS = {
    Clase.ENTERO: Estilo.ENTERO,
    Clase.PESOS: Estilo.PESOS,
    Clase.PORCENTAJE: Estilo.PORCENTAJE,
    Clase.DECIMAL: Estilo.DECIMAL,
}
_TOTALES = {
    Clase.ENTERO: Estilo.TOTAL_ENTERO,
    Clase.PESOS: Estilo.TOTAL_PESOS,
    Clase.PORCENTAJE: Estilo.TOTAL_PORCENTAJE,
    Clase.DECIMAL: Estilo.TOTAL_DECIMAL,
}
_CIEN = Decimal(100)
_FORMATO = FormatoXlsx()
_ANCHOS = {Clase.TEXTO: 28, Clase.FECHA: 13, Clase.FECHA_Y_HORA: 20, Clase.PESOS: 18}
_ANCHO = 14


def libro(columnas: Sequence[Columna], contenidos: Iterator[Contenido]) -> Iterator[bytes]:
    """El libro, por trozos: el primero sale sin haber preguntado nada."""
    escrito = Libro()
    yield escrito.abrir()
    for contenido in contenidos:
        titulos = [columna.titulo for columna in columnas]
        anchos = [max(_ANCHOS.get(columna.clase, _ANCHO), len(columna.titulo) + 2) for columna in columnas]
        yield from escrito.hoja(HOJA, titulos, _trozos(columnas, contenido), anchos=anchos)
        yield from escrito.hoja(HOJA_DE_FICHA, ["Dato", "Valor"], [_ficha(columnas, contenido)], anchos=[30, 90])
    yield escrito.cerrar()


def _trozos(columnas: Sequence[Columna], contenido: Contenido) -> Iterator[Trozo]:
    filas = iter(contenido.filas)
    while trozo := list(islice(filas, _FILAS_POR_TROZO)):
        yield len(trozo), "".join(_fila(columnas, fila, _ESTILOS, Estilo.NORMAL) for fila in trozo)
    if contenido.total is not None:
        yield 1, _fila(columnas, contenido.total, _TOTALES, Estilo.TOTAL)


def _fila(columnas: Sequence[Columna], valores: Sequence[Any], estilos: dict[Clase, Estilo], corriente: Estilo) -> str:
    celdas = [
        _celda(columna, valor, estilos.get(columna.clase, corriente))
        for columna, valor in zip(columnas, valores, strict=True)
    ]
    return f"<row>{''.join(celdas)}</row>"


def _celda(columna: Columna, valor: Any, estilo: Estilo) -> str:
    if valor is None or valor == "":
        return f'<c s="{estilo.value}"/>'
    if isinstance(valor, int | float | Decimal) and not isinstance(valor, bool):
        # Excel guarda un porcentaje como fracción: así se puede seguir calculando con él.
        escrito = Decimal(valor) / _CIEN if columna.clase is Clase.PORCENTAJE else valor
        return f'<c s="{estilo.value}"><v>{escrito}</v></c>'
    if isinstance(valor, datetime) and timezone.is_aware(valor):
        valor = timezone.localtime(valor).replace(tzinfo=None)
    if isinstance(valor, date):
        return _FORMATO.celda(None, valor)
    return texto_de_celda(str(valor), estilo.value) if estilo is Estilo.TOTAL else _FORMATO.celda(None, str(valor))


def _ficha(columnas: Sequence[Columna], contenido: Contenido) -> Trozo:
    """Lo que hay que saber para entender el reporte, en pares."""
    pares = [("Reporte", contenido.titulo), ("Qué responde", contenido.pregunta), *contenido.filtros]
    pares += [("Lo sacó", contenido.autor), ("Cuándo", f"{timezone.localtime(contenido.ahora):%d/%m/%Y %H:%M}")]
    if contenido.nota:
        pares.append(("Nota", contenido.nota))
    pares += [(columna.titulo, columna.definicion) for columna in columnas if columna.definicion]
    filas = [
        f"<row>{texto_de_celda(dato, Estilo.NEGRITA.value)}{texto_de_celda(valor, Estilo.PARRAFO.value)}</row>"
        for dato, valor in pares
    ]
    return len(filas), "".join(filas)
