"""Lo que se le pide a un reporte: sus filtros ya leídos, el período, el día y quién pregunta."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet

from movistar_site.comun.valores import sumar_meses

from .periodos import Periodo

if TYPE_CHECKING:
    from .dimensiones import Dimension
    from .filtros import FiltrosDeReporte


M = TypeVar("M", bound=Model)
R = TypeVar("R")


@dataclass(frozen=True)
class Pedido:
    """Un reporte con esos filtros. Todo lo que una cifra necesita saber está aquí: no mira el reloj.

    `al`: el día «a la fecha de»; sin pedir otro, hoy. `periodo`: solo en los reportes que lo tienen. `por`: la clave de
    la dimensión elegida, en los que ofrecen varias. `base`: la conexión por la que se lee.
    """

    hoy: date
    conjunto: FiltrosDeReporte
    al: date
    periodo: Periodo
    por: str = ""
    base: str = DEFAULT_DB_ALIAS
    anterior_de: Pedido | None = field(default=None, repr=False)
    _recordado: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def es_hoy(self) -> bool:
        """Si se pregunta por lo de ahora y no por cómo estaba un día."""
        return self.al == self.hoy

    def valor(self, filtro: str) -> Any:
        """Lo puesto en un filtro; None si no hay nada puesto o el reporte no lo tiene."""
        return self.conjunto.valores.get(filtro)

    @property
    def pide_comparar(self) -> bool:
        """Si se pidió poner junto a cada cifra la del período anterior."""
        return bool(self.conjunto.limpios.get("comparar"))

    @property
    def puestos(self) -> dict[str, Any]:
        """Los filtros y los controles como vienen en la dirección: para llevar a otra página del mismo reporte."""
        datos = self.conjunto.data
        valores = dict(datos.lists()) if hasattr(datos, "lists") else dict(datos)
        return {nombre: valores[nombre] for nombre in self.conjunto.filters if nombre in valores}

    def solo(self, *filtros: str) -> bool:
        """Si no hay puestos más filtros que esos: entonces una cuenta ya llevada puede responder."""
        return set(self.conjunto.valores) <= set(filtros)

    def recordar(self, que: Callable[..., R], dimension: Dimension | None = None) -> R:
        """Lo que da esa función de este pedido —y de esa dimensión—, calculado una vez: lo que varias cifras comparten.

        `que`: función de (pedido) o, si se da una dimensión, de (pedido, dimensión).
        """
        con = () if dimension is None else (dimension,)
        llave = (que, *(una.nombre for una in con))
        if llave not in self._recordado:
            self._recordado[llave] = que(self, *con)
        return cast("R", self._recordado[llave])

    def aplicar(self, consulta: QuerySet[M]) -> QuerySet[M]:
        """Esas filas con los filtros puestos, por la conexión del pedido."""
        return self.conjunto.aplicar(consulta.using(self.base))

    def anterior(self) -> Pedido:
        """El mismo pedido para el período anterior y para el mismo día del mes anterior."""
        return replace(self, al=sumar_meses(self.al, -1), periodo=self.periodo.anterior(), anterior_de=self)
