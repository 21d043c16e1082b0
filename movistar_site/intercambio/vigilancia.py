"""Que ninguna importación quede colgada: quién trabaja en cuál, retomar las que un corte dejó a medias, y el aseo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, OuterRef
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from movistar_site.comun import vida
from movistar_site.comun.trabajos import borrar_por_tandas

from . import carpeta, tareas
from .models import AvisoImportacion, EstadoImportacion, Importacion, RegistroPlan

DIAS_DE_PLAN = 30
"""Lo que se conservan los archivos y el detalle de una importación terminada; la constancia y la historia, siempre."""
_TRABAJOS = {
    EstadoImportacion.LEYENDO: tareas.leer_importacion,
    EstadoImportacion.APLICANDO: tareas.aplicar_importacion,
    EstadoImportacion.DESHACIENDO: tareas.deshacer_importacion,
}
_ABANDONADA = "El trabajador se interrumpió varias veces con esta importación. Puede continuarla o deshacerla."


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
        if suyos.filter(status=TaskResultStatus.FAILED).exists():
            _dar_por_detenida(importacion)
        elif ahora - (importacion.paso_desde or importacion.creada_en) > timedelta(minutes=1):
            trabajo.enqueue(importacion.pk)


def _dar_por_detenida(importacion: Importacion) -> None:
    from .aplicador import terminar

    leyendo = importacion.estado == EstadoImportacion.LEYENDO
    terminar(importacion, EstadoImportacion.ILEGIBLE if leyendo else EstadoImportacion.DETENIDA, _ABANDONADA)


def asear(ahora: datetime) -> int:
    """Borra el plan y los archivos de las importaciones terminadas hace más de DIAS_DE_PLAN; queda la constancia."""
    borradas = 0
    viejas = Importacion.objects.filter(creada_en__lt=ahora - timedelta(days=DIAS_DE_PLAN)).exclude(
        estado__in=[*_TRABAJOS]
    )
    for importacion in viejas.filter(Exists(RegistroPlan.objects.filter(importacion=OuterRef("pk")))):
        borradas += borrar_por_tandas(RegistroPlan.objects.filter(importacion=importacion))
        borradas += borrar_por_tandas(AvisoImportacion.objects.filter(importacion=importacion))
        carpeta.borrar(importacion)
    return borradas
