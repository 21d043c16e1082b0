"""Quién atiende una interacción: tomarla, asignarla a una persona o a un equipo, y liberarla."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from movistar_site.comun.models import nombre_de

from ..models import Equipo, EstadoInteraccion, Interaccion
from .comunes import guardar, rechazar_respondida, releer


@transaction.atomic
def asignar_interaccion(
    interaccion: Interaccion,
    *,
    usuario: Any,
    responsable: Any = None,
    equipo: Equipo | None = None,
    motivo: str = "",
) -> Interaccion:
    """Deja una interacción sin responder a cargo de una persona, de un equipo o de nadie.

    Con `responsable` queda en trámite y, si no se dice otro, conserva su equipo. Solo con `equipo` vuelve a estar
    abierta, en la bandeja de ese equipo. Sin ninguno de los dos se libera: queda abierta y sin asignar.
    Lanza ValidationError si ya se respondió, si ya estaba así, o si la persona o el equipo están inactivos.
    """
    releer(interaccion)
    rechazar_respondida(interaccion)
    _comprobar_activos(responsable, equipo)
    if responsable is not None:
        equipo = equipo or interaccion.equipo
    nuevo = (getattr(responsable, "pk", None), getattr(equipo, "pk", None))
    if nuevo == (interaccion.responsable_id, interaccion.equipo_id):
        raise ValidationError(f"{_nombrar(interaccion)} ya estaba {_a_cargo_de(responsable, equipo)}.")
    interaccion.responsable, interaccion.equipo = responsable, equipo
    interaccion.estado = EstadoInteraccion.EN_TRAMITE if responsable is not None else EstadoInteraccion.ABIERTA
    return guardar(interaccion, usuario=usuario, motivo=" ".join((motivo or "").split()))


@transaction.atomic
def tomar_interaccion(interaccion: Interaccion, *, usuario: Any, motivo: str = "") -> Interaccion:
    """Quien la toma pasa a ser su responsable. Lanza ValidationError si otra persona la atiende o ya se respondió."""
    releer(interaccion)
    persona = usuario if getattr(usuario, "pk", None) else None
    if interaccion.estado == EstadoInteraccion.RESPONDIDA:
        raise ValidationError(f"{_nombrar(interaccion)} ya está respondida.")
    if interaccion.responsable_id is not None:
        quien = nombre_de(interaccion.responsable)
        otra = interaccion.responsable_id != getattr(persona, "pk", None)
        raise ValidationError(f"{_nombrar(interaccion)} ya {f'la atiende {quien}' if otra else 'está a su cargo'}.")
    if interaccion.estado == EstadoInteraccion.EN_TRAMITE and persona is None:
        raise ValidationError(f"{_nombrar(interaccion)} ya está en trámite.")
    interaccion.estado, interaccion.responsable = EstadoInteraccion.EN_TRAMITE, persona
    return guardar(interaccion, usuario=usuario, motivo=motivo)


def _comprobar_activos(responsable: Any, equipo: Equipo | None) -> None:
    faltas: dict[str, str] = {}
    if responsable is not None and not responsable.is_active:
        faltas["responsable"] = f"La cuenta de {nombre_de(responsable)} está inactiva: elija a otra persona."
    if equipo is not None and not equipo.activo:
        faltas["equipo"] = f"El equipo «{equipo}» está inactivo: elija otro."
    if faltas:
        raise ValidationError(faltas)


def _nombrar(interaccion: Interaccion) -> str:
    return f"La interacción {interaccion.numero}"


def _a_cargo_de(responsable: Any, equipo: Equipo | None) -> str:
    if responsable is not None:
        return f"a cargo de {nombre_de(responsable)}"
    return f"en el equipo «{equipo}»" if equipo is not None else "sin asignar"
