"""Dos procesos a la vez, y uno que matan (kill -9) a la mitad: cada cliente una vez, y nadie se queda sin la suya.

Son procesos de verdad sobre una base de verdad: en SQLite, un archivo copiado de la base de las pruebas; en PostgreSQL,
la misma base de las pruebas.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTES, CON_PQR, TOPE_DE_ASESOR, TOPE_MENSUAL = 900, 30, 200, 700_000
ELEGIBLES = CLIENTES - CON_PQR
POR_EL_TOPE = TOPE_MENSUAL // 1_000
_PREPARAR = "import django; django.setup()\n"
_POBLAR = (
    _PREPARAR
    + f"""
from datetime import date
from decimal import Decimal
from django.contrib.auth.models import Group
from django.utils import timezone
from bonificaciones.models import Asesor, Programa
from bonificaciones.tests.fabricas import FabricaPrograma
from clientes.models import Cliente, Interaccion
from clientes.tests.fabricas import FabricaCliente, FabricaInteraccion, FabricaUsuario
from movistar_site.comun.lotes import Firma, insertar
from movistar_site.roles import sincronizar_papeles
sincronizar_papeles()
gente = [Cliente(tipo_documento="CC", documento=str(10_000_000 + n), nombre=f"Persona{{n}}", apellido="Inventada",
                 fecha_vinculacion=date(2005 + n % 9, 1 + n % 12, 1 + n % 28)) for n in range({CLIENTES})]
insertar(Cliente, gente, firma=Firma(timezone.now()))
for cliente in gente[:{CON_PQR}]:
    FabricaInteraccion(cliente=cliente, tipo="reclamacion")
for n in range(3):
    asesora = FabricaUsuario(username=f"asesora{{n}}")
    asesora.groups.add(Group.objects.get(name="Asesor de ventas"))
    Asesor.objects.create(usuario=asesora, tope={TOPE_DE_ASESOR})
Programa.objects.update(activo=False)
costo = {{"beneficio": "datos_extra", "cantidad": Decimal(1), "costo_unitario": Decimal(1_000)}}
FabricaPrograma(codigo="LIBRE", **costo)
FabricaPrograma(codigo="CON-TOPE", tope_mensual=Decimal({TOPE_MENSUAL}), **costo)
"""
)
# Tandas cortas y siempre iguales, para que haya dónde encontrarse y dónde matar.
_CORRER = (
    _PREPARAR
    + """
import pathlib, sys, time
from datetime import date
from django.utils import timezone
from bonificaciones.models import Programa
from bonificaciones.operaciones import otorgar
from movistar_site.comun.cortesia import Cortesia
programa, lista, ya = sys.argv[1:]
otorgar.TANDA = 40
Cortesia._ajustar = lambda self, filas, segundos: None
uno = Programa.objects.get(codigo=programa)
pathlib.Path(lista).touch()
while not pathlib.Path(ya).exists():
    time.sleep(0.002)
