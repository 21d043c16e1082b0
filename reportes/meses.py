"""Una fila por mes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db.models import DateField, DateTimeField, Func, Model, QuerySet
from django.db.models.functions import TruncMonth

from movistar_site.comun.calendario import PRIMER_ANIO, ULTIMO_ANIO
from movistar_site.comun.dias import al_empezar
from movistar_site.comun.valores import sumar_meses

from .marco import Clase, Columna, Dimension, Pedido, Renglon
from .marco.periodos import meses

_MES = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class DimensionDeMeses(Dimension):
    """Cada fila es un mes, y su clave, el primer día."""

    nombre = "mes"
    titulo = "Mes"
    rotulos = (Columna(nombre="mes", titulo="Mes", clase=Clase.MES),)

    def renglon_de(self, clave: Any, pedido: Pedido) -> Renglon:
        return Renglon(clave, {"mes": clave})

    def clave_antes(self, clave: date, anterior: Pedido) -> date:
        """El mes que está tan adentro del período anterior como este del suyo."""
        if anterior.anterior_de is None:
            return clave
        este, otro = anterior.anterior_de.periodo.desde, anterior.periodo.desde
        return sumar_meses(clave, 12 * (otro.year - este.year) + otro.month - este.month)

    def a_texto(self, clave: date) -> str:
        return f"{clave:%Y-%m}"

    def de_texto(self, texto: str) -> date:
        if not _MES.fullmatch(texto) or not PRIMER_ANIO <= int(texto[:4]) <= ULTIMO_ANIO:
            raise ValueError(f"«{texto}» no es un mes: se esperaba uno como 2026-03.")
        return date.fromisoformat(f"{texto}-01")


class PorMes(DimensionDeMeses):
    """Una fila por mes del período en que pasó algo, también aquellos en que no pasó nada.

    `columnas`: modelo → su columna de fecha, o de fecha y hora (que se lee en Bogotá). `desde`: el primer día con
    datos, o None si no hay; sin esa función, «desde el principio» solo muestra los meses que tienen algo.
    """

    seguida = True
    DIAS_SIN_PRINCIPIO = 1_100

    def __init__(self, columnas: Mapping[str, str], desde: Callable[[Pedido], date | None] | None = None) -> None:
        self.columnas, self.desde = columnas, desde

    def renglones(self, pedido: Pedido) -> list[Renglon]:
        if self.desde is None and pedido.periodo.dias > self.DIAS_SIN_PRINCIPIO:
            return []
        primero = self.desde(pedido) if self.desde is not None else pedido.periodo.desde
        if primero is None:
            return []
        desde, hasta = max(pedido.periodo.desde, primero), min(pedido.periodo.hasta, pedido.al)
        return [self.renglon_de(mes, pedido) for mes in meses(desde, hasta)]

    def expresion(self, modelo: type[Model]) -> Any:
        columna = self.columnas[modelo._meta.label_lower]
        if _con_hora(modelo, columna):
            return TruncMonth(columna, output_field=DateField())
        return PrimeroDelMes(columna)

    def de(self, consulta: QuerySet[Any], clave: date) -> QuerySet[Any]:
        """Las de ese mes, como un tramo de fechas: así sirve su índice."""
        columna = self.columnas[consulta.model._meta.label_lower]
        desde: Any = clave
        hasta: Any = sumar_meses(clave, 1)
        if _con_hora(consulta.model, columna):
            desde, hasta = al_empezar(desde), al_empezar(hasta)
        return consulta.filter(**{f"{columna}__gte": desde, f"{columna}__lt": hasta})


class PrimeroDelMes(Func):
    """El primer día del mes de una columna de fecha. En SQLite, sin pasar cada fila por Python como hace TruncMonth."""

    output_field = DateField()

    def as_sqlite(self, compiler: Any, connection: Any, **mas: Any) -> Any:
        """Por el texto de la fecha."""
        return super().as_sql(compiler, connection, template="substr(%(expressions)s, 1, 7) || '-01'", **mas)

    def as_postgresql(self, compiler: Any, connection: Any, **mas: Any) -> Any:
        """Con su función."""
        return super().as_sql(compiler, connection, template="date_trunc('month', %(expressions)s)::date", **mas)


def _con_hora(modelo: type[Model], columna: str) -> bool:
    return isinstance(modelo._meta.get_field(columna), DateTimeField)
