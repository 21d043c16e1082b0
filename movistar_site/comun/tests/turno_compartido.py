"""Procesos que se disputan el turno de escritura de una base SQLite; los lanza `test_cortesia`."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import sys
import time
from pathlib import Path


def escritor(ruta: str, semilla: str) -> None:
    """Escribe poco y seguido, como una persona en una pantalla; dice sus fallos y sus esperas."""
    conexion = sqlite3.connect(ruta, timeout=10, isolation_level=None)
    azar, esperas, fallos = random.Random(semilla), [], 0
    while not Path(f"{ruta}.fin").exists():
        inicio = time.monotonic()
        try:
            conexion.execute("BEGIN IMMEDIATE")
            conexion.execute("UPDATE ficha SET notas = ? WHERE id = ?", (str(inicio), azar.randrange(50)))
            conexion.execute("INSERT INTO historia (nota) VALUES (?)", (semilla,))
            conexion.execute("COMMIT")
        except sqlite3.OperationalError:
            fallos += 1
        esperas.append(time.monotonic() - inicio)
        time.sleep(azar.uniform(0.02, 0.05))
    sys.stdout.write(json.dumps([fallos, esperas]))


def trabajo(segundos: str) -> None:
    """Un trabajo que encadena transacciones sin descanso; dice cuántas hizo y cuánto cedió."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "movistar_site.settings"
    import django
    from django.db import connection

    from movistar_site.comun.cortesia import Cortesia

    django.setup()
    limite, hechas = time.monotonic() + float(segundos), 0
    with Cortesia() as turno:
        while time.monotonic() < limite:
            with turno.transaccion(turno.tanda), connection.cursor() as cursor:
                cursor.execute("INSERT INTO historia (nota) VALUES ('trabajo')")
                time.sleep(0.05)
            hechas += 1
    sys.stdout.write(json.dumps([hechas, turno.cedido]))


if __name__ == "__main__":
    {"escritor": escritor, "trabajo": trabajo}[sys.argv[1]](*sys.argv[2:])