otorgar.notificar_fidelizacion(programa=uno, hoy=date(2026, 3, 16), ahora=timezone.now(), origen="prueba")
"""
)


class Panel:
    """Una base de verdad y los procesos que la usan."""

    def __init__(self, carpeta: Path) -> None:
        self.carpeta, self.en_archivo = carpeta, connection.vendor == "sqlite"
        carpeta.mkdir(exist_ok=True)
        self.base = carpeta / "panel.sqlite3"
        if self.en_archivo:
            connection.ensure_connection()
            with sqlite3.connect(self.base) as destino:
                connection.connection.backup(destino)
            direccion = f"sqlite:///{self.base}"
        else:
            servidor = urlsplit(os.environ["DATABASE_URL"])
            direccion = urlunsplit(servidor._replace(path=f"/{connection.settings_dict['NAME']}"))
        self.entorno = {
            **os.environ,
            "PANEL_DATOS": str(carpeta),
            "DATABASE_URL": direccion,
            "SECRET_KEY": "clave-de-la-prueba-de-dos-a-la-vez-0123456789-abcdefghij",
            "DJANGO_SETTINGS_MODULE": "movistar_site.settings",
        }
        self._esperar(self._lanzar("-c", _POBLAR))

    def _lanzar(self, *argumentos: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-W", "ignore", *argumentos], cwd=settings.BASE_DIR, env=self.entorno,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip

    @staticmethod
    def _esperar(proceso: subprocess.Popen[bytes]) -> None:
        _, errores = proceso.communicate(timeout=300)
        assert proceso.returncode == 0, errores.decode()[-3000:]

    def empezar(self, *programas: str) -> list[subprocess.Popen[bytes]]:
        """Un proceso por programa, que arrancan juntos cuando todos están listos."""
        ya = self.carpeta / f"ya{time.monotonic_ns()}"
        listas = [self.carpeta / f"listo{n}-{ya.name}" for n in range(len(programas))]
        procesos = [self._lanzar("-c", _CORRER, programa, str(lista), str(ya))
                    for programa, lista in zip(programas, listas, strict=True)]  # fmt: skip
        while not all(lista.exists() for lista in listas):
            assert all(proceso.poll() is None for proceso in procesos), procesos[0].communicate()[1].decode()[-3000:]
            time.sleep(0.01)
        ya.touch()
        return procesos

    def correr(self, *programas: str) -> None:
        for proceso in self.empezar(*programas):
            self._esperar(proceso)

    def consultar(self, consulta: str) -> list[Any]:
        if not self.en_archivo:
            with connection.cursor() as cursor:
                cursor.execute(consulta)
                return list(cursor.fetchall())
        with sqlite3.connect(f"file:{self.base}?mode=ro", uri=True, timeout=10) as base:
            return base.execute(consulta).fetchall()

    def cuantas(self, tabla: str) -> int:
        return int(self.consultar(f"SELECT count(*) FROM bonificaciones_{tabla}")[0][0])

    def matar_cuando_haya(self, proceso: subprocess.Popen[bytes], cuantas: int) -> None:
        while self.cuantas("bonificacion") < cuantas:
            assert proceso.poll() is None, "terminó antes de que se pudiera matar"
        proceso.send_signal(signal.SIGKILL)
        proceso.communicate()
        assert proceso.returncode == -signal.SIGKILL, "terminó antes de que se pudiera matar"

    def exigir_cada_una_con_lo_suyo(self, cuantas: int) -> None:
        """Tantas bonificaciones, cada una de otro cliente y con exactamente una derivación y su historia."""
        tablas = ("bonificacion", "derivacion", "historicalbonificacion", "historicalderivacion")
        assert [self.cuantas(tabla) for tabla in tablas] == [cuantas] * 4
        for consulta in (
            "SELECT count(DISTINCT cliente_id) FROM bonificaciones_bonificacion",
            "SELECT count(DISTINCT bonificacion_id) FROM bonificaciones_derivacion",
            "SELECT count(DISTINCT id) FROM bonificaciones_historicalbonificacion WHERE history_type = '+'",
            "SELECT count(DISTINCT id) FROM bonificaciones_historicalderivacion WHERE history_type = '+'",
            "SELECT count(*) FROM bonificaciones_bonificacion b JOIN bonificaciones_derivacion d"
            " ON d.bonificacion_id = b.id AND d.cliente_id = b.cliente_id AND d.programa_id = b.programa_id",
        ):
            assert self.consultar(consulta) == [(cuantas,)], consulta
        cargas = dict(self.consultar("SELECT asesor_id, count(*) FROM bonificaciones_derivacion GROUP BY asesor_id"))
        sin_asesor = cargas.pop(None, 0)
        assert max(cargas.values()) <= TOPE_DE_ASESOR
        assert sin_asesor == max(cuantas - 3 * TOPE_DE_ASESOR, 0)

    def corridas(self) -> list[dict[str, Any]]:
        columnas = ("por_permanencia", "ya_la_tenian", "fuera_del_tope", "otorgadas", "derivadas")
        filas = self.consultar(f"SELECT {', '.join(columnas)}, terminada_el FROM bonificaciones_corrida ORDER BY id")
        return [dict(zip((*columnas, "terminada"), fila, strict=True)) for fila in filas]


@pytest.fixture
def panel(tmp_path: Path, transactional_db: None) -> Iterator[Panel]:
    yield Panel(tmp_path / "datos")


def test_dos_procesos_a_la_vez_no_repiten_ni_pierden_a_nadie(panel: Panel) -> None:
    panel.correr("LIBRE", "LIBRE")
    panel.exigir_cada_una_con_lo_suyo(ELEGIBLES)
    una, otra = panel.corridas()
    assert una["otorgadas"] + otra["otorgadas"] == ELEGIBLES
    for corrida in (una, otra):
        assert corrida["terminada"] and corrida["por_permanencia"] == CLIENTES
        assert corrida["ya_la_tenian"] + corrida["otorgadas"] == ELEGIBLES
    panel.correr("LIBRE")
    panel.exigir_cada_una_con_lo_suyo(ELEGIBLES)


def test_dos_a_la_vez_no_pasan_del_tope_ni_del_orden(panel: Panel) -> None:
    panel.correr("CON-TOPE", "CON-TOPE")
    panel.exigir_cada_una_con_lo_suyo(POR_EL_TOPE)
    # Son los que más llevan: nadie de fuera lleva más que el último de dentro.
    ((ultimo,),) = panel.consultar("SELECT max(cliente_desde) FROM bonificaciones_bonificacion")
    ((antes,),) = panel.consultar(
        f"SELECT count(*) FROM clientes_cliente c WHERE fecha_vinculacion < '{ultimo}' AND NOT EXISTS"
        " (SELECT 1 FROM bonificaciones_bonificacion b WHERE b.cliente_id = c.id)"
        " AND NOT EXISTS (SELECT 1 FROM clientes_interaccion i WHERE i.cliente_id = c.id)"
    )
    assert antes == 0
    for corrida in panel.corridas():
        partes = corrida["ya_la_tenian"] + corrida["fuera_del_tope"] + corrida["otorgadas"]
        assert partes == ELEGIBLES


def test_matarlo_a_la_mitad_dos_veces_y_volver_a_correr_da_lo_mismo(panel: Panel) -> None:
    for hasta in (80, 400):
        (proceso,) = panel.empezar("LIBRE")
        panel.matar_cuando_haya(proceso, hasta)
        a_medias = panel.cuantas("bonificacion")
        assert hasta <= a_medias < ELEGIBLES
        panel.exigir_cada_una_con_lo_suyo(a_medias)
    panel.correr("LIBRE", "LIBRE")
    panel.exigir_cada_una_con_lo_suyo(ELEGIBLES)
    primera, segunda, *enteras = panel.corridas()
    assert primera["terminada"] is None and segunda["terminada"] is None
    assert all(una["terminada"] for una in enteras)
    assert sum(una["otorgadas"] for una in panel.corridas()) == ELEGIBLES
    assert sum(una["derivadas"] for una in panel.corridas()) == 3 * TOPE_DE_ASESOR
