"""Una importación que matan a mitad (kill -9) termina igual que una que nadie tocó, en una base de verdad."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

CLIENTES = 900
_CREAR = """
import django; django.setup()
from pathlib import Path
from django.utils import timezone
from movistar_site.intercambio import operaciones
una = operaciones.crear_importacion(archivos=[("usuario.json", Path({archivo!r}))], usuario=None,
                                    hoy=timezone.localdate())
operaciones.leer(una)
operaciones.confirmar(una, usuario=None)
"""


def _archivo(destino: Path) -> Path:
    tipos = {"fibra_x": {"nombre": "Fibra de prueba", "red": "fija"}}
    servicios = {"FX-1": {"nombre": "Plan uno", "tipo": "fibra_x", "precio": "50000"}}
    usuarios = {
        f"CC-{20_000_000 + n}": {
            "nombre": f"Persona{n}", "apellido": "Inventada", "fecha_vinculacion": "2015-04-01",
            "servicios": [{"servicio": "FX-1", "fecha_inicio": "2020-01-01", "estado": "activo"}],
            "interacciones": [{"tipo": "consulta", "asunto": f"Duda {n}", "fecha": "2024-01-01T10:00:00-05:00"}],
        }
        for n in range(CLIENTES)
    }  # fmt: skip
    destino.write_text(json.dumps({"movistar": {"tipos": tipos, "servicios": servicios, "usuarios": usuarios}}))
    return destino


class Panel:
    """Un panel con su propia carpeta y su propia base SQLite."""

    def __init__(self, carpeta: Path, molde: Path | None = None) -> None:
        self.carpeta = carpeta
        if molde is not None:
            shutil.copytree(molde, carpeta)
        carpeta.mkdir(exist_ok=True)
        self.base = carpeta / "panel.sqlite3"
        self.entorno = {
            **os.environ,
            "PANEL_DATOS": str(carpeta),
            "DATABASE_URL": f"sqlite:///{self.base}",
            "SECRET_KEY": "clave-de-la-prueba-de-cortes-0123456789-abcdefghijklmnop",
            "DJANGO_SETTINGS_MODULE": "movistar_site.settings",
        }

    def orden(self, *argumentos: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *argumentos], cwd=settings.BASE_DIR, env=self.entorno, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )  # fmt: skip

    def correr(self, *argumentos: str) -> None:
        proceso = self.orden(*argumentos)
        _, errores = proceso.communicate(timeout=240)
        assert proceso.returncode == 0, errores.decode()[-3000:]

    def cuantos(self, tabla: str) -> int:
        with sqlite3.connect(f"file:{self.base}?mode=ro", uri=True, timeout=10) as base:
            return int(base.execute(f"SELECT count(*) FROM {tabla}").fetchone()[0])

    def matar_cuando(self, proceso: subprocess.Popen[bytes], tabla: str, haya: int) -> None:
        limite = time.monotonic() + 120
        while self.cuantos(tabla) < haya and proceso.poll() is None and time.monotonic() < limite:
            time.sleep(0.002)
        assert proceso.poll() is None, "terminó antes de que se pudiera matar"
        proceso.send_signal(signal.SIGKILL)
        proceso.communicate()

    def exportado(self) -> dict[str, bytes]:
        salida = self.carpeta / "salida"
        self.correr("manage.py", "exportar", str(salida))
        return {ruta.name: ruta.read_bytes() for ruta in salida.iterdir()}

    def historia(self) -> list[Any]:
        consulta = "SELECT documento, history_type, count(*) FROM clientes_historicalcliente GROUP BY 1, 2 ORDER BY 1"
        with sqlite3.connect(self.base, timeout=10) as base:
            return base.execute(consulta).fetchall()


@pytest.fixture(scope="module")
def molde(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Una carpeta con la base migrada y la importación lista para escribirse."""
    carpeta = tmp_path_factory.mktemp("molde") / "datos"
    panel = Panel(carpeta)
    archivo = _archivo(tmp_path_factory.mktemp("archivos") / "usuario.json")
    panel.correr("manage.py", "migrate", "--verbosity", "0")
    panel.correr("-c", _CREAR.format(archivo=str(archivo)))
    return carpeta


def test_matar_al_trabajador_dos_veces_no_cambia_el_resultado(molde: Path, tmp_path: Path) -> None:
    sano, herido = Panel(tmp_path / "sano", molde), Panel(tmp_path / "herido", molde)
    sano.correr("manage.py", "trabajador", "--una-vez")
    assert sano.cuantos("clientes_cliente") == CLIENTES
    for tabla, haya in (("clientes_cliente", 100), ("clientes_contrato", 100)):
        herido.matar_cuando(herido.orden("manage.py", "trabajador", "--una-vez"), tabla, haya)
        assert herido.cuantos("clientes_interaccion") < CLIENTES
    herido.correr("manage.py", "trabajador", "--una-vez")
    assert herido.exportado() == sano.exportado()
    assert herido.historia() == sano.historia()


_EXPORTAR = """
import django; django.setup()
from django.utils import timezone
from clientes.models import Cliente
from movistar_site.comun.salida import Cuenta
from movistar_site.intercambio.exportador import flujo
cuenta, hoy = Cuenta(), timezone.localdate()
trozos = flujo(hoy=hoy, formato="csv", entidad="clientes", cuenta=cuenta)
next(trozos)
Cliente.objects.create(tipo_documento="CC", documento="77777", nombre="Eva", apellido="Luna", fecha_vinculacion=hoy)
assert b"77777" not in b"".join(trozos)
assert cuenta.registros == Cliente.objects.count() - 1
"""


def test_lo_que_cambia_durante_una_exportacion_no_sale_y_nadie_espera(molde: Path, tmp_path: Path) -> None:
    panel = Panel(tmp_path / "panel", molde)
    panel.correr("manage.py", "trabajador", "--una-vez")
    panel.correr("-c", _EXPORTAR)
