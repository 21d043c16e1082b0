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
    if conexion.vendor == "sqlite":
        with conexion.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            # La transacción de SQLite empieza a ver la base con la primera lectura, no con BEGIN.
            cursor.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
        return
    conexion.set_autocommit(False)
    with conexion.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
