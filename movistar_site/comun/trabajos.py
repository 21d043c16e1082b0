"""Trabajos de fondo: rescatar los que dejó un trabajador muerto, los de cada día y el aseo de la base.

django-tasks-db guarda los trabajos en la base y marca «en curso» el que alguien toma, pero no sabe si ese alguien
sigue vivo: si lo matan, el trabajo queda en curso para siempre. Aquí vuelve a la cola. Todo trabajo del panel debe,
por eso, poder repetirse sin daño.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

INTENTOS = 3
"""Veces que se empieza un trabajo antes de darlo por fallido: quizás es él quien mata al trabajador."""
ESPERA_POR_OTRA_MAQUINA = timedelta(hours=6)
"""Lo que puede durar un trabajo tomado por otra máquina, de la que aquí no se ve si vive."""
DIAS_DE_RESULTADOS = 14
DIAS_DE_FALLIDOS = 90
DIAS_DE_INGRESOS_FALLIDOS = 30
DIAS_DE_INGRESOS = 365
TANDA = 1_000
AL_MANTENER: list[Callable[[datetime], None]] = []
"""Lo que otras aplicaciones miran cada minuto desde el trabajador: retomar lo que quedó a medias."""
AL_ASEAR: dict[str, Callable[[datetime], int]] = {}
"""Lo que otras aplicaciones borran en el aseo diario: nombre → función que dice cuántas filas borró."""
_ESPACIO = uuid.UUID("5d0d6a0e-6c1b-4f57-9a55-1f3a5f5b7c11")


class TrabajadorInterrumpido(Exception):
    """El trabajador murió a mitad del trabajo, tantas veces que ya no se reintenta."""


@dataclass(frozen=True)
class Rescate:
    """Lo que hizo un rescate: trabajos devueltos a la cola y trabajos dados por fallidos."""

    devueltos: int = 0
    fallidos: int = 0


def rescatar(*, ahora: datetime, maquina: str, esta_vivo: Callable[[str], bool]) -> Rescate:
    """Devuelve a la cola los trabajos en curso cuyo trabajador murió; al tercer intento los da por fallidos.

    `maquina`: la de quien pregunta; solo de sus trabajadores se sabe, con `esta_vivo(nombre)`, si viven.
    """
    devueltos = fallidos = 0
    for clave in DBTaskResult.objects.running().order_by().values_list("pk", flat=True):
        with transaction.atomic():
            trabajo = DBTaskResult.objects.running().select_for_update().filter(pk=clave).order_by().first()
            if trabajo is None or not _abandonado(trabajo, ahora, maquina, esta_vivo):
                continue
            if len(trabajo.worker_ids) >= INTENTOS:
                _dar_por_fallido(trabajo, ahora)
                fallidos += 1
            else:
                trabajo.status = TaskResultStatus.READY
                trabajo.started_at = None
                trabajo.save(update_fields=["status", "started_at"])
                devueltos += 1
    return Rescate(devueltos, fallidos)


def _abandonado(trabajo: DBTaskResult, ahora: datetime, maquina: str, esta_vivo: Callable[[str], bool]) -> bool:
    trabajador = trabajo.worker_ids[-1] if trabajo.worker_ids else ""
    if trabajador.split(":", 1)[0] == maquina:
        return not esta_vivo(trabajador)
    return trabajo.started_at is None or ahora - trabajo.started_at > ESPERA_POR_OTRA_MAQUINA


def _dar_por_fallido(trabajo: DBTaskResult, ahora: datetime) -> None:
    trabajo.status = TaskResultStatus.FAILED
    trabajo.finished_at = ahora
    trabajo.exception_class_path = f"{__name__}.{TrabajadorInterrumpido.__qualname__}"
    trabajo.traceback = f"El trabajador murió {len(trabajo.worker_ids)} veces a mitad de este trabajo."
    trabajo.return_value = None
    trabajo.save(update_fields=["status", "finished_at", "exception_class_path", "traceback", "return_value"])


def hay_pendientes(ahora: datetime) -> bool:
    """Si algún trabajo espera turno. Se pregunta sin bloquear la base, antes de pedir turno de escritura."""
    con_turno = Q(run_after=get_date_max()) | Q(run_after__lte=ahora)
    return DBTaskResult.objects.filter(con_turno, status=TaskResultStatus.READY).order_by().exists()


@dataclass(frozen=True)
class Diario:
    """Un trabajo que se hace una vez al día, desde esa hora de Bogotá. Si falla, se repite hasta INTENTOS veces."""

    trabajo: Any
    desde: time = time.min


DIARIOS: dict[str, Diario] = {}
"""Los trabajos de cada día: nombre → trabajo y hora. Las otras aplicaciones añaden aquí los suyos."""


def programar_diarios(ahora: datetime) -> list[str]:
    """Pone en la cola los trabajos del día cuya hora ya llegó y que nadie puso todavía. Devuelve sus nombres.

    La clave de cada uno sale de su nombre, la fecha y el intento, de modo que dos trabajadores a la vez ponen uno solo.
    Encendido a las tres de la tarde, el trabajador hace lo de las cinco de la mañana; lo de ayer ya no.
    """
    local = timezone.localtime(ahora)
    puestos = []
    for nombre, diario in DIARIOS.items():
        if local.time() < diario.desde:
            continue
        claves = [uuid.uuid5(_ESPACIO, f"{nombre}:{local:%Y-%m-%d}{_vez(n)}") for n in range(INTENTOS)]
        estados = dict(DBTaskResult.objects.filter(pk__in=claves).order_by().values_list("pk", "status"))
        clave = next((una for una in claves if estados.get(una) != TaskResultStatus.FAILED), None)
        if clave is not None and clave not in estados:
            _encolar(diario.trabajo, clave, ahora)
            puestos.append(nombre)
    return puestos


def _vez(n: int) -> str:
    return f":{n}" if n else ""


def _encolar(trabajo: Any, clave: uuid.UUID, ahora: datetime) -> None:
    fila: DBTaskResult = DBTaskResult(
        id=clave,
        args_kwargs={"args": [], "kwargs": {}},
        task_path=trabajo.module_path,
        queue_name=trabajo.queue_name,
        priority=trabajo.priority,
        backend_name=trabajo.backend,
        run_after=ahora,
    )
    DBTaskResult.objects.bulk_create([fila], ignore_conflicts=True)


@task()
def aseo_diario() -> dict[str, int]:
    """El aseo de cada día, como trabajo de fondo."""
    return asear(timezone.now())


DIARIOS["aseo"] = Diario(aseo_diario)


def asear(ahora: datetime) -> dict[str, int]:
    """Borra lo que ya no sirve y devuelve cuántas filas de cada cosa. Repetirlo no borra nada más.

    Sesiones vencidas; resultados de trabajos terminados hace 14 días y fallidos hace 90; intentos de ingreso de hace
    más de 30 días e ingresos de hace más de un año.
    """
    from axes.models import AccessAttempt, AccessFailureLog, AccessLog

    def hace(dias: int) -> datetime:
        return ahora - timedelta(days=dias)

    viejos = {
        "sesiones": Session.objects.filter(expire_date__lt=ahora),
        "resultados": DBTaskResult.objects.successful().filter(finished_at__lt=hace(DIAS_DE_RESULTADOS)),
        "fallidos": DBTaskResult.objects.failed().filter(finished_at__lt=hace(DIAS_DE_FALLIDOS)),
        "intentos": AccessAttempt.objects.filter(attempt_time__lt=hace(DIAS_DE_INGRESOS_FALLIDOS)),
        "fallas": AccessFailureLog.objects.filter(attempt_time__lt=hace(DIAS_DE_INGRESOS_FALLIDOS)),
        "ingresos": AccessLog.objects.filter(attempt_time__lt=hace(DIAS_DE_INGRESOS)),
    }
    borradas = {nombre: borrar_por_tandas(consulta) for nombre, consulta in viejos.items()}
    return borradas | {nombre: borrar(ahora) for nombre, borrar in AL_ASEAR.items()}


def borrar_por_tandas(consulta: QuerySet[Any], tanda: int = TANDA) -> int:
    """Borra las filas de a pocas, cada tanda en su transacción: en SQLite nadie espera a que termine todo."""
    total = 0
    while claves := list(consulta.order_by().values_list("pk", flat=True)[:tanda]):
        borradas, _ = consulta.model._default_manager.filter(pk__in=claves).delete()
        total += borradas
        if not borradas:
            break
    return total
