"""Un trabajo de millones de filas: sin que el recolector las repase una y otra vez ni que la base llene la memoria."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from django.db import connection

OBJETOS_ENTRE_PASADAS = 50_000
"""Con los 700 de siempre, en una importación el recolector era la sexta parte del tiempo."""
CACHE_KIB = 16_000


class _Recolector:
    """El recolector es uno para todo el proceso: se espacia con el primer trabajo y vuelve con el último."""

    def __init__(self) -> None:
        self._candado, self._trabajos = Lock(), 0
        self._umbrales = gc.get_threshold()

    def espaciar(self) -> None:
        """Empieza un trabajo."""
        with self._candado:
            self._trabajos += 1
            if self._trabajos == 1:
                self._umbrales = gc.get_threshold()
                gc.freeze()
                gc.set_threshold(OBJETOS_ENTRE_PASADAS, *self._umbrales[1:])

    def devolver(self) -> None:
        """Termina un trabajo."""
        with self._candado:
            self._trabajos -= 1
            if not self._trabajos:
                gc.set_threshold(*self._umbrales)
                gc.unfreeze()


_recolector = _Recolector()


@contextmanager
def trabajo_pesado() -> Iterator[None]:
    """Espacia las pasadas del recolector y, en SQLite, acota lo que la base tiene en memoria mientras dura.

    Uno dentro de otro, o dos a la vez en hilos distintos, no se estorban.
    """
    _recolector.espaciar()
    previos = _acotar({"mmap_size": 0, "cache_size": -CACHE_KIB})
    try:
        yield
    finally:
        _acotar(previos)
        _recolector.devolver()


def _acotar(ajustes: dict[str, int]) -> dict[str, int]:
    """Pone esos ajustes a la conexión y devuelve los que tenía."""
    if connection.vendor != "sqlite":
        return {}
    previos = {}
    with connection.cursor() as cursor:
        for nombre, valor in ajustes.items():
            # Una base en memoria no tiene mmap_size que acotar.
            if (fila := cursor.execute(f"PRAGMA {nombre}").fetchone()) is not None:
                previos[nombre] = fila[0]
                cursor.execute(f"PRAGMA {nombre} = {valor}")
    return previos
