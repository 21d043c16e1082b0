"""Los trabajos de fondo de la atención. Todos se pueden repetir sin daño."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task


@task()
def revisar_los_plazos() -> str:
    """La revisión diaria de los plazos; véase `operaciones.revisar_plazos`."""
    from . import operaciones
    from .presentacion_de_plazos import resumen

    ahora = timezone.now()
    return resumen(operaciones.revisar_plazos(hoy=timezone.localdate(ahora), ahora=ahora))
