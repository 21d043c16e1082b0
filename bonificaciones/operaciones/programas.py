"""Lo que se escribe en los programas de fidelización. Lo ya asignado no cambia: cada bonificación copió lo suyo."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clientes.models import Municipio
from clientes.operaciones.comunes import exigir_motivo, releer
from movistar_site.comun import operaciones as comunes
from movistar_site.comun.auditoria import auditar
from movistar_site.comun.models import nombre_de
from servicios.models import TipoServicio

from ..models import Bonificacion, Corrida, Derivacion, EstadoBonificacion, Programa
from . import otorgar
from .derivaciones import anular


@transaction.atomic
def guardar_programa(
    programa: Programa,
    *,
    usuario: Any,
    tipos: Collection[TipoServicio] | None = None,
    municipios: Collection[Municipio] | None = None,
    motivo: str = "",
) -> Programa:
    """Guarda un programa y, si se dan, los `tipos` y los `municipios` que pide (ninguno: no se miran).

    Lanza ValidationError con una frase por campo (véase `reglas.validar_programa`).
    """
    comunes.guardar(programa, usuario=usuario, motivo=motivo)
    with auditar(usuario=usuario, motivo=motivo):
        for relacion, elegidos in ((programa.tipos, tipos), (programa.municipios, municipios)):
            if elegidos is not None and set(elegidos) != set(relacion.all()):
                relacion.set(elegidos)  # type: ignore[arg-type]
    return programa


def desactivar_programa(programa: Programa, *, usuario: Any, motivo: str) -> Programa:
    """Deja de asignar bonificaciones; las ya asignadas siguen. Lanza ValidationError si ya está inactivo."""
    return _fijar_activo(programa, False, usuario=usuario, motivo=exigir_motivo(motivo))


def activar_programa(programa: Programa, *, usuario: Any, motivo: str = "") -> Programa:
    """Vuelve a asignar dentro de su vigencia. Lanza ValidationError si ya está activo o si algo en él no sirve."""
    return _fijar_activo(programa, True, usuario=usuario, motivo=motivo)


@transaction.atomic
def _fijar_activo(programa: Programa, activo: bool, *, usuario: Any, motivo: str) -> Programa:
    releer(programa)
    if programa.activo == activo:
        raise ValidationError(f"El programa «{programa.nombre}» ya está {'activo' if activo else 'inactivo'}.")
    programa.activo = activo
    return comunes.guardar(programa, usuario=usuario, motivo=motivo)


@transaction.atomic
def pedir_corrida(programa: Programa, *, simular: bool, usuario: Any, ahora: datetime) -> Corrida:
    """Deja en la cola una corrida de hoy y la devuelve, para seguirla en su página.

    Lanza ValidationError si el programa no asigna hoy y no se pide simular.
    """
    from ..tareas import correr_programa

    hoy = timezone.localdate(ahora)
    if not simular:
        otorgar.exigir_vigente(programa, hoy)
    corrida = otorgar.abrir_corrida(
        programa=programa, hoy=hoy, ahora=ahora, usuario=usuario, simular=simular, origen="pantalla"
    )
    # La cola está en la misma base: o quedan las dos cosas o ninguna.
    correr_programa.enqueue(corrida.pk, usuario.pk)
    return corrida


@transaction.atomic
def anular_bonificacion(bonificacion: Bonificacion, *, motivo: str, usuario: Any, ahora: datetime) -> Bonificacion:
    """Deja sin efecto una bonificación que no debió asignarse, y cierra su derivación.

    Lanza ValidationError si falta el motivo, si ya se cerró o si la cuenta no es de un administrador.
    """
    derivacion = Derivacion.objects.filter(bonificacion=bonificacion).first()
    if derivacion is not None:
        anular(derivacion, motivo=motivo, usuario=usuario, ahora=ahora)
        bonificacion.refresh_from_db()
        return bonificacion
    # Una que llegó de otro sistema puede no tener derivación.
    motivo = exigir_motivo(motivo)
    releer(bonificacion)
    if bonificacion.estado != EstadoBonificacion.ASIGNADA:
        raise ValidationError(f"La bonificación ya está {bonificacion.get_estado_display().lower()}.")
    bonificacion.estado, bonificacion.motivo = EstadoBonificacion.ANULADA, motivo
    bonificacion.cerrada_el, bonificacion.cerrada_por_nombre = ahora, nombre_de(usuario)[:150]
    return comunes.guardar(bonificacion, usuario=usuario, motivo=motivo)
