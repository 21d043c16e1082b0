"""Lo que un reporte agrupado muestra: sus filas con todas sus cifras, el total y lo de antes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet, Sum

from .columnas import TOTAL, Calculada, Cifra, Derivada, Medida
from .dimensiones import Dimension, Renglon

if TYPE_CHECKING:
    from .pedido import Pedido


@dataclass
class Fila:
    """Una fila: sus rótulos y sus cifras por nombre de columna. `antes`: las cifras del período anterior."""

    clave: Any
    valores: dict[str, Any]
    enlace: str = ""
    antes: dict[str, Any] | None = None


@dataclass
class Tabla:
    """Las filas de un reporte, en el orden en que se piden, y la del total de todo lo filtrado."""

    filas: list[Fila] = field(default_factory=list)
    total: Fila = field(default_factory=lambda: Fila(TOTAL, {}))

    def ordenar(self, orden: str) -> None:
        """Por una columna, de menor a mayor o, con «-», de mayor a menor; lo que no tiene valor va al final."""
        nombre, reves = orden.removeprefix("-"), orden.startswith("-")
        con = [fila for fila in self.filas if fila.valores.get(nombre) is not None]
        sin = [fila for fila in self.filas if fila.valores.get(nombre) is None]
        con.sort(key=lambda fila: _comparable(fila.valores[nombre]), reverse=reves)
        self.filas = con + sin


def _comparable(valor: Any) -> Any:
    return valor.casefold() if isinstance(valor, str) else valor


def armar(pedido: Pedido, dimension: Dimension, cifras: Sequence[Cifra]) -> Tabla:
    """Las filas con sus cifras. Las medidas que comparten filas salen de una sola consulta."""
    por_clave, totales = _medir(pedido, dimension, [c for c in cifras if isinstance(c, Medida)])
    for cifra in cifras:
        if isinstance(cifra, Calculada):
            for clave, valor in cifra.valores(pedido, dimension).items():
                destino = totales if clave is TOTAL else por_clave.setdefault(clave, {})
                destino[cifra.nombre] = valor
    renglones = list(dimension.renglones(pedido))
    conocidas = {renglon.clave for renglon in renglones}
    renglones += [dimension.renglon_de(clave, pedido) for clave in por_clave if clave not in conocidas]
    filas = [_fila(renglon, por_clave.get(renglon.clave, {}), cifras) for renglon in renglones]
    total = Fila(TOTAL, {cifra.nombre: totales.get(cifra.nombre, _cero(cifra)) for cifra in cifras})
    _derivar([*filas, total], total, cifras)
    return Tabla(filas, total)


def _fila(renglon: Renglon, valores: Mapping[str, Any], cifras: Sequence[Cifra]) -> Fila:
    completos = {cifra.nombre: valores.get(cifra.nombre, _cero(cifra)) for cifra in cifras}
    return Fila(renglon.clave, {**renglon.valores, **completos}, renglon.enlace)


def _cero(cifra: Cifra) -> Any:
    return 0 if isinstance(cifra, Medida) else None


def _derivar(filas: Iterable[Fila], total: Fila, cifras: Sequence[Cifra]) -> None:
    derivadas = [cifra for cifra in cifras if isinstance(cifra, Derivada)]
    for fila in filas:
        for cifra in derivadas:
            argumentos = (fila.valores, total.valores) if cifra.sobre_total else (fila.valores,)
            fila.valores[cifra.nombre] = cifra.de(*argumentos)


# --- Medir -----------------------------------------------------------------------------------------------------------
def _medir(
    pedido: Pedido, dimension: Dimension, medidas: Sequence[Medida]
) -> tuple[dict[Any, dict[str, Any]], dict[str, Any]]:
    por_clave: dict[Any, dict[str, Any]] = {}
    totales: dict[str, Any] = {}
    por_contar: dict[Any, list[Medida]] = {}
    for medida in medidas:
        llevadas = medida.resumen(pedido, dimension) if medida.resumen is not None else None
        if llevadas is None:
            por_contar.setdefault(medida.filas, []).append(medida)
            continue
        for clave, valor in llevadas.items():
            if clave is TOTAL:
                totales[medida.nombre] = valor
            elif valor:
                por_clave.setdefault(clave, {})[medida.nombre] = valor
    for filas, juntas in por_contar.items():
        sumas = {medida.nombre: agregado(medida, pedido) for medida in juntas}
        aparte = {medida.nombre for medida in juntas if medida.distintos or not dimension.reparte}
        de_estas, suyos = _contar(dimension, pedido.aplicar(filas(pedido)), sumas, aparte)
        totales |= suyos
        for clave, cifras in de_estas.items():
            por_clave.setdefault(clave, {}).update(cifras)
    return por_clave, totales


def _contar(
    dimension: Dimension, consulta: QuerySet[Any], sumas: Mapping[str, Any], aparte: Collection[str]
) -> tuple[dict[Any, dict[str, Any]], dict[str, Any]]:
    """Las cifras de unas filas por clave, y en total: la suma de los renglones, salvo la de las de `aparte`."""
    por_clave: dict[Any, dict[str, Any]] = {}
    totales: dict[str, Any] = dict.fromkeys(sumas, 0)
    # El orden es el de las filas ya agrupadas: unas claves distintas de nulo también pueden ser nulas.
    for grupo in dimension.agrupada(consulta).annotate(**sumas).order_by():
        clave = grupo.pop("_clave")
        cifras = {nombre: valor or 0 for nombre, valor in grupo.items()}
        if any(cifras.values()):
            por_clave[clave] = cifras
        for nombre, valor in cifras.items():
            totales[nombre] += valor
    if aparte:
        todo = consulta.order_by().aggregate(**{nombre: sumas[nombre] for nombre in aparte})
        totales |= {nombre: valor or 0 for nombre, valor in todo.items()}
    return por_clave, totales


def agregado(medida: Medida, pedido: Pedido) -> Any:
    """Cómo se cuenta la medida en la base."""
    cuando = medida.condicion(pedido)
    filtro = cuando if cuando != Q() else None
    if medida.suma:
        return Sum(medida.suma, filter=filtro)
    if medida.distintos:
        return Count(medida.distintos, distinct=True, filter=filtro)
    return Count("pk", filter=filtro)


def comparar(tabla: Tabla, anterior: Tabla) -> None:
    """Pone en cada fila las cifras que tenía en el período anterior."""
    antes = {fila.clave: fila.valores for fila in anterior.filas}
    for fila in tabla.filas:
        fila.antes = antes.get(fila.clave, {})
    tabla.total.antes = anterior.total.valores
