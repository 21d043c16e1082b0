"""Una importación que matan (kill -9) al leer, al escribir o al deshacer termina igual que una que nadie tocó."""

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
from django.db import connection

# Solo para que la base de las pruebas exista: de ella se copia la de cada panel.
pytestmark = pytest.mark.django_db
CLIENTES = 900
_PREPARAR = "import django; django.setup()\n"
_CREAR = (
    _PREPARAR
    + """
from pathlib import Path
from django.utils import timezone
from movistar_site.intercambio import operaciones, tareas
una = operaciones.crear_importacion(archivos=[("usuario.json", Path({archivo!r}))], usuario=None,
                                    hoy=timezone.localdate())
tareas.leer_importacion.enqueue(una.pk)
"""
)
_DE_UNA_VEZ = (
    _PREPARAR
    + """
from movistar_site.intercambio import operaciones
from movistar_site.intercambio.models import Importacion
una = Importacion.objects.get()
operaciones.leer(una)
operaciones.confirmar(una, usuario=None, en_cola=False)
operaciones.aplicar(una)
"""
)
_Y_TRABAJAR = (
    _PREPARAR
    + """
from django.core.management import call_command
from movistar_site.intercambio import operaciones
from movistar_site.intercambio.models import Importacion
operaciones.{que}(Importacion.objects.get(), usuario=None)
call_command("trabajador", una_vez=True)
"""
)
_TABLAS = ("clientes_cliente", "clientes_contrato", "clientes_interaccion", "servicios_servicio",
           "servicios_precioservicio")  # fmt: skip
_HISTORIAS = ("clientes_historicalcliente", "clientes_historicalcontrato", "clientes_historicalinteraccion")
_HORAS = {"creado_en", "actualizado_en", "history_date", "origen", "history_id"}


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

    def trabajar(self) -> subprocess.Popen[bytes]:
        return self.orden("manage.py", "trabajador", "--una-vez")

    def esperar(self, proceso: subprocess.Popen[bytes]) -> None:
        _, errores = proceso.communicate(timeout=300)
        assert proceso.returncode == 0, errores.decode()[-3000:]

    def consultar(self, consulta: str) -> list[Any]:
        with sqlite3.connect(f"file:{self.base}?mode=ro", uri=True, timeout=10) as base:
            return base.execute(consulta).fetchall()

    def cuantos(self, tabla: str) -> int:
        return int(self.consultar(f"SELECT count(*) FROM {tabla}")[0][0])

    def estado(self) -> str:
        return str(self.consultar("SELECT estado FROM intercambio_importacion")[0][0])

    def matar_cuando(self, proceso: subprocess.Popen[bytes], tabla: str, haya: int) -> None:
        limite = time.monotonic() + 200
        with sqlite3.connect(f"file:{self.base}?mode=ro", uri=True, timeout=10) as base:
            while base.execute(f"SELECT count(*) FROM {tabla}").fetchone()[0] < haya:
                assert proceso.poll() is None, "terminó antes de que se pudiera matar"
                assert time.monotonic() < limite
                time.sleep(0.003)
        proceso.send_signal(signal.SIGKILL)
        proceso.communicate()
        assert proceso.returncode == -signal.SIGKILL, "terminó antes de que se pudiera matar"

    def foto(self, *tablas: str) -> dict[str, list[Any]]:
        """Todo lo que hay en unas tablas, salvo cuándo se escribió."""
        salida = {}
        for tabla in tablas or (*_TABLAS, *_HISTORIAS):
            columnas = [fila[1] for fila in self.consultar(f"PRAGMA table_info({tabla})") if fila[1] not in _HORAS]
            salida[tabla] = sorted(self.consultar(f"SELECT {', '.join(columnas)} FROM {tabla}"), key=repr)
        return salida


