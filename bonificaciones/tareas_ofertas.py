"""Los trabajos de fondo de las ofertas. Todos se pueden repetir sin daño."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task


@task()
def sugerir_las_ofertas() -> str:
    """Las ofertas de cada cliente, cada madrugada; véase `operaciones.sugerir`."""
    from .operaciones.sugerir import sugerir_ofertas
    from .presentacion_de_ofertas import resumen_de_sugeridas

    return resumen_de_sugeridas(sugerir_ofertas(hoy=timezone.localdate()))
