"""Una fila por mes, de lo que pasa un día."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db.models import DateTimeField, F, Model, QuerySet

from movistar_site.comun.dias import al_empezar
from movistar_site.comun.valores import sumar_meses

from .marco import Clase, Columna, Dimension, Pedido, Renglon
from .marco.periodos import meses


class PorMes(Dimension):
    """Una fila por mes del período, también los meses en que no pasó nada.

    `columnas`: modelo → su columna de fecha, o de fecha y hora (que se lee en Bogotá). `desde`: el primer día con
    datos, para que «desde el principio» no empiece en 1950; None si no hay.
    """

    nombre = "mes"
    titulo = "Mes"
    rotulos = (Columna(nombre="mes", titulo="Mes", clase=Clase.MES),)
    seguida = True

    def __init__(self, columnas: Mapping[str, str], desde: Callable[[Pedido], date | None]) -> None:
        self.columnas, self.desde = columnas, desde

    def renglones(self, pedido: Pedido) -> list[Renglon]:
        primero = self.desde(pedido)
        if primero is None:
            return []
        desde, hasta = max(pedido.periodo.desde, primero), min(pedido.periodo.hasta, pedido.al)
        return [self.renglon_de(mes, pedido) for mes in meses(desde, hasta)]

    def renglon_de(self, clave: Any, pedido: Pedido) -> Renglon:
        return Renglon(clave, {"mes": clave})

    def expresion(self, modelo: type[Model]) -> Any:
        return F(self.columnas[modelo._meta.label_lower])

    def de(self, consulta: QuerySet[Any], clave: date) -> QuerySet[Any]:
        """Las de ese mes, como un tramo de fechas: así sirve su índice."""
        columna = self.columnas[consulta.model._meta.label_lower]
        desde: Any = clave
        hasta: Any = sumar_meses(clave, 1)
        if isinstance(consulta.model._meta.get_field(columna), DateTimeField):
            desde, hasta = al_empezar(desde), al_empezar(hasta)
        return consulta.filter(**{f"{columna}__gte": desde, f"{columna}__lt": hasta})

    def a_texto(self, clave: date) -> str:
        return f"{clave:%Y-%m}"

    def de_texto(self, texto: str) -> date:
        if len(texto) != len("2026-01"):
            raise ValueError(f"«{texto}» no es un mes: se esperaba uno como 2026-03.")
        return date.fromisoformat(f"{texto}-01")
