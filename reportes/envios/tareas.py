"""Enviar los reportes que tocan, desde el trabajador."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from movistar_site.comun.valores import contar

from .entregas import Vuelta, despachar, hay_por_enviar


@task()
def enviar_los_reportes() -> str:
    """Envía lo que toca; véase `envios.entregas`. Se puede repetir sin que nada salga dos veces."""
    return resumen(despachar(reloj=timezone.now))


def encolar_si_toca(ahora: datetime) -> None:
    """Cada minuto, desde el trabajador: si algo toca, deja el trabajo en la cola, uno solo mientras espere turno."""
    if hay_por_enviar(ahora) and not _en_la_cola():
        enviar_los_reportes.enqueue()


def _en_la_cola() -> bool:
    esperan = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=enviar_los_reportes.module_path)
    return esperan.order_by().exists()


def resumen(vuelta: Vuelta) -> str:
    """Lo que hizo una vuelta, en una frase."""
    partes = [contar(vuelta.enviadas, "reporte enviado", "reportes enviados")]
    if vuelta.por_reintentar:
        partes.append(f"{vuelta.por_reintentar} por reintentar ({vuelta.falla or 'el detalle está en su página'})")
    if vuelta.fallidas:
        partes.append(contar(vuelta.fallidas, "no salió", "no salieron"))
    if vuelta.detenidas:
        partes.append(contar(vuelta.detenidas, "envío detenido", "envíos detenidos"))
    return f"{', '.join(partes)}."
