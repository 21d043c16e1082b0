"""Cuánto cuestan las ofertas de un cliente y las de todos, con pocos clientes en la base y con muchos.

Uso: .venv/bin/python benchmarks/ofertas.py [--clientes 1000000] [--pocos 50000]
     [--base sqlite|postgresql] [--veces 200]

Dos bases nuevas y temporales llenadas con `datos_demo` (3 contratos y 2 interacciones por cliente). En cada una se
miden la orden `sugerir_ofertas` entera (reloj, procesador y memoria del proceso), su repetición el mismo día, que no
calcula nada, otra completa, y `ofertas_para` de clientes tomados por toda la base. Debe cumplir: una pasada de un
millón en diez minutos con la memoria quieta, y un cliente en 50 ms y 10 consultas.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from procesos import Bases, Medida, correr, servidor

HOY, MANANA = "2026-11-01", "2026-11-02"
MICROSEGUNDOS_MAXIMOS = 600
MILISEGUNDOS_MAXIMOS, CONSULTAS_MAXIMAS = 50, 10
MEMORIA_MAXIMA = 1.25
"""Cuánto puede crecer la memoria de la base pequeña a la grande."""


def papel_uno(veces: str) -> None:
    """Lo que tardan las ofertas de un cliente: mediana y percentil 95 del reloj, en ms, y sus consultas."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movistar_site.settings")
    import django

    django.setup()
    from datetime import date

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from bonificaciones.ofertas.siguiente import ofertas_para
    from clientes.models import Cliente

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    hoy, cuantas = date.fromisoformat(HOY), int(veces)
    ultimo = Cliente.objects.order_by("-pk").values_list("pk", flat=True)[0]
    claves = [1 + n * (ultimo - 1) // cuantas for n in range(cuantas)]
    clientes = list(Cliente.objects.filter(pk__in=claves, estado="activo"))
    ofertas_para(clientes[0], hoy=hoy)
    tiempos = []
    for cliente in clientes:
        inicio = time.perf_counter()
        ofertas_para(cliente, hoy=hoy)
        tiempos.append((time.perf_counter() - inicio) * 1e3)
    with CaptureQueriesContext(connection) as capturadas:
        ofertas_para(clientes[-1], hoy=hoy)
    tiempos.sort()
    print(
        f"{statistics.median(tiempos):.3f} {tiempos[len(tiempos) * 95 // 100]:.3f} {tiempos[-1]:.3f} {len(capturadas)}"
    )


PAPELES: dict[str, Any] = {"uno": papel_uno}


def _fila(titulo: str, medida: Medida, clientes: int) -> float:
    costo = medida.reloj * 1e6 / clientes
    cifras = f"{medida.reloj:>9.1f}{medida.procesador:>9.1f}{costo:>10.0f}{medida.memoria:>9.0f}"
    print(f"{clientes:>10,} {titulo:<26}{cifras}", flush=True)
    return costo


def medir_todos(bases: Bases, clientes: int) -> tuple[dict[str, str], float, float]:
    """Las pasadas de una base nueva: su entorno, el peor costo por cliente activo (µs) y la memoria máxima."""
    entorno = bases.nueva()
    correr(["manage.py", "datos_demo", "--clientes", str(clientes), "--hoy", HOY], entorno)
    primera = correr(["manage.py", "sugerir_ofertas", "--hoy", HOY], entorno)
    activos = int(re.match(r"([\d.]+)", primera.salida)[1].replace(".", ""))  # type: ignore[index]
    costo = _fila("primera pasada", primera, activos)
    _fila("repetida el mismo día", correr(["manage.py", "sugerir_ofertas", "--hoy", HOY], entorno), activos)
    otra = correr(["manage.py", "sugerir_ofertas", "--hoy", MANANA], entorno)
    costo = max(costo, _fila("al día siguiente", otra, activos))
    return entorno, costo, max(primera.memoria, otra.memoria)


def medir(opciones: argparse.Namespace, bases: Bases) -> bool:
    """La tabla entera; falso si algo no cumple."""
    print(f"Las ofertas de todos en {opciones.base}; procesador, sin el del servidor de la base.")
    print(f"{'activos':>10} {'':<26}{'reloj s':>9}{'CPU s':>9}{'µs/cli':>10}{'MB':>9}")
    pocos, _, memoria_de_pocos = medir_todos(bases, opciones.pocos)
    muchos, costo, memoria = medir_todos(bases, opciones.clientes)
    bien = costo <= MICROSEGUNDOS_MAXIMOS and memoria <= memoria_de_pocos * MEMORIA_MAXIMA
    print(f"Un millón, a ese paso: {costo / 60:.1f} minutos. Memoria {memoria / memoria_de_pocos:.2f} ×.")
    print(f"\n{'Las de un cliente':<26}{'mediana ms':>12}{'p95':>9}{'peor':>9}{'consultas':>11}")
    for titulo, entorno in ((f"{opciones.pocos:,} en la base", pocos), (f"{opciones.clientes:,} en la base", muchos)):
        mediana, p95, peor, consultas = correr(
            [__file__, "--papel", "uno", str(opciones.veces)], entorno
        ).salida.split()
        print(f"{titulo:<26}{float(mediana):>12.1f}{float(p95):>9.1f}{float(peor):>9.1f}{consultas:>11}")
        bien = bien and float(p95) <= MILISEGUNDOS_MAXIMOS and int(consultas) <= CONSULTAS_MAXIMAS
    print(f"Carga media: {os.getloadavg()[0]:.1f} con {os.cpu_count()} procesadores.{'' if bien else ' NO CUMPLE'}")
    return bien


def main() -> None:
    """Lee las opciones y mide, o hace el papel que le pidan."""
    lector = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    lector.add_argument("--clientes", type=int, default=1_000_000)
    lector.add_argument("--pocos", type=int, default=50_000)
    lector.add_argument("--base", choices=("sqlite", "postgresql"), default="sqlite")
    lector.add_argument("--veces", type=int, default=200)
    lector.add_argument("--papel", nargs="+", help=argparse.SUPPRESS)
    opciones = lector.parse_args()
    if opciones.papel:
        PAPELES[opciones.papel[0]](*opciones.papel[1:])
        return
    with tempfile.TemporaryDirectory(prefix="ofertas-") as nombre, servidor(opciones.base) as direccion:
        if not medir(opciones, Bases(Path(nombre), direccion)):
            raise SystemExit(1)


if __name__ == "__main__":
    main()
