"""Las listas de filas: lo que se ve al abrir una cifra, y los reportes que son una lista.

Un listado dice qué columnas se muestran de un modelo. Se leen columnas sueltas y no registros: una lista de un millón
se escribe en un archivo sin armarlos.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from movistar_site.comun.tramos import Orden

from .columnas import Columna

FILAS_POR_TROZO = 2_000
DEL_ULTIMO = Orden(("id",), descendente=True)


@dataclass(frozen=True, kw_only=True)
class ColumnaDeLista(Columna):
    """Un dato de cada fila. `caminos`: las columnas de la base de que sale («cliente__nombre»); si es una sola, basta.

    `valor`: cómo se arma de ellas; sin decirlo, la primera tal cual. `enlace`: página que abre, de las mismas columnas.
    """

    caminos: tuple[str, ...]
    valor: Callable[..., Any] | None = None
    enlace: Callable[..., str] | None = None
    # Lo que no cabe en la página va solo en los archivos.
    en_pagina: bool = True


@dataclass(frozen=True, kw_only=True)
class Listado:
    """Cómo se lista un modelo. `permiso`: para verlo. `exportar`: para llevárselo en un archivo.

    `preparar`: lo que la consulta necesita de más (una anotación), con el día. `orden`: por clave, con su índice.
    """

    modelo: type[Model]
    plural: str
    singular: str
    permiso: str
    exportar: str
    columnas: tuple[ColumnaDeLista, ...]
    orden: Orden = DEL_ULTIMO
    preparar: Callable[[QuerySet[Any], Any], QuerySet[Any]] | None = None

    def caminos(self) -> list[str]:
        """Las columnas de la base que hacen falta, sin repetir; la primera es la clave."""
        todas = (camino for columna in self.columnas for camino in columna.caminos)
        return list(dict.fromkeys(["pk", *todas]))

    def filas(self, consulta: QuerySet[Any], hoy: Any) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
        """De cada fila, sus valores y sus enlaces, por nombre de columna. La consulta llega ordenada."""
        leidas = self._leer(consulta, hoy)
        for crudo in leidas:
            yield self._valores(crudo), self._enlaces(crudo)

    def por_claves(self, claves: Sequence[Any], consulta: QuerySet[Any], hoy: Any) -> list[Any]:
        """Las filas de esas claves, en ese orden."""
        crudos = {crudo["pk"]: crudo for crudo in self._leer(consulta.filter(pk__in=claves).order_by(), hoy)}
        return [(self._valores(crudos[c]), self._enlaces(crudos[c])) for c in claves if c in crudos]

    def solo_valores(self, consulta: QuerySet[Any], hoy: Any) -> Iterator[list[Any]]:
        """Los valores de cada fila, en el orden de las columnas: lo que va a un archivo."""
        for crudo in self._leer(consulta, hoy):
            valores = self._valores(crudo)
            yield [valores[columna.nombre] for columna in self.columnas]

    def _leer(self, consulta: QuerySet[Any], hoy: Any) -> Iterator[Mapping[str, Any]]:
        if self.preparar is not None:
            consulta = self.preparar(consulta, hoy)
        return consulta.values(*self.caminos()).iterator(chunk_size=FILAS_POR_TROZO)

    def _valores(self, crudo: Mapping[str, Any]) -> dict[str, Any]:
        return {columna.nombre: _valor(columna, crudo) for columna in self.columnas}

    def _enlaces(self, crudo: Mapping[str, Any]) -> dict[str, str]:
        return {
            columna.nombre: columna.enlace(*(crudo[camino] for camino in columna.caminos))
            for columna in self.columnas
            if columna.enlace is not None and crudo[columna.caminos[0]] is not None
        }


def _valor(columna: ColumnaDeLista, crudo: Mapping[str, Any]) -> Any:
    partes = [crudo[camino] for camino in columna.caminos]
    return columna.valor(*partes) if columna.valor is not None else partes[0]


LISTADOS: dict[str, Listado] = {}
"""Modelo («clientes.contrato») → cómo se lista cuando se abre una cifra suya."""


def anotar(listado: Listado) -> Listado:
    """Anota cómo se lista un modelo."""
    LISTADOS[listado.modelo._meta.label_lower] = listado
    return listado


def listado_de(modelo: type[Model]) -> Listado:
    """Cómo se lista ese modelo. Lanza KeyError si una cifra abre filas que nadie dijo cómo mostrar."""
    return LISTADOS[modelo._meta.label_lower]
