"""Tablas temporales de la conexión: lo que se escribe en ellas no ocupa el turno de escritura de SQLite.

Se crean una vez por conexión y se vacían al usarlas y al terminar: crearlas y borrarlas cada vez deja en PostgreSQL,
dentro de una misma transacción, un candado por tabla.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import DatabaseError, connection


@contextmanager
def temporales(**columnas: str) -> Iterator[None]:
    """Esas tablas temporales, vacías, mientras dura el bloque. Cada una: nombre → sus columnas en SQL."""
    for nombre, suyas in columnas.items():
        ejecutar(f"CREATE TEMP TABLE IF NOT EXISTS {nombre} ({suyas})")
        vaciar(nombre)
    try:
        yield
    finally:
        # Si la base ya falló, que se vea esa falla y no la de limpiar: lo que quede lo vacía el próximo.
        with suppress(DatabaseError):
            for nombre in columnas:
                vaciar(nombre)


def vaciar(nombre: str) -> None:
    """Quita todas las filas de una tabla temporal."""
    ejecutar(f"DELETE FROM temp.{nombre}" if connection.vendor == "sqlite" else f"TRUNCATE pg_temp.{nombre}")  # noqa: S608


def estimar(nombre: str) -> None:
    """PostgreSQL no sabe solo cuánto hay en una tabla temporal."""
    if connection.vendor == "postgresql":
        ejecutar(f"ANALYZE pg_temp.{nombre}")


@contextmanager
def sin_compilar() -> Iterator[None]:
    """PostgreSQL no compila las consultas de dentro: compilarlas le cuesta diez veces lo que tarda en responderlas."""
    if connection.vendor != "postgresql":
        yield
        return
    ejecutar("SET jit = off")
    try:
        yield
    finally:
        with suppress(DatabaseError):
            ejecutar("RESET jit")


def ejecutar(sql: str, valores: Any = ()) -> int:
    """Ejecuta una sentencia y dice a cuántas filas tocó."""
    with connection.cursor() as cursor:
        cursor.execute(sql, valores or None)
        return int(cursor.rowcount)


def consultar(sql: str, valores: Any = ()) -> list[tuple[Any, ...]]:
    """Las filas de una consulta."""
    with connection.cursor() as cursor:
        cursor.execute(sql, valores or None)
        return list(cursor.fetchall())
