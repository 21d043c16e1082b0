"""Los trabajos de fondo de la fidelización. Todos se pueden repetir sin daño."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task


@task()
def revisar_las_derivaciones() -> str:
    """La revisión diaria de las derivaciones; véase `operaciones.derivaciones.revisar_derivaciones`."""
    from .operaciones.derivaciones import revisar_derivaciones
    from .presentacion_de_derivaciones import resumen

    ahora = timezone.now()
    return resumen(revisar_derivaciones(hoy=timezone.localdate(ahora), ahora=ahora))
