"""Un trabajo largo que deja escribir a los demás.

SQLite tiene un solo turno de escritura y no lleva cola: quien espera pregunta de nuevo a los 1, 2, 5, 10, 15, 20, 25,
25, 25, 50, 50 y 100 ms, y desde ahí cada 100 ms. Un trabajo que encadena transacciones casi siempre vuelve a tomar el
turno antes de que otro pregunte. Por eso cada tanto lo deja libre un poco más de 100 ms: en ese hueco preguntan todos.
En PostgreSQL, en una base en memoria o dentro de otra transacción no hay turno que ceder y no hace nada.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction

HUECO = 0.12
"""Segundos que se deja libre el turno: más que la espera más larga entre dos preguntas."""
TENENCIA_CON_OTROS = 0.3
TENENCIA_A_SOLAS = 1.0
"""Segundos de turno tomado tras los que se cede, según alguien más haya escrito hace poco o no."""
MEMORIA = 5.0
"""Segundos en que se recuerda que alguien más escribió."""
TRANSACCION = 0.1
"""Segundos que debe durar, a lo sumo, una transacción del trabajo."""
TANDA_MINIMA, TANDA_MAXIMA = 100, 2_000
PAGINAS_ENTRE_VOLCADOS = 8_000
"""Páginas (32 MB) que el diario WAL junta antes de pasarlas a la base.

Con las 1.000 de siempre, un trabajo que toca los mismos índices en cada tanda los escribe, y espera al disco, muchas
más veces: hasta el doble de tiempo.
"""


def es_archivo_sqlite(conexion: Any) -> bool:
    """Si la base es un archivo de SQLite (y no una base en memoria, ni PostgreSQL)."""
    return conexion.vendor == "sqlite" and not conexion.is_in_memory_db()


class Cortesia:
    """Mide cuánto tiempo tiene el turno un trabajo y lo cede cuando toca.

        with Cortesia() as turno:
            for filas in tandas:
                with turno.transaccion(len(filas)):
                    ...  # y al salir, si ya tocaba, se cede

    `turno.tanda` es cuántas filas conviene llevar en la próxima transacción para que dure lo justo; `fija` no cambia.
    """

    def __init__(self, *, tanda: int = 200, fija: bool = False, alias: str = DEFAULT_DB_ALIAS) -> None:
        self.conexion = connections[alias]
        self.tanda, self.fija = tanda, fija
        self.cedido = 0.0
        self._activa = False
        self._tenido = 0.0
        self._soltado = 0.0
        self._version = self._volcado = 0
        self._otros = 0.0
        self._medido = False

    def __enter__(self) -> Cortesia:
        self._activa = es_archivo_sqlite(self.conexion) and not self.conexion.in_atomic_block
        self._soltado = time.monotonic()
        # Hasta ver lo contrario, hay alguien más.
        self._otros = self._soltado
        if self._activa:
            self._mirar()
            (self._volcado,) = self._pragma("wal_autocheckpoint")
            self._pragma(f"wal_autocheckpoint={PAGINAS_ENTRE_VOLCADOS}")
        return self

    def __exit__(self, *_: object) -> None:
        if self._activa:
            # Lo que el diario juntó se pasa aquí y no al cerrar la conexión, quizás ya con otros límites de memoria.
            self._pragma("wal_checkpoint(PASSIVE)")
            self._pragma(f"wal_autocheckpoint={self._volcado}")
        self._activa = False

    @contextmanager
    def transaccion(self, filas: int = 0) -> Iterator[None]:
        """Una transacción del trabajo, que escribe `filas`; al terminar cede el turno si ya tocaba."""
        pedido = time.monotonic()
        with transaction.atomic(using=self.conexion.alias):
            tomado = time.monotonic()
            yield
        soltado = time.monotonic()
        if pedido - self._soltado >= HUECO:
            # Entre una transacción y otra pasó lo bastante para que todos preguntaran.
            self._tenido = 0.0
        self._tenido += soltado - tomado
        self._soltado = soltado
        self._medido = True
        if filas and not self.fija:
            self._ajustar(filas, soltado - tomado)
        self.ceder()

    def ceder(self) -> None:
        """Deja libre el turno si ya lo tuvo bastante. Se llama fuera de toda transacción."""
        if not self._activa:
            return
        ahora = time.monotonic()
        if not self._medido:
            # Sin `transaccion` no se sabe cuánto de este tiempo tuvo el turno: se cuenta todo.
            self._tenido += ahora - self._soltado
        if self._mirar():
            self._otros = ahora
        tope = TENENCIA_CON_OTROS if ahora - self._otros < MEMORIA else TENENCIA_A_SOLAS
        if self._tenido >= tope:
            time.sleep(HUECO)
            self.cedido += HUECO
            self._tenido = 0.0
            if self._mirar():
                self._otros = time.monotonic()
        self._soltado = time.monotonic()
        self._medido = False

    def version(self) -> int | None:
        """Cambia cuando otra conexión confirma una escritura (SQLite); None si la base no lo dice."""
        if self.conexion.vendor != "sqlite":
            return None
        return self._pragma("data_version")[0]

    def _pragma(self, cual: str) -> tuple[int, ...]:
        with self.conexion.cursor() as cursor:
            cursor.execute(f"PRAGMA {cual}")
            return tuple(cursor.fetchone())

    def _mirar(self) -> bool:
        """Si alguien más confirmó una escritura desde la última vez que se miró."""
        version = self.version() or 0
        cambio = version != self._version
        self._version = version
        return bool(cambio)

    def _ajustar(self, filas: int, segundos: float) -> None:
        """Acerca la tanda a la que dura lo justo, sin saltos: ni más del doble ni menos de la mitad."""
        justa = filas * TRANSACCION * 0.8 / max(segundos, 1e-4)
        acercada = min(max(justa, self.tanda / 2), self.tanda * 2)
        self.tanda = int(min(max(acercada, TANDA_MINIMA), TANDA_MAXIMA))
