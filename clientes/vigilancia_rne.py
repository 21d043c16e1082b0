"""Que ninguna lista del RNE quede colgada: cuándo se lee en el acto, y retomar la que un corte dejó a medias."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from movistar_site.comun import vida

from . import operaciones, tareas
from .models import CargaRne

EN_EL_ACTO = 256 * 1024
"""Bytes hasta los que la lista se lee mientras la persona espera; una más grande va en un trabajo de fondo."""
ESPERA = timedelta(minutes=1)


def empezar_lectura(carga: CargaRne, *, usuario: Any) -> None:
    """Lee la lista ya, si es pequeña, o la pone en la cola."""
    if operaciones.lugar_de(carga).stat().st_size <= EN_EL_ACTO:
        operaciones.leer_rne(carga, usuario=usuario)
    else:
        tareas.leer_lista_rne.enqueue(carga.pk, getattr(usuario, "pk", None))


def retomar(ahora: datetime) -> None:
    """Devuelve a la cola la lista a medias que nadie lleva; si su trabajo ya falló tres veces, la da por fallida."""
    for carga in CargaRne.objects.filter(completa=False, falla="", creado_en__lt=ahora - ESPERA):
        if vida.esta_vivo(Path(settings.DATOS_DIR) / "importando", f"rne-{carga.pk}"):
            continue
        suyos = DBTaskResult.objects.filter(task_path=tareas.leer_lista_rne.module_path, args_kwargs__args__0=carga.pk)
        if suyos.filter(status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]).exists():
            continue
        if suyos.filter(status=TaskResultStatus.FAILED).exists():
            operaciones.dar_por_fallida(carga)
        else:
            tareas.leer_lista_rne.enqueue(carga.pk)
