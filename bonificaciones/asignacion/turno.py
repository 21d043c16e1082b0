"""El turno de asignar y derivar: uno a la vez, para que las cargas y los topes que se miran sean los que hay."""

from __future__ import annotations

from django.db import connection

_LLAVE = 5_120_010
"""Cualquier número sirve: es el candado de PostgreSQL que solo toma la fidelización."""


def tomar_turno() -> None:
    """Espera a que nadie más esté asignando y guarda el turno hasta el fin de la transacción abierta.

    SQLite ya tiene un solo turno de escritura, el que la transacción tomó al empezar.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LLAVE])
