"""Lo que se dice a quien está en la consola: una frase por asunto, en español."""

from __future__ import annotations

import signal
import sys
from types import FrameType


class Problema(Exception):
    """Algo impide seguir. Su texto es la única línea que se muestra."""


class Interrumpido(BaseException):
    """Llegó Ctrl-C o la orden de terminar durante la preparación."""


def decir(texto: str) -> None:
    """Escribe una línea ya, aunque la salida sea un archivo."""
    sys.stdout.write(f"{texto}\n")
    sys.stdout.flush()


def lamentar(texto: str) -> None:
    """Escribe una línea por la salida de errores."""
    sys.stdout.flush()
    sys.stderr.write(f"{texto}\n")
    sys.stderr.flush()


def atender_interrupciones() -> None:
    """Ctrl-C y la orden de terminar se vuelven `Interrumpido`, para deshacer lo empezado sin trazas."""
    for senal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(senal, _interrumpir)


def _interrumpir(_senal: int, _marco: FrameType | None) -> None:
    raise Interrumpido
