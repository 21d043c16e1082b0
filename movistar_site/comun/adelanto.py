"""Preparar lo siguiente mientras la base escribe lo anterior.

En PostgreSQL la base es otro proceso: quien le manda una tanda la espera sin hacer nada. Aquí un hilo, con su propia
conexión, prepara entre tanto la tanda siguiente, y nunca más de una. En SQLite escribir gasta el mismo procesador, y
dentro de una transacción el hilo no vería lo que esta lleva: en los dos casos se prepara cuando se pide.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar, cast

from django.db import connection, connections

Cosa = TypeVar("Cosa")
PRIORIDAD = 10
_FIN = object()


@contextmanager
def adelantado(fuente: Iterator[Cosa]) -> Iterator[Iterator[Cosa]]:
    """Lo mismo que da `fuente`, preparando un elemento por delante si la base lo aprovecha.

    Lo que `fuente` lance llega a quien recorre, en su sitio. Al salir el hilo terminó y soltó su conexión.
    """
    if connection.vendor == "sqlite" or connection.in_atomic_block:
        yield fuente
        return
    with ThreadPoolExecutor(1, thread_name_prefix="adelanto", initializer=_ceder_el_procesador) as hilo:
        try:
            yield _uno_por_delante(fuente, hilo)
        finally:
            hilo.submit(connections.close_all).result()


def _ceder_el_procesador() -> None:
    """Quien mira páginas pasa primero: el hilo nace con menos prioridad, y al terminar no deja nada que devolver.

    En SQLite no se hace: quien tiene el turno de escritura y pierde el procesador hace esperar a todos.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), PRIORIDAD)


def _uno_por_delante(fuente: Iterator[Cosa], hilo: ThreadPoolExecutor) -> Iterator[Cosa]:
    def siguiente() -> Future[object]:
        return hilo.submit(next, fuente, _FIN)

    pedido = siguiente()
    while (cosa := pedido.result()) is not _FIN:
        pedido = siguiente()
        yield cast("Cosa", cosa)
