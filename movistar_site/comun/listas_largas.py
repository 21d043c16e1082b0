"""`campo__en_lista=[…]`: lo mismo que `__in`, para miles de valores y con un solo parámetro.

Con `__in`, Django prepara, convierte y escribe una marca por valor: en una importación eso costaba más que la consulta.
La lista viaja entera, como JSON en SQLite y como arreglo en PostgreSQL, y la base usa el mismo índice.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Field, Lookup

from .json_texto import volcar


@Field.register_lookup
class EnLista(Lookup[Any]):
    """Los valores deben ser del tipo de la columna: no se convierten."""

    lookup_name = "en_lista"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        columna, parametros = self.process_lhs(compiler, connection)
        if connection.vendor == "sqlite":
            return f"{columna} IN (SELECT value FROM json_each(%s))", [*parametros, volcar(list(self.rhs))]  # noqa: S608
        return f"{columna} = ANY(%s)", [*parametros, list(self.rhs)]
