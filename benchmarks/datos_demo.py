"""Cuánto tarda y cuánta memoria usa `datos_demo` en una base nueva.

Uso: .venv/bin/python benchmarks/datos_demo.py [clientes]   (un millón si no se dice; SQLite en una carpeta temporal)
Con DATABASE_URL mide la base que diga, que debe estar migrada y sin clientes.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RAIZ = Path(__file__).resolve().parent.parent


def manage(*orden: str, entorno: dict[str, str]) -> None:
    """Una orden de manage.py en otro proceso; si falla, aquí se acaba."""
    subprocess.run([sys.executable, "-W", "ignore", "manage.py", *orden], cwd=RAIZ, env=entorno, check=True)


def main() -> None:
    """Migra una base temporal, la llena y dice las cifras."""
    clientes = sys.argv[1] if len(sys.argv) > 1 else "1000000"
    with tempfile.TemporaryDirectory(prefix="datos-demo-") as carpeta:
        entorno = {**os.environ, "PANEL_DATOS": carpeta, "SECRET_KEY": "medida"}
        manage("migrate", "-v0", entorno=entorno)
        antes, inicio = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        manage("datos_demo", "--clientes", clientes, "--hoy", "2026-11-01", entorno=entorno)
        transcurrido, despues = time.monotonic() - inicio, resource.getrusage(resource.RUSAGE_CHILDREN)
        procesador = despues.ru_utime + despues.ru_stime - antes.ru_utime - antes.ru_stime
        registros = int(clientes) * 6
        print(f"Reloj:       {transcurrido:8.1f} s  ({registros / transcurrido:,.0f} registros por segundo)")
        print(f"Procesador:  {procesador:8.1f} s  ({procesador / registros * 1e6:.1f} µs por registro)")
        print(f"Memoria:     {despues.ru_maxrss / 1024:8.0f} MB como máximo")
        print(f"Carga media: {os.getloadavg()[0]:8.1f} con {os.cpu_count()} procesadores")


if __name__ == "__main__":
    main()
