"""`manage.py trabajador`: atiende los trabajos de fondo, rescata los abandonados y programa los de cada día."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError, close_old_connections, connections
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks.signals import task_finished, task_started
from django_tasks_db.management.commands.db_worker import Worker

from movistar_site.comun import trabajos, vida

registro = logging.getLogger("panel.trabajador")
SEGUNDOS_ENTRE_RESCATES = 60
SEGUNDOS_SIN_BASE = 5


class Trabajador(Worker):
    """El trabajador de django-tasks-db, que además rescata, asea, aguanta una base ocupada y habla español."""

    def __init__(self, *, nombre: str, maquina: str, carpeta: Path, intervalo: float, hasta_vaciar: bool) -> None:
        super().__init__(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=nombre,
            excluded_queue_names=[],
        )
        self.maquina, self.carpeta = maquina, carpeta
        self.intervalo, self.hasta_vaciar = intervalo, hasta_vaciar
        self._proximo_rescate = 0.0
        self._base_ausente = False

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Al primer aviso termina el trabajo en curso; al segundo lo deja, y otro trabajador lo rescatará."""
        if not self.running_task:
            sys.exit(0)
        if not self.running:
            os._exit(1)
        registro.info("Se detendrá al terminar el trabajo en curso.")
        self.running = False

    def run(self) -> None:
        """Atiende hasta que pidan parar o, con `hasta_vaciar`, hasta que no quede nada en la cola."""
        while self.running:
            close_old_connections()
            atendio = self._vuelta()
            if self.hasta_vaciar and not atendio:
                return
            if self.running and not atendio:
                time.sleep(SEGUNDOS_SIN_BASE if self._base_ausente else self.intervalo)

    def _vuelta(self) -> bool:
        """Una vuelta: rescate si toca, y los trabajos que esperen. Devuelve si atendió alguno."""
        try:
            self._mantener()
            hay = trabajos.hay_pendientes(timezone.now())
            if hay:
                super().run()
        except (OperationalError, InterfaceError) as error:
            # Otro escribe (SQLite) o la base se reinicia (PostgreSQL): se reintenta, no se muere.
            self._avisar_sin_base(error)
            return False
        if self._base_ausente:
            registro.info("La base de datos volvió a responder.")
            self._base_ausente = False
        return hay

    def _avisar_sin_base(self, error: Exception) -> None:
        if not self._base_ausente:
            registro.warning("La base de datos no responde o está ocupada; se reintenta (%s).", str(error).strip())
            self._base_ausente = True
        for conexion in connections.all(initialized_only=True):
            with suppress(Exception):
                conexion.close()

    def _mantener(self) -> None:
        if time.monotonic() < self._proximo_rescate:
            return
        ahora = timezone.now()
        rescate = trabajos.rescatar(ahora=ahora, maquina=self.maquina, esta_vivo=self._esta_vivo)
        vida.barrer(self.carpeta)
        if rescate.devueltos:
            registro.warning("Vuelven a la cola %s trabajos que dejó un trabajador muerto.", rescate.devueltos)
        if rescate.fallidos:
            registro.error("Se dan por fallidos %s trabajos interrumpidos demasiadas veces.", rescate.fallidos)
        trabajos.programar_diarios(ahora)
        for mantener in trabajos.AL_MANTENER:
            mantener(ahora)
        self._proximo_rescate = time.monotonic() + SEGUNDOS_ENTRE_RESCATES

    def _esta_vivo(self, nombre: str) -> bool:
        # Aquí este trabajador no tiene ninguno entre manos: uno a su nombre es uno que no alcanzó a cerrar.
        return nombre != self.worker_id and vida.esta_vivo(self.carpeta, nombre)


class Command(BaseCommand):
    """Corre hasta recibir Ctrl-C o SIGTERM. Puede haber varios a la vez."""

    help = "Atiende los trabajos de fondo del panel."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--una-vez", action="store_true", help="Atiende lo que haya en la cola y termina.")
        parser.add_argument(
            "--intervalo", type=float, default=1.0, help="Segundos entre una mirada a la cola y la siguiente."
        )

    def handle(self, *, una_vez: bool, intervalo: float, verbosity: int, **options: Any) -> None:
        if not 0 < intervalo <= SEGUNDOS_ENTRE_RESCATES:
            raise CommandError(f"--intervalo debe ser mayor que 0 y hasta {SEGUNDOS_ENTRE_RESCATES} segundos.")
        _hablar_espanol(verbosity)
        maquina = vida.limpiar_maquina(settings.PANEL_MAQUINA)
        nombre = vida.nuevo_nombre(maquina)
        carpeta = Path(settings.DATOS_DIR) / "trabajadores"
        trabajador = Trabajador(
            nombre=nombre, maquina=maquina, carpeta=carpeta, intervalo=intervalo, hasta_vaciar=una_vez
        )
        trabajador.configure_signals()
        signal.signal(signal.SIGHUP, trabajador.shutdown)
        try:
            with vida.SenalDeVida(carpeta, nombre):
                registro.info("Trabajador %s en marcha.", nombre)
                trabajador.run()
        except OSError as error:
            raise CommandError(f"No se puede escribir en {carpeta}: {error.strerror}.") from error


def _hablar_espanol(verbosidad: int) -> None:
    """Calla las líneas en inglés de la biblioteca y pone las nuestras en su lugar."""
    logging.getLogger("django_tasks").setLevel(logging.CRITICAL)
    logging.getLogger("django_tasks_db").setLevel(logging.CRITICAL)
    registro.setLevel(logging.INFO if verbosidad else logging.ERROR)
    task_started.connect(_empezo, dispatch_uid="panel.trabajador.empezo")
    task_finished.connect(_termino, dispatch_uid="panel.trabajador.termino")


def _empezo(task_result: Any, **_: Any) -> None:
    registro.info("Empieza %s (%s).", task_result.task.name, task_result.id)


def _termino(task_result: Any, **_: Any) -> None:
    if task_result.status == TaskResultStatus.FAILED:
        registro.error("Falló %s (%s):\n%s", task_result.task.name, task_result.id, task_result.errors[-1].traceback)
        return
    segundos = (task_result.finished_at - task_result.started_at).total_seconds()
    registro.info("Terminó %s (%s) en %.1f s.", task_result.task.name, task_result.id, segundos)
