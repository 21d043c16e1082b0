"""Un reporte en un archivo: CSV y JSON para otros programas, Excel con sus formatos y PDF para imprimir.

El primer trozo sale antes de preguntar nada a la base; los demás, por tandas, de una lectura que no cambia mientras se
escribe y que no detiene a nadie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify

from movistar_site.comun.salida import Cuenta, escribir_csv, texto_json
from movistar_site.comun.salida.instantanea import instantanea

from .columnas import Clase, Columna
from .listados import Listado
from .palabras import filtros_en_palabras
from .pedido import Pedido
from .reporte import Agrupado, Lista, Reporte
from .salida_excel import libro
from .salida_pdf import FILAS_POR_PDF, hoja
from .tabla import Tabla

FORMATOS = ("csv", "xlsx", "pdf", "json")
NOMBRES = {"csv": "CSV", "xlsx": "Excel", "pdf": "PDF", "json": "JSON"}
_FILAS_POR_TROZO = 1_000


class DemasiadoLargo(ValidationError):
    """El reporte no cabe en ese formato; el mensaje dice en cuál sí."""


@dataclass(frozen=True)
class Contenido:
    """Lo que va en un archivo: de qué es, con qué filtros, de quién, sus columnas y sus filas.

    `filas` son valores en el orden de las columnas; se recorren una vez. `total`: la última fila, si la hay.
    """

    titulo: str
    pregunta: str
    filtros: Sequence[tuple[str, str]]
    autor: str
    ahora: datetime
    columnas: Sequence[Columna]
    filas: Iterable[Sequence[Any]]
    total: Sequence[Any] | None = None
    nota: str = ""

    @property
    def pie(self) -> str:
        """Quién lo sacó y cuándo."""
        return f"Panel {settings.MARCA_NOMBRE} · {self.autor} · {timezone.localtime(self.ahora):%d/%m/%Y %H:%M}"


def archivo(
    reporte: Reporte,
    pedido: Pedido,
    formato: str,
    *,
    autor: str,
    ahora: datetime,
    orden: str = "",
    cuenta: Cuenta | None = None,
    tabla: Tabla | None = None,
) -> Iterator[bytes]:
    """El reporte con sus filtros, por trozos. `autor`: a nombre de quién sale. `tabla`: si quien llama ya la armó.

    Lanza DemasiadoLargo, antes del primer trozo, si no cabe en un PDF.
    """
    encargo = _Encargo(reporte, pedido, formato, autor, ahora, cuenta or Cuenta())
    if isinstance(reporte, Agrupado):
        columnas = reporte.columnas(pedido)
        return _escribir(encargo, columnas, lambda base: _de_tabla(encargo, reporte, orden, base, tabla))
    if not isinstance(reporte, Lista):
        raise TypeError(f"No se sabe escribir «{reporte.clave}» en un archivo.")
    filas, listado = reporte.consulta(pedido), reporte.listado
    exigir_que_quepa(formato, filas)
    return _escribir(encargo, listado.columnas, lambda base: _de_lista(encargo, filas, listado, base))


def archivo_de_filas(
    reporte: Reporte,
    pedido: Pedido,
    formato: str,
    *,
    filas: QuerySet[Any],
    listado: Listado,
    titulo: str,
    autor: str,
    ahora: datetime,
    cuenta: Cuenta | None = None,
) -> Iterator[bytes]:
    """Las filas de una cifra, por trozos. Lanza DemasiadoLargo si no caben en un PDF."""
    exigir_que_quepa(formato, filas)
    encargo = _Encargo(reporte, pedido, formato, autor, ahora, cuenta or Cuenta(), titulo)
    return _escribir(encargo, listado.columnas, lambda base: _de_lista(encargo, filas, listado, base))


def nombre_de_archivo(reporte: Reporte, pedido: Pedido, formato: str, *, ademas: str = "") -> str:
    """«popularidad-2026-03-16.xlsx»."""
    partes = [reporte.clave, slugify(ademas), pedido.al.isoformat()]
    return f"{'-'.join(parte for parte in partes if parte)}.{formato}"


def exigir_que_quepa(formato: str, filas: QuerySet[Any]) -> None:
    """Lanza DemasiadoLargo si son más filas de las que se imprimen en un PDF."""
    if formato == "pdf" and filas.order_by().values("pk")[: FILAS_POR_PDF + 1].count() > FILAS_POR_PDF:
        limite = f"{FILAS_POR_PDF:,}".replace(",", ".")
        raise DemasiadoLargo(f"Un PDF lleva hasta {limite} filas: use más filtros, o bájelo en Excel o en CSV.")


# --- Reunir ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Encargo:
    """Qué se saca, en qué formato y a nombre de quién."""

    reporte: Reporte
    pedido: Pedido
    formato: str
    autor: str
    ahora: datetime
    cuenta: Cuenta
    titulo: str = ""

    def contenido(self, columnas: Sequence[Columna], filas: Iterable[Sequence[Any]], total: Any = None) -> Contenido:
        return Contenido(
            titulo=self.titulo or self.reporte.titulo,
            pregunta=self.reporte.pregunta,
            filtros=filtros_en_palabras(self.reporte, self.pedido),
            autor=self.autor,
            ahora=self.ahora,
            columnas=columnas,
            filas=_contadas(filas, self.cuenta),
            total=total,
            nota=self.reporte.nota,
        )


def _de_tabla(encargo: _Encargo, reporte: Agrupado, orden: str, base: str, armada: Tabla | None) -> Contenido:
    pedido = replace(encargo.pedido, base=base)
    columnas, tabla = reporte.columnas(pedido), armada or reporte.tabla(pedido, orden=orden)
    filas = [[fila.valores.get(columna.nombre) for columna in columnas] for fila in tabla.filas]
    total = ["Total", *(tabla.total.valores.get(columna.nombre) for columna in columnas[1:])]
    return encargo.contenido(columnas, filas, total if reporte.con_total else None)


def _de_lista(encargo: _Encargo, filas: QuerySet[Any], listado: Listado, base: str) -> Contenido:
    ordenadas = filas.using(base).order_by("-pk" if listado.orden.descendente else "pk")
    return encargo.contenido(listado.columnas, listado.solo_valores(ordenadas, encargo.pedido.al))


# --- Escribir --------------------------------------------------------------------------------------------------------
def _escribir(encargo: _Encargo, columnas: Sequence[Columna], contenido: Callable[[str], Contenido]) -> Iterator[bytes]:
    escritor = {"csv": _csv, "json": _json, "xlsx": libro, "pdf": hoja}[encargo.formato]

    def perezoso() -> Iterator[Contenido]:
        with instantanea() as base:
            yield contenido(base)

    return escritor(columnas, perezoso())


def _contadas(filas: Iterable[Sequence[Any]], cuenta: Cuenta) -> Iterator[Sequence[Any]]:
    for fila in filas:
        cuenta.registros += 1
        yield fila


def _csv(columnas: Sequence[Columna], contenidos: Iterator[Contenido]) -> Iterator[bytes]:
    filas = (fila for contenido in contenidos for fila in contenido.filas)
    return escribir_csv([columna.titulo for columna in columnas], filas)


def _json(columnas: Sequence[Columna], contenidos: Iterator[Contenido]) -> Iterator[bytes]:
    """Un objeto con lo que encabeza el reporte y la lista de sus filas, una por línea."""
    yield b"{"
    for uno in contenidos:
        cabeza = {
            "reporte": uno.titulo,
            "filtros": dict(uno.filtros),
            "autor": uno.autor,
            "generado": timezone.localtime(uno.ahora).isoformat(timespec="seconds"),
        }
        yield (texto_json(cabeza)[1:-1] + ',"filas":[').encode()
        filas, union = iter(uno.filas), "\n"
        while trozo := list(islice(filas, _FILAS_POR_TROZO)):
            yield (union + ",\n".join(texto_json(_objeto(columnas, fila)) for fila in trozo)).encode()
            union = ",\n"
        yield b"\n]"
        if uno.total is not None:
            yield (',"total":' + texto_json(_objeto(columnas, uno.total))).encode()
    yield b"}\n"


def _objeto(columnas: Sequence[Columna], fila: Sequence[Any]) -> dict[str, Any]:
    """La fila con sus números como números de JSON; los pesos, con sus centavos si los tienen."""
    return {
        columna.nombre: _numero(valor) if isinstance(valor, Decimal) and columna.clase is not Clase.TEXTO else valor
        for columna, valor in zip(columnas, fila, strict=True)
    }


def _numero(valor: Decimal) -> int | float:
    return int(valor) if valor == valor.to_integral_value() else float(valor)
