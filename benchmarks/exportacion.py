"""Cuánto cuesta exportar los clientes, al lado de django-import-export tal como viene.

Uso: .venv/bin/python benchmarks/exportacion.py [--filas 1000000] [--stock 20000] [--base sqlite|postgresql]

Cada caso corre en su propio proceso sobre la misma base, recién llenada con datos inventados. Se mide el procesador
(usuario y sistema) del proceso por fila, la memoria por encima de la que tiene el panel en reposo y lo que tarda el
primer byte. La razón es procesador por fila de lo ajeno entre procesador por fila de lo propio, en la misma corrida.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

RAIZ = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(RAIZ))
HOY = date(2026, 11, 1)
METAS = {"csv": 12, "json": 12, "xlsx": 30}
MB_DE_MAS = 25


# --- Lo que corre en cada proceso ------------------------------------------------------------------------------------
def memoria() -> float:
    """El máximo de memoria residente del proceso, en MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def medir(caso: str, filas: int) -> dict[str, Any]:
    """Corre un caso y dice lo que costó."""
    import django

    django.setup()
    origen, _, formato = caso.partition("-")
    trozos = _propio(formato, filas) if origen == "panel" else _ajeno(formato, filas)
    next(trozos)
    base, inicio, procesador = memoria(), time.perf_counter(), time.process_time()
    tamanio = len(next(trozos))
    primero = time.perf_counter() - inicio
    for trozo in trozos:
        tamanio += len(trozo)
    gastado = time.process_time() - procesador
    return {"caso": caso, "micros": gastado / filas * 1e6, "memoria": memoria() - base, "primero": primero,
            "tamanio": tamanio, "segundos": time.perf_counter() - inicio}  # fmt: skip


def _propio(formato: str, filas: int) -> Iterator[bytes]:
    from movistar_site.comun.salida import Cuenta
    from movistar_site.intercambio.exportador import flujo

    cuenta = Cuenta()
    _en_reposo()
    yield b""
    yield from flujo(hoy=HOY, formato=formato, entidad="clientes", cuenta=cuenta)
    assert cuenta.registros == filas, cuenta


def _ajeno(formato: str, filas: int) -> Iterator[bytes]:
    from import_export import resources

    from clientes.models import Cliente

    class Plano(resources.ModelResource):
        class Meta:
            model = Cliente
            exclude = ("busqueda", "creado_en", "actualizado_en")

    _en_reposo()
    yield b""
    consulta = Cliente.objects.select_related("municipio").order_by("pk")[:filas]
    escrito = Plano().export(consulta).export(formato)
    yield escrito.encode() if isinstance(escrito, str) else escrito


def _en_reposo() -> None:
    """Como está un trabajador del panel que ya atendió una petición."""
    from django.db import connection

    import movistar_site.urls  # noqa: F401

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


# --- La corrida ------------------------------------------------------------------------------------------------------
@contextmanager
def base_llena(cual: str, filas: int) -> Iterator[dict[str, str]]:
    """El entorno de una base con esos clientes."""
    from movistar_site.arranque.postgres import postgres_pasajero

    with tempfile.TemporaryDirectory(prefix="exportacion-") as carpeta:
        entorno = {**os.environ, "PANEL_DATOS": carpeta, "SECRET_KEY": "medida",
                   "DJANGO_SETTINGS_MODULE": "movistar_site.settings"}  # fmt: skip
        if cual == "sqlite":
            entorno.pop("DATABASE_URL", None)
            _llenar(entorno, filas)
            yield entorno
            return
        with postgres_pasajero() as (version, url):
            print(f"PostgreSQL {version}")
            entorno["DATABASE_URL"] = url
            _llenar(entorno, filas)
            yield entorno


def _llenar(entorno: dict[str, str], filas: int) -> None:
    orden = [sys.executable, "-W", "ignore", "manage.py"]
    subprocess.run([*orden, "migrate", "-v0"], cwd=RAIZ, env=entorno, check=True)
    demo = ["datos_demo", "--clientes", str(filas), "--contratos", "0", "--interacciones", "0", "--hoy", str(HOY)]
    subprocess.run([*orden, *demo], cwd=RAIZ, env=entorno, check=True, stdout=subprocess.DEVNULL)


def correr(caso: str, filas: int, entorno: dict[str, str]) -> dict[str, Any]:
    """Un caso en su proceso."""
    orden = [sys.executable, "-W", "ignore", __file__, "--caso", caso, "--filas", str(filas)]
    salida = subprocess.run(orden, cwd=RAIZ, env=entorno, check=True, capture_output=True, text=True).stdout
    return json.loads(salida)  # type: ignore[no-any-return]


def main() -> None:
    """Llena la base, mide cada formato por los dos caminos y escribe la tabla."""
    argumentos = argparse.ArgumentParser(description=__doc__)
    argumentos.add_argument("--filas", type=int, default=1_000_000)
    argumentos.add_argument("--stock", type=int, default=20_000)
    argumentos.add_argument("--base", choices=("sqlite", "postgresql"), default="sqlite")
    argumentos.add_argument("--caso", default="")
    opciones = argumentos.parse_args()
    if opciones.caso:
        print(json.dumps(medir(opciones.caso, opciones.filas)))
        return
    print(f"{opciones.filas:,} clientes en {opciones.base}; django-import-export, {opciones.stock:,}")
    titulos = ("formato", "panel", "ajeno", "razón", "meta", "memoria", "meta", "primer byte", "filas/s", "pesa")
    anchos = (8, 12, 12, 9, 7, 11, 7, 13, 11, 9)
    print("".join(f"{t:<{a}}" if n == 0 else f"{t:>{a}}" for n, (t, a) in enumerate(zip(titulos, anchos, strict=True))))
    with base_llena(opciones.base, opciones.filas) as entorno:
        for formato, meta in METAS.items():
            ajeno = correr(f"ajeno-{formato}", min(opciones.stock, opciones.filas), entorno)
            propio = correr(f"panel-{formato}", opciones.filas, entorno)
            razon = ajeno["micros"] / propio["micros"]
            print(f"{formato:<8}{propio['micros']:>9.1f} µs{ajeno['micros']:>9.0f} µs{razon:>8.1f}×{meta:>6}×"
                  f"{propio['memoria']:>+8.0f} MB{MB_DE_MAS:>4} MB{propio['primero'] * 1000:>10.0f} ms"
                  f"{opciones.filas / propio['segundos']:>11,.0f}{propio['tamanio'] / 1e6:>6.0f} MB")  # fmt: skip
    print(f"Carga media: {os.getloadavg()[0]:.1f} con {os.cpu_count()} procesadores")


if __name__ == "__main__":
    main()
