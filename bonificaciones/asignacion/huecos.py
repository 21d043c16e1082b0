"""Desde cuándo cuenta quien estuvo un tiempo largo sin ningún contrato: desde el que acabó ese hueco.

Un contrato pendiente todavía no presta servicio. Lo que va de la vinculación al primer contrato no es un hueco: nada se
interrumpió. Es SQL y no expresiones de Django, que al repetir unas dentro de otras les cambian mal los nombres.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DateField, F, Func

from clientes.models import Contrato, EstadoContrato


def reinicios(
    conexion: BaseDatabaseWrapper, *, hoy: date, hueco: int, donde: str, valores: Sequence[Any] = (), union: str = ""
) -> tuple[str, list[Any]]:
    """El SQL, y sus valores, de los contratos que acabaron un hueco de más de `hueco` días (cliente_id, fecha_inicio).

    `donde`: de qué contratos se trata, en SQL sobre `k` y con esos `valores`; `union`: lo que haya que juntar para eso.
    """
    sqlite = conexion.vendor == "sqlite"
    dias = "julianday(fecha_inicio) - julianday(previo)" if sqlite else "fecha_inicio - previo"
    sql = (
        "SELECT cliente_id, fecha_inicio FROM ("  # noqa: S608 - nombres propios
        " SELECT k.cliente_id, k.fecha_inicio, MAX(COALESCE(k.fecha_fin, %s)) OVER ("
        "  PARTITION BY k.cliente_id ORDER BY k.fecha_inicio, k.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
        f' ) AS previo FROM "{Contrato._meta.db_table}" k {union}'
        f"  WHERE {donde} AND k.fecha_inicio <= %s AND k.estado <> %s"
        f") v WHERE {dias} > %s"
    )
    dia = conexion.ops.adapt_datefield_value
    return sql, [dia(date.max), *valores, dia(hoy), EstadoContrato.PENDIENTE.value, hueco]


class Desde(Func):
    """Desde cuándo cuenta un cliente: su vinculación o, si un hueco la reinició, el contrato que lo acabó."""

    output_field = DateField()

    def __init__(self, *, hoy: date, hueco: int) -> None:
        super().__init__(F("pk"), F("fecha_vinculacion"))
        self.hoy, self.hueco = hoy, hueco

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> Any:  # type: ignore[override]
        cliente, vinculacion = (compiler.compile(una)[0] for una in self.source_expressions)
        sql, valores = reinicios(connection, hoy=self.hoy, hueco=self.hueco, donde=f"k.cliente_id = {cliente}")
        maximo = "MAX" if connection.vendor == "sqlite" else "GREATEST"
        ultimo = f"(SELECT MAX(r.fecha_inicio) FROM ({sql}) r)"  # noqa: S608 - nombres propios
        return f"{maximo}({vinculacion}, COALESCE({ultimo}, {vinculacion}))", valores
