"""Sumar pesos sin error: en centavos enteros, que las dos bases suman igual."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, Func


class Centavos(Func):
    """Una columna de pesos, que no son negativos, en centavos enteros."""

    output_field = BigIntegerField()
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> Any:
        """SQLite guarda los decimales como reales: se redondea al más cercano con lo que menos cuesta."""
        plantilla = "CAST(%(expressions)s * 100 + 0.5 AS INTEGER)"
        return self.as_sql(compiler, connection, template=plantilla, **extra_context)

    def as_postgresql(self, compiler: Any, connection: Any, **extra_context: Any) -> Any:
        """Los decimales son exactos."""
        return self.as_sql(compiler, connection, template="ROUND(%(expressions)s * 100)::bigint", **extra_context)