@pytest.fixture(scope="module")
def molde(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Una carpeta con la base al día y una importación por leer. La base es copia de la de las pruebas."""
    panel = Panel(tmp_path_factory.mktemp("molde") / "datos")
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with sqlite3.connect(panel.base) as destino:
                connection.connection.backup(destino)
        else:
            panel.esperar(panel.orden("manage.py", "migrate", "--verbosity", "0"))
    archivo = _archivo(tmp_path_factory.mktemp("archivos") / "usuario.json")
    panel.esperar(panel.orden("-c", _CREAR.format(archivo=str(archivo))))
    return panel.carpeta


def test_matar_al_trabajador_en_cada_paso_no_cambia_el_resultado(molde: Path, tmp_path: Path) -> None:
    sano, herido = Panel(tmp_path / "sano", molde), Panel(tmp_path / "herido", molde)
    antes = herido.foto(*_TABLAS)
    derecho = sano.orden("-c", _DE_UNA_VEZ)

    # Al leer: lo que iba planeado se borra y se planea otra vez.
    herido.matar_cuando(herido.trabajar(), "intercambio_registroplan", CLIENTES)
    assert herido.estado() == "leyendo" and herido.cuantos("intercambio_registroplan") < 3 * CLIENTES
    herido.esperar(herido.trabajar())
    assert herido.estado() == "por_confirmar" and herido.cuantos("intercambio_registroplan") == 3 * CLIENTES + 2

    # Al escribir: dos veces, en dos entidades distintas.
    herido.matar_cuando(herido.orden("-c", _Y_TRABAJAR.format(que="confirmar")), "clientes_cliente", 100)
    herido.matar_cuando(herido.trabajar(), "clientes_contrato", 100)
    assert herido.estado() == "aplicando" and herido.cuantos("clientes_interaccion") < CLIENTES
    herido.esperar(herido.trabajar())
    sano.esperar(derecho)
    assert herido.estado() == sano.estado() == "aplicada"
    assert sano.cuantos("clientes_cliente") == CLIENTES and herido.foto() == sano.foto()
    assert herido.consultar("SELECT cuentas FROM intercambio_importacion") == sano.consultar(
        "SELECT cuentas FROM intercambio_importacion"
    )

    # Al deshacer: lo que ya volvió no vuelve dos veces.
    deshacer = herido.orden("-c", _Y_TRABAJAR.format(que="deshacer"))
    herido.matar_cuando(deshacer, "clientes_historicalcontrato", CLIENTES + 100)
    assert herido.estado() == "deshaciendo" and herido.cuantos("clientes_cliente") == CLIENTES
    herido.esperar(herido.trabajar())
    assert herido.estado() == "deshecha" and herido.foto(*_TABLAS) == antes
    assert {herido.cuantos(tabla) for tabla in _HISTORIAS} == {2 * CLIENTES}
    ((deshecho,),) = herido.consultar("SELECT deshecho FROM intercambio_importacion")
    assert json.loads(deshecho) == {"revertidos": 3 * CLIENTES + 3, "conservados": 0, "imposibles": 0}


_EXPORTAR = (
    _PREPARAR
    + """
from django.utils import timezone
from clientes.models import Cliente
from movistar_site.comun.salida import Cuenta
from movistar_site.intercambio.exportador import flujo
hoy, cuenta = timezone.localdate(), Cuenta()
trozos = flujo(hoy=hoy, formato="csv", entidad="clientes", cuenta=cuenta)
next(trozos)
Cliente.objects.create(tipo_documento="CC", documento="77777", nombre="Eva", apellido="Luna", fecha_vinculacion=hoy)
assert b"77777" not in b"".join(trozos)
assert cuenta.registros == Cliente.objects.count() - 1
"""
)


def test_lo_que_cambia_durante_una_exportacion_no_sale_y_nadie_espera(molde: Path, tmp_path: Path) -> None:
    panel = Panel(tmp_path / "exporta", molde)
    panel.esperar(panel.orden("-c", _EXPORTAR))
