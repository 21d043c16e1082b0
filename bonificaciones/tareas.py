"""Los trabajos de fondo de la fidelización. Todos se pueden repetir sin daño."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task


@task()
def revisar_las_derivaciones() -> str:
    """La revisión diaria de las derivaciones; véase `operaciones.derivaciones.revisar_derivaciones`."""
    from .derivaciones.presentacion import resumen
    from .operaciones.derivaciones import revisar_derivaciones

    ahora = timezone.now()
    return resumen(revisar_derivaciones(hoy=timezone.localdate(ahora), ahora=ahora))


@task()
def asignar_las_bonificaciones() -> str:
    """La búsqueda diaria de todos los programas vigentes; véase `operaciones.otorgar.notificar_fidelizacion`."""
    from .asignacion.presentacion import resumen
    from .models import Programa
    from .operaciones.otorgar import notificar_fidelizacion

    ahora = timezone.now()
    hoy = timezone.localdate(ahora)
    corridas = [
        notificar_fidelizacion(programa=programa, hoy=hoy, ahora=ahora, origen="trabajo diario")
        for programa in Programa.objects.vigentes(hoy)
    ]
    return "\n\n".join(map(resumen, corridas))


@task()
def correr_programa(corrida_pk: int, usuario_pk: int | None = None) -> None:
    """Hace una corrida que alguien pidió en una página. Si quedó a medias, sigue donde iba."""
    from django.contrib.auth import get_user_model

    from .models import Corrida
    from .operaciones.otorgar import notificar_fidelizacion

    corrida = Corrida.objects.select_related("programa").filter(pk=corrida_pk, terminada_el__isnull=True).first()
    if corrida is None:
        return
    notificar_fidelizacion(
        programa=corrida.programa,
        hoy=corrida.dia,
        ahora=timezone.now(),
        usuario=get_user_model()._default_manager.filter(pk=usuario_pk or 0).first(),
        simular=corrida.simulada,
        origen=corrida.origen,
        corrida=corrida,
    )


@task()
def sugerir_las_ofertas() -> str:
    """Las ofertas de cada cliente, cada madrugada; véase `operaciones.sugerir`."""
    from .ofertas.presentacion import resumen_de_sugeridas
    from .operaciones.sugerir import sugerir_ofertas

    return resumen_de_sugeridas(sugerir_ofertas(hoy=timezone.localdate()))
