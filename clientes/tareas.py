"""Los trabajos de fondo de la atención. Todos se pueden repetir sin daño."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.utils import timezone
from django_tasks import task


@task()
def revisar_los_plazos() -> str:
    """La revisión diaria de los plazos; véase `operaciones.revisar_plazos`."""
    from . import operaciones
    from .presentacion_de_plazos import resumen

    ahora = timezone.now()
    return resumen(operaciones.revisar_plazos(hoy=timezone.localdate(ahora), ahora=ahora))


@task()
def revisar_los_contactos() -> str:
    """La revisión diaria de los contactos; véase `operaciones.revisar_contactos`."""
    from . import operaciones

    ahora = timezone.now()
    return operaciones.revisar_contactos(hoy=timezone.localdate(ahora), ahora=ahora).frase


@task()
def leer_lista_rne(pk: int, usuario_pk: int | None = None) -> str:
    """Lee una lista de números excluidos ya subida y la pone a regir. Repetirlo no hace nada dos veces."""
    from . import operaciones
    from .models import CargaRne

    carga = CargaRne.objects.filter(pk=pk).first()
    if carga is None or not carga.en_curso:
        return "Nada que leer."
    usuario = get_user_model()._default_manager.filter(pk=usuario_pk or 0).first()
    operaciones.leer_rne(carga, usuario=usuario)
    return carga.falla or f"{carga}: {carga.cuantos}"
