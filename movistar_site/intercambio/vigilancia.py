"""Que ninguna importación quede colgada: quién trabaja en cuál, retomar las que un corte dejó a medias, y el aseo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from movistar_site.comun import vida
from movistar_site.comun.trabajos import borrar_por_tandas

from . import aplicador, carpeta, tareas
from .models import AvisoImportacion, EstadoImportacion, Importacion, RegistroPlan

DIAS_DE_PLAN = 30
"""Lo que se conservan los archivos y el detalle de una importación terminada; la constancia y la historia, siempre."""
_TRABAJOS: dict[str, Any] = {
    EstadoImportacion.LEYENDO: tareas.leer_importacion,
    EstadoImportacion.APLICANDO: tareas.aplicar_importacion,
    EstadoImportacion.DESHACIENDO: tareas.deshacer_importacion,
}
_ABANDONADA = "El trabajador se interrumpió varias veces con esta importación. Puede continuarla o deshacerla."
_SIN_LEER = "El trabajador se interrumpió varias veces al leer estos archivos. Nada se escribió."
_OLVIDADA = f"Pasaron {DIAS_DE_PLAN} días sin confirmarla: su plan y sus archivos se borraron."


class Ocupada(Exception):
    """Otro proceso lleva esta importación."""


def _vivos() -> Path:
    return Path(settings.DATOS_DIR) / "importando"


@contextmanager
def trabajando_en(importacion: Importacion) -> Iterator[None]:
    """Un solo proceso a la vez por importación; si muere, el sistema suelta el cerrojo. Lanza Ocupada si hay otro."""
    nombre = f"importacion-{importacion.pk}"
    if vida.esta_vivo(_vivos(), nombre):
        raise Ocupada
    with vida.SenalDeVida(_vivos(), nombre):
        importacion.refresh_from_db()
        yield


def retomar(ahora: datetime) -> None:
    """Devuelve a la cola las importaciones a medias que nadie lleva, las de una orden o un trabajador muertos."""
    for importacion in Importacion.objects.filter(estado__in=[*_TRABAJOS]):
        if vida.esta_vivo(_vivos(), f"importacion-{importacion.pk}"):
            continue
        trabajo = _TRABAJOS[EstadoImportacion(importacion.estado)]
        suyos = DBTaskResult.objects.filter(task_path=trabajo.module_path, args_kwargs__args__0=importacion.pk)
        if suyos.filter(status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]).exists():
            continue
        # Solo cuenta el último: quien la continuó después de una falla la puso otra vez en la cola.
        ultimo = suyos.order_by("-enqueued_at").first()
        if ultimo is not None and ultimo.status == TaskResultStatus.FAILED:
            _dar_por_detenida(importacion)
        elif ahora - (importacion.paso_desde or importacion.creada_en) > timedelta(minutes=1):
            trabajo.enqueue(importacion.pk)


def _dar_por_detenida(importacion: Importacion) -> None:
    if importacion.estado == EstadoImportacion.LEYENDO:
        aplicador.terminar(importacion, EstadoImportacion.ILEGIBLE, _SIN_LEER)
    else:
        aplicador.terminar(importacion, EstadoImportacion.DETENIDA, _ABANDONADA)


def asear(ahora: datetime) -> int:
    """Borra el plan y los archivos de las importaciones terminadas hace más de DIAS_DE_PLAN; queda la constancia.

    La que nadie confirmó se descarta. La detenida a mitad de camino se conserva: se puede continuar.
    """
    borradas = 0
    viejas = Importacion.objects.filter(creada_en__lt=ahora - timedelta(days=DIAS_DE_PLAN)).exclude(
        estado__in=[*_TRABAJOS, EstadoImportacion.DETENIDA]
    )
    con_plan = Exists(RegistroPlan.objects.filter(importacion=OuterRef("pk")))
    con_avisos = Exists(AvisoImportacion.objects.filter(importacion=OuterRef("pk")))
    con_archivos = carpeta.guardadas()
    for importacion in viejas.filter(con_plan | con_avisos | Q(pk__in=con_archivos)):
        if importacion.estado == EstadoImportacion.POR_CONFIRMAR:
            aplicador.terminar(importacion, EstadoImportacion.DESCARTADA, _OLVIDADA)
        borradas += borrar_por_tandas(RegistroPlan.objects.filter(importacion=importacion))
        borradas += borrar_por_tandas(AvisoImportacion.objects.filter(importacion=importacion))
        carpeta.borrar(importacion)
    return borradas
