"""Lo que falló por dentro y un administrador debe mirar."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from movistar_site.comun.correo import sin_salir

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


@registrar
class CorreosSinSalir(Pendiente):
    """Las personas a quienes no les llegan los avisos."""

    clave = "correos-sin-salir"
    uno = "persona tiene avisos que no le han salido por correo"
    varios = "personas tienen avisos que no les han salido por correo"
    permisos = ("comun.view_usuario",)
    icono = "mail_off"
    tono = MAL
    sello = "Falló"
    posicion = 80
    definicion = (
        "Personas activas, con correo, que tienen avisos sin enviar desde hace más de una hora: el servidor de correo"
        " no los recibe, o el trabajador está detenido. Se reintenta solo."
    )

    def filas(self, mirada: Mirada) -> QuerySet[Any]:
        return sin_salir(mirada.ahora)

    def enlace(self, mirada: Mirada) -> str:
        return lista("comun", "usuario", correos="sin_salir")


def _desde(mirada: Mirada) -> datetime:
    """El primer instante del primer día que se mira."""
    return timezone.make_aware(datetime.combine(mirada.hoy - timedelta(days=DIAS_DE_FALLIDOS), time.min))
