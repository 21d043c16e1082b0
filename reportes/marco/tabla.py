"""Lo que un reporte agrupado muestra: sus filas con todas sus cifras, el total y lo de antes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, QuerySet, Sum, Value

from movistar_site.comun.centavos import Centavos

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
        de_estas, suyos = _contar(dimension, pedido.aplicar(filas(pedido)), juntas, pedido)
        totales |= suyos
        for clave, cifras in de_estas.items():
            por_clave.setdefault(clave, {}).update(cifras)
    return por_clave, totales


def _contar(
    dimension: Dimension, consulta: QuerySet[Any], medidas: Sequence[Medida], pedido: Pedido
) -> tuple[dict[Any, dict[str, Any]], dict[str, Any]]:
    """Las cifras de unas filas por clave, y en total.

    El total es la suma de los renglones, salvo el de lo que se cuenta una sola vez o puede caer en varios.
    """
    sumas = {medida.nombre: agregado(medida, pedido) for medida in medidas}
    por_clave: dict[Any, dict[str, Any]] = {}
    totales: dict[str, Any] = dict.fromkeys(sumas, 0)
    fila_de = dimension.fila_de(pedido)
    for grupo in dimension.grupos(consulta, sumas):
        clave = fila_de(grupo.pop("_clave"))
        cifras = _en_pesos(medidas, grupo)
        if any(cifras.values()):
            suyas = por_clave.setdefault(clave, dict.fromkeys(sumas, 0))
            suyas.update({nombre: suyas[nombre] + valor for nombre, valor in cifras.items()})
        for nombre, valor in cifras.items():
            totales[nombre] += valor
    aparte = [medida for medida in medidas if medida.distintos or not dimension.exclusiva]
    if aparte:
        todo = consulta.order_by().aggregate(**{medida.nombre: sumas[medida.nombre] for medida in aparte})
        totales |= _en_pesos(aparte, todo)
    return por_clave, totales


def _en_pesos(medidas: Sequence[Medida], contadas: Mapping[str, Any]) -> dict[str, Any]:
    """Las cifras que dio la base: las sumas vienen en centavos."""
    return {
        medida.nombre: Decimal(contadas[medida.nombre] or 0) / 100 if medida.suma else contadas[medida.nombre] or 0
        for medida in medidas
    }


def agregado(medida: Medida, pedido: Pedido) -> Any:
    """Cómo se cuenta la medida en la base."""
    cuando = medida.condicion(pedido)
    filtro = cuando if cuando != Q() else None
    if medida.suma:
        return _suma(medida, filtro)
    if medida.distintos:
        return Count(medida.distintos, distinct=True, filter=filtro)
    # No la clave: así basta para contar un índice que no la tiene.
    return Count("*") if filtro is None else Count(Value(1), filter=filtro)


def _suma(medida: Medida, filtro: Q | None = None) -> Sum:
    return Sum(F(medida.suma) if medida.en_centavos else Centavos(medida.suma), filter=filtro)


def sumar(medida: Medida, filas: QuerySet[Any]) -> Decimal:
    """Los pesos que suma en esas filas, exactos."""
    return Decimal(filas.order_by().aggregate(suma=_suma(medida))["suma"] or 0) / 100


def comparar(tabla: Tabla, anterior: Tabla, clave_antes: Callable[[Any], Any]) -> None:
    """Pone en cada fila las cifras que tenía en el período anterior. `clave_antes`: la de la fila que era."""
    antes = {fila.clave: fila.valores for fila in anterior.filas}
    for fila in tabla.filas:
        fila.antes = antes.get(clave_antes(fila.clave), {})
    tabla.total.antes = anterior.total.valores
