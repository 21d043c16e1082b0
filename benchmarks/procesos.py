"""Bases nuevas y procesos medidos de punta a punta, para las medidas que comparan."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

RAIZ = Path(__file__).resolve().parent.parent
MB = 1024


@dataclass
class Medida:
    """Lo que costó algo: segundos de reloj y de procesador (de este lado), memoria máxima en MB y lo que dijo."""

    reloj: float
    procesador: float
    memoria: float = 0.0
    salida: str = ""

    def por_fila(self, filas: int) -> str:
        """La fila de la tabla."""
        costo = 1e6 * self.procesador / filas
        return f"{filas / self.reloj:>10,.0f} {self.reloj:>9.1f} {costo:>9.1f} {self.memoria:>8.0f}"


# --- Bases y procesos ------------------------------------------------------------------------------------------------
class Bases:
    """Bases nuevas a partir de una plantilla migrada."""

    def __init__(self, carpeta: Path, servidor: str) -> None:
        self.carpeta, self.servidor, self.cuantas = carpeta, servidor, 0
        self.plantilla = self._entorno("plantilla")
        if servidor:
            self._sql("CREATE DATABASE plantilla")
        correr(["manage.py", "migrate", "-v0"], self.plantilla)

    def nueva(self, de: dict[str, str] | None = None) -> dict[str, str]:
        """El entorno de una base igual a la plantilla (o a la de `de`)."""
        self.cuantas += 1
        origen, nombre = (de or self.plantilla)["MEDIDA"], f"medida{self.cuantas}"
        if self.servidor:
            self._sql(f"CREATE DATABASE {nombre} TEMPLATE {origen}")
            (self.carpeta / nombre).mkdir()
        else:
            shutil.copytree(self.carpeta / origen, self.carpeta / nombre)
        return self._entorno(nombre)

    def _entorno(self, nombre: str) -> dict[str, str]:
        entorno = {**os.environ, "PANEL_DATOS": str(self.carpeta / nombre), "SECRET_KEY": "medida", "MEDIDA": nombre}
        entorno["IMPORTACION_MAX_BYTES"] = str(2**31)
        entorno.pop("DATABASE_URL", None)
        (self.carpeta / "plantilla").mkdir(exist_ok=True)
        if self.servidor:
            entorno["DATABASE_URL"] = urlunsplit(urlsplit(self.servidor)._replace(path=f"/{nombre}"))
        return entorno

    def _sql(self, orden: str) -> None:
        import psycopg

        with psycopg.connect(self.servidor.replace("postgres://", "postgresql://"), autocommit=True) as conexion:
            conexion.execute(orden)


def lanzar(orden: list[str], entorno: dict[str, str], **opciones: Any) -> subprocess.Popen[str]:
    """Un proceso de Python de este proyecto."""
    return subprocess.Popen([sys.executable, "-W", "ignore", *orden], cwd=RAIZ, env=entorno, text=True, **opciones)


def correr(orden: list[str], entorno: dict[str, str], *, admite: tuple[int, ...] = (0,)) -> Medida:
    """Corre una orden y mide el proceso entero."""
    inicio = time.monotonic()
    proceso = lanzar(orden, entorno, stdout=subprocess.PIPE)
    assert proceso.stdout is not None
    salida = proceso.stdout.read()
    _, estado, uso = os.wait4(proceso.pid, 0)
    codigo = proceso.returncode = os.waitstatus_to_exitcode(estado)
    if codigo not in admite:
        raise SystemExit(f"{' '.join(orden)} terminó con {codigo}:\n{salida}")
    return Medida(time.monotonic() - inicio, uso.ru_utime + uso.ru_stime, uso.ru_maxrss / MB, salida)


@contextmanager
def servidor(base: str) -> Iterator[str]:
    """La dirección de un PostgreSQL pasajero; vacía si se mide SQLite."""
    if base == "sqlite":
        yield ""
        return
    from movistar_site.arranque import postgres

    postgres.PYTHON = Path(sys.executable)
    with postgres.postgres_pasajero() as (version, direccion):
        print(f"PostgreSQL {version}")
        yield direccion


def papel_escritor(fin: str, semilla: str) -> None:
    """Alguien que guarda clientes uno tras otro; dice cuánto esperó cada vez y cuántas veces falló."""
    from django.db import Error, transaction

    from clientes.models import Cliente

    azar, esperas, errores = random.Random(semilla), [], 0
    claves = list(Cliente.objects.order_by("pk").values_list("pk", flat=True)[:500])
    while not Path(fin).exists():
        inicio = time.monotonic()
        try:
            with transaction.atomic():
                cliente = Cliente.objects.select_for_update().get(pk=azar.choice(claves))
                cliente.notas = f"Llamó {inicio}"
                cliente.save(update_fields=["notas"])
        except Error:
            errores += 1
        esperas.append(time.monotonic() - inicio)
        time.sleep(azar.uniform(0.02, 0.05))
    print(json.dumps([errores, sorted(esperas)]))
