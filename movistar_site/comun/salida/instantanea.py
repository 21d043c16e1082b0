"""Una base que no cambia mientras se lee: una exportación larga dice lo que había en un solo momento."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from itertools import count
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

_SERIE = count(1)
# Sin proyectar el archivo en la memoria y con el orden en disco: un millón de filas no debe pesar en el servidor.
_ABRIR_SQLITE = "PRAGMA query_only=ON; PRAGMA mmap_size=0; PRAGMA cache_size=-4000; PRAGMA temp_store=FILE;"


@contextmanager
def instantanea() -> Iterator[str]:
    """El alias de una conexión aparte, solo de lectura, que ve la base como estaba al empezar.

    En PostgreSQL es una transacción REPEATABLE READ; en SQLite, una de lectura (DEFERRED) sobre el diario WAL, que no
    detiene a quien escribe. Dentro de una transacción ya abierta se lee por ella.
    """
    corriente: Any = connections[DEFAULT_DB_ALIAS]
    if corriente.in_atomic_block or (corriente.vendor == "sqlite" and corriente.is_in_memory_db()):
        yield DEFAULT_DB_ALIAS
        return
    # La conexión corriente es la que pone la base en WAL; con una lectura ya abierta no podría.
    corriente.ensure_connection()
    alias = f"instantanea_{next(_SERIE)}"
    conexion = type(corriente)(_ajustes(corriente), alias)
    connections[alias] = conexion
    try:
        _empezar(conexion)
        yield alias
    finally:
        conexion.close()
        del connections[alias]


def _ajustes(corriente: Any) -> dict[str, Any]:
    ajustes = deepcopy(corriente.settings_dict)
    if corriente.vendor == "sqlite":
        # Las columnas llegan como se guardan: quien exporta ya sabe qué son.
        ajustes["OPTIONS"] |= {"init_command": _ABRIR_SQLITE, "transaction_mode": None, "detect_types": 0}
    return ajustes  # type: ignore[no-any-return]


def _empezar(conexion: Any) -> None:
    # En las dos, lo que se ve queda fijo con la primera lectura y no al abrir la transacción.
    if conexion.vendor == "sqlite":
        abrir, leer = "BEGIN DEFERRED", "SELECT 1 FROM sqlite_master LIMIT 1"
    else:
        conexion.set_autocommit(False)
        abrir, leer = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", "SELECT 1"
    with conexion.cursor() as cursor:
        cursor.execute(abrir)
        cursor.execute(leer)
        cursor.fetchall()
