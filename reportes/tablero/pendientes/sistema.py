"""Lo que falló por dentro y un administrador debe mirar."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from ..mirada import Mirada, lista
from ..pendiente import MAL, Pendiente, registrar

DIAS_DE_FALLIDOS = 7


@registrar
class TrabajosFallidos(Pendiente):
    """Los trabajos de fondo que fallaron hace poco."""

    clave = "trabajos-fallidos"
    uno = f"trabajo falló en los últimos {DIAS_DE_FALLIDOS} días"
    varios = f"trabajos fallaron en los últimos {DIAS_DE_FALLIDOS} días"
    permisos = ("django_tasks_database.view_dbtaskresult",)
    icono = "error"
    tono = MAL
    sello = "Falló"
    posicion = 60
    definicion = (
        f"Trabajos de fondo que fallaron desde hace {DIAS_DE_FALLIDOS} días. Los diarios se repiten solos hasta tres"
        " veces; cada falla dice qué pasó."
    )

    def filas(self, mirada: Mirada) -> QuerySet[Any]:
        return DBTaskResult.objects.failed().filter(finished_at__gte=_desde(mirada)).order_by("-finished_at")

    def enlace(self, mirada: Mirada) -> str:
        desde = _desde(mirada)
        return lista(
            "django_tasks_database", "dbtaskresult", status__exact="FAILED", finished_at__gte=desde.isoformat()
        )


def _desde(mirada: Mirada) -> datetime:
    """El primer instante del primer día que se mira."""
    return timezone.make_aware(datetime.combine(mirada.hoy - timedelta(days=DIAS_DE_FALLIDOS), time.min))
