"""Cuánto le cuesta a la base cada reporte y el tablero, y cuánto llevar las cuentas que los hacen baratos.

Uso: .venv/bin/python benchmarks/informes.py [--clientes 1000000] [--base sqlite|postgresql] [--solo CLAVE …] [--planes]
     [--sin-filtros] [--sin-archivos] [--sin-cuentas] [--cpu]

Una base nueva y temporal llenada con `datos_demo` (3 contratos y 2 interacciones por cliente); con DATABASE_URL, la que
diga, que debe estar ya llena (`datos_demo`) y en la que nada queda escrito. Cada reporte corre en su propio proceso:
- «entrada»: la página del reporte como se abre, la suma de todas sus consultas con sus lecturas (la mejor de tres; ≤ 50
  ms los obligatorios y el tablero). Los demás renglones son lo mismo con cada filtro, cada agrupación, comparando, como
  estaba un día, y abriendo cada cifra (≤ 3 s).
- «archivo»: lo que tarda el primer trozo (≤ 300 ms), todo el archivo y la memoria por encima de la de reposo.
- «cuentas»: insertar, cambiar y borrar contratos e interacciones con los disparadores y sin ellos, de golpe y de a uno.
`--cpu` cuenta la CPU y no el reloj de cada consulta: en SQLite, que calcula en el mismo hilo, sirve en una máquina
ocupada; en PostgreSQL no dice nada. `--planes` escribe cómo resuelve la base las consultas que pasan de su límite.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from procesos import Bases, correr, servidor

HOY = date.today().isoformat()
UN_ANIO_ATRAS = (date.today() - timedelta(days=400)).isoformat()
OBLIGATORIOS = ("servicios-ofrecidos", "popularidad", "clientes-por-servicio", "tablero")
MS_DE_ENTRADA, MS_CON_FILTRO, MS_DEL_PRIMER_TROZO, VECES_DE_LAS_CUENTAS = 50, 3_000, 300, 2


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movistar_site.settings")
    import django
    from django.conf import settings

    django.setup()
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.ALLOWED_HOSTS = ["testserver"]


# --- Lo que corre en cada proceso ------------------------------------------------------------------------------------
def papel_claves() -> None:
    """Las claves de los reportes, y lo que PostgreSQL debe saber de sus tablas."""
    from django.db import connection

    from reportes.marco import REPORTES

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    print(json.dumps(sorted(REPORTES)))


def papel_reporte(clave: str, filtros: str) -> None:
    """Cada manera de mirar un reporte; escribe una línea por cada una."""
    from informes_medidas import medir_reporte

    for linea in medir_reporte(clave, con_filtros=bool(filtros), hoy=HOY, dia=UN_ANIO_ATRAS, limites=_limites(clave)):
        print(json.dumps(linea), flush=True)


def papel_tablero(_: str) -> None:
    """La primera página, con todo el panel."""
    from informes_medidas import medir_tablero

    for linea in medir_tablero(limite=MS_DE_ENTRADA):
        print(json.dumps(linea), flush=True)


def papel_archivo(clave: str, formato: str) -> None:
    """Un reporte en un archivo."""
    from informes_medidas import medir_archivo

    print(json.dumps(medir_archivo(clave, formato, hoy=HOY)))


def papel_cuentas() -> None:
    """Lo que cuesta escribir con las cuentas y sin ellas."""
    from informes_cuentas import medir_cuentas

    for linea in medir_cuentas():
        print(json.dumps(linea), flush=True)


PAPELES: dict[str, Any] = {
    "claves": papel_claves,
    "reporte": papel_reporte,
    "tablero": papel_tablero,
    "archivo": papel_archivo,
    "cuentas": papel_cuentas,
}


def _limites(clave: str) -> tuple[int, int]:
    return (MS_DE_ENTRADA if clave in OBLIGATORIOS else MS_CON_FILTRO, MS_CON_FILTRO)


# --- La corrida ------------------------------------------------------------------------------------------------------
def papel(nombre: str, entorno: dict[str, str], *argumentos: str) -> list[Any]:
    """Lo que dice un papel, línea por línea."""
    salida = correr([__file__, "--papel", nombre, *argumentos], entorno).salida
    return [json.loads(linea) for linea in salida.splitlines() if linea.startswith(("{", "["))]


def _marca(valor: float, limite: float) -> str:
    return "" if valor <= limite else f"  ← pasa de {limite:,.0f}"


def tabla_de_reportes(opciones: argparse.Namespace, claves: list[str], entorno: dict[str, str]) -> None:
    """El tiempo de base de cada reporte, de cada manera."""
    print(f"\n{'reporte':<26}{'cómo':<44}{'base ms':>9} {'consultas':>9} {'más larga':>9} {'KB':>6}")
    if not opciones.solo or "tablero" in opciones.solo:
        claves = ["tablero", *claves]
    for clave in claves:
        nombre = "tablero" if clave == "tablero" else "reporte"
        filtros = "" if opciones.sin_filtros else "si"
        argumentos = [filtros] if nombre == "tablero" else [clave, filtros]
        for una in papel(nombre, entorno, *argumentos):
            print(
                f"{clave:<26}{una['como'][:43]:<44}{una['ms']:>9,.1f} {una['consultas']:>9} {una['larga']:>9,.1f}"
                f" {una['kb']:>6,.0f}{_marca(una['ms'], una['limite'])}",
                flush=True,
            )
            if opciones.planes and una["ms"] > una["limite"]:
                print("\n".join(f"      {renglon}" for renglon in una["plan"]))


def tabla_de_archivos(claves: list[str], entorno: dict[str, str]) -> None:
    """El primer trozo y la memoria de cada archivo."""
    print(f"\n{'archivo':<26}{'formato':<8}{'primero ms':>11} {'todo s':>8} {'MB de más':>10} {'pesa MB':>8}")
    for clave in claves:
        for formato in ("csv", "xlsx", "pdf", "json"):
            (una,) = papel("archivo", entorno, clave, formato)
            if una["negado"]:
                print(f"{clave:<26}{formato:<8}{una['negado']}")
                continue
            print(
                f"{clave:<26}{formato:<8}{una['primero']:>11,.0f} {una['segundos']:>8,.1f} {una['memoria']:>10,.0f}"
                f" {una['pesa']:>8,.1f}{_marca(una['primero'], MS_DEL_PRIMER_TROZO)}",
                flush=True,
            )


def tabla_de_cuentas(entorno: dict[str, str]) -> None:
    """Escribir con disparadores y sin ellos."""
    print(f"\n{'escribir':<46}{'sin µs':>9} {'con µs':>9} {'razón':>7}")
    for una in papel("cuentas", entorno):
        razon = una["con"] / una["sin"]
        marca = _marca(razon, VECES_DE_LAS_CUENTAS) if "cambiar" not in una["que"] else ""
        print(f"{una['que']:<46}{una['sin']:>9,.1f} {una['con']:>9,.1f} {razon:>6.2f}×{marca}", flush=True)


def medir(opciones: argparse.Namespace, entorno: dict[str, str]) -> None:
    """Todas las tablas sobre una base llena."""
    (claves,) = papel("claves", entorno)
    if opciones.solo:
        claves = [clave for clave in claves if clave in opciones.solo]
    tabla_de_reportes(opciones, claves, entorno)
    if not opciones.sin_archivos:
        tabla_de_archivos(claves, entorno)
    if not opciones.sin_cuentas:
        tabla_de_cuentas(entorno)
    print(f"\nCarga media: {os.getloadavg()[0]:.1f} con {os.cpu_count()} procesadores")


def llena(opciones: argparse.Namespace, bases: Bases) -> dict[str, str]:
    """Una base nueva con los datos de la demostración."""
    base = bases.nueva()
    medida = correr(["manage.py", "datos_demo", "--clientes", str(opciones.clientes), "--hoy", HOY], base)
    print(f"{opciones.clientes:,} clientes en {opciones.base}, escritos en {medida.reloj:,.0f} s")
    return base


def main() -> None:
    """Lee las opciones y mide, o hace el papel que le pidan."""
    lector = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    lector.add_argument("--clientes", type=int, default=1_000_000)
    lector.add_argument("--base", choices=("sqlite", "postgresql"), default="sqlite")
    lector.add_argument("--solo", nargs="+", default=[])
    for nombre in ("planes", "sin-filtros", "sin-archivos", "sin-cuentas", "cpu"):
        lector.add_argument(f"--{nombre}", action="store_true")
    lector.add_argument("--papel", nargs="+", help=argparse.SUPPRESS)
    opciones = lector.parse_args()
    if opciones.papel:
        _django()
        PAPELES[opciones.papel[0]](*opciones.papel[1:])
        return
    if opciones.cpu:
        os.environ["MEDIR_CPU"] = "1"
    if os.environ.get("DATABASE_URL"):
        medir(opciones, {**os.environ, "SECRET_KEY": os.environ.get("SECRET_KEY", "medida")})
        return
    with tempfile.TemporaryDirectory(prefix="reportes-") as carpeta, servidor(opciones.base) as direccion:
        medir(opciones, llena(opciones, Bases(Path(carpeta), direccion)))


if __name__ == "__main__":
    main()
