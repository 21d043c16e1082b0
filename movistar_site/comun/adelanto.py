"""Preparar lo siguiente mientras la base escribe lo anterior.

En PostgreSQL la base es otro proceso: quien le manda una tanda la espera sin hacer nada. Aquí un hilo, con su propia
conexión, prepara entre tanto la tanda siguiente, y nunca más de una. En SQLite escribir gasta el mismo procesador, y
dentro de una transacción el hilo no vería lo que esta lleva: en los dos casos se prepara cuando se pide.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar, cast

from django.db import connection, connections

Cosa = TypeVar("Cosa")
_FIN = object()


@contextmanager
def adelantado(fuente: Iterator[Cosa]) -> Iterator[Iterator[Cosa]]:
    """Lo mismo que da `fuente`, preparando un elemento por delante si la base lo aprovecha.

    Lo que `fuente` lance llega a quien recorre, en su sitio. Al salir el hilo terminó y soltó su conexión.
    """
    if connection.vendor == "sqlite" or connection.in_atomic_block:
        yield fuente
        return
    with ThreadPoolExecutor(1, thread_name_prefix="adelanto") as hilo:
        try:
            yield _uno_por_delante(fuente, hilo)
        finally:
            hilo.submit(connections.close_all).result()


def _uno_por_delante(fuente: Iterator[Cosa], hilo: ThreadPoolExecutor) -> Iterator[Cosa]:
    def siguiente() -> Future[object]:
        return hilo.submit(next, fuente, _FIN)

    pedido = siguiente()
    while (cosa := pedido.result()) is not _FIN:
        pedido = siguiente()
        yield cast("Cosa", cosa)
