"""Preparar lo siguiente mientras la base escribe lo anterior, o darle trabajo por dos conexiones a la vez.

En PostgreSQL la base es otro proceso: quien le manda una tanda la espera sin hacer nada. Aquí un hilo, con su propia
conexión, prepara entre tanto la tanda siguiente, y nunca más de una. En SQLite escribir gasta el mismo procesador, y
dentro de una transacción el hilo no vería lo que esta lleva: en los dos casos se prepara cuando se pide.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar, cast

from django.db import connection, connections

Cosa = TypeVar("Cosa")
Fruto = TypeVar("Fruto")
PRIORIDAD = 10
CONEXIONES = 2
"""Por cuántas se reparte un trabajo largo: más quitarían a PostgreSQL lo que necesita para las páginas."""
_FIN = object()


@contextmanager
def adelantado(fuente: Iterator[Cosa]) -> Iterator[Iterator[Cosa]]:
    """Lo mismo que da `fuente`, preparando un elemento por delante si la base lo aprovecha.

    Lo que `fuente` lance llega a quien recorre, en su sitio. Al salir el hilo terminó y soltó su conexión.
    """
    if not _con_hilos():
        yield fuente
        return
    with ThreadPoolExecutor(1, thread_name_prefix="adelanto", initializer=_ceder_el_procesador) as hilo:
        try:
            yield _uno_por_delante(fuente, hilo)
        finally:
            hilo.submit(connections.close_all).result()


def repartir(tareas: Iterable[Cosa], trabajar: Callable[[Iterator[Cosa]], Fruto]) -> list[Fruto]:
    """Lo que devuelve `trabajar` en cada conexión, entre las que se reparten las tareas según van terminando.

    Son CONEXIONES en PostgreSQL, y una, la de quien llama, en SQLite o dentro de una transacción. Si una falla, la otra
    termina lo que hacía y sale el error. Las tareas no deben estorbarse.
    """
    if not _con_hilos():
        return [trabajar(iter(tareas))]
    turnos = _Turnos(tareas)

    def en_su_hilo() -> Fruto:
        try:
            return trabajar(turnos)
        except BaseException:
            turnos.cerrar()
            raise
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CONEXIONES, thread_name_prefix="reparto", initializer=_ceder_el_procesador) as hilos:
        pedidos = [hilos.submit(en_su_hilo) for _ in range(CONEXIONES)]
    return [pedido.result() for pedido in pedidos]


class _Turnos(Iterator[Cosa]):
    """Un recorrido del que varios hilos van tomando, cada cosa uno solo."""

    def __init__(self, tareas: Iterable[Cosa]) -> None:
        self._quedan, self._llave = iter(tareas), threading.Lock()

    def __next__(self) -> Cosa:
        with self._llave:
            return next(self._quedan)

    def cerrar(self) -> None:
        """Nadie toma ninguna más."""
        with self._llave:
            self._quedan = iter(())


def _con_hilos() -> bool:
    return connection.vendor != "sqlite" and not connection.in_atomic_block


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
