"""`python -m movistar_site.arranque ORDEN`: lo que llama el Makefile."""

from __future__ import annotations

import os
import sys

from .consola import Interrumpido, Problema, atender_interrupciones, lamentar
from .procesos import RAIZ

INTERRUMPIDO = 130


def principal(argumentos: list[str]) -> int:
    """Corre la orden y convierte cualquier tropiezo previsto en una línea y un código de salida."""
    for salida in (sys.stdout, sys.stderr):
        salida.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    atender_interrupciones()
    os.chdir(RAIZ)
    try:
        return _orden(argumentos)
    except Problema as problema:
        lamentar(str(problema))
        return 1
    except Interrumpido:
        lamentar("Interrumpido.")
        return INTERRUMPIDO


def _orden(argumentos: list[str]) -> int:
    match argumentos:
        case ["run"]:
            from .panel import arrancar

            return arrancar()
        case ["test"]:
            from .pruebas import probar

            return probar()
        case ["estilo"]:
            from .estilo import revisar

            return revisar()
        case ["requisitos"]:
            from .estilo import fijar_requisitos

            return fijar_requisitos()
        case _:
            raise Problema("Órdenes: run, test, estilo, requisitos.")


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
