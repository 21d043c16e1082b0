"""Autorizaciones del cliente: se otorgan y se revocan; nunca se reescriben (Ley 1581 de 2012)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from movistar_site.comun.models import nombre_de

from .. import reglas
from ..contacto import AL_RETIRAR
from ..models import Cliente, Consentimiento, Finalidad
from .comunes import exigir_con_datos, guardar, releer


@transaction.atomic
def otorgar_consentimiento(
    *,
    cliente: Cliente,
    finalidad: str,
    canal: str,
    version_texto: str,
    medio: str,
    evidencia: str,
    usuario: Any,
    ahora: datetime,
    otorgado_el: datetime | None = None,
) -> Consentimiento:
    """Registra que el cliente autorizó una finalidad por un canal, con su prueba.

    `otorgado_el`: sin él, `ahora`. Lanza ValidationError si es futuro, si falta la evidencia o si ya tiene vigente esa
    misma autorización.
    """
    exigir_con_datos(cliente)
    otorgado_el = otorgado_el or ahora
    if otorgado_el > ahora:
        raise ValidationError({"otorgado_el": "Una autorización no puede darse en el futuro."})
    if otorgado_el.date() < reglas.PRIMERA_VINCULACION:
        raise ValidationError({"otorgado_el": "La fecha no puede ser anterior a 1900: revise el año."})
    consentimiento = Consentimiento(
        cliente=cliente,
        finalidad=finalidad,
        canal=canal,
        version_texto=reglas.limpiar_texto(version_texto),
        medio=medio,
        evidencia=reglas.limpiar_texto(evidencia),
        otorgado_el=otorgado_el,
        registrado_por=usuario if getattr(usuario, "pk", None) else None,
        registrado_por_nombre=nombre_de(usuario)[:150],
    )
    return guardar(consentimiento, usuario=usuario)


@transaction.atomic
def revocar_consentimiento(
    consentimiento: Consentimiento, *, usuario: Any, ahora: datetime, motivo: str = ""
) -> Consentimiento:
    """El cliente retira su autorización: vale desde ya. Lanza ValidationError si ya la había retirado.

    Si era para ofertas, detiene lo que otras aplicaciones tuvieran en cola para él (`contacto.AL_RETIRAR`).
    """
    revocar_sin_avisar(consentimiento, usuario=usuario, ahora=ahora, motivo=motivo)
    if consentimiento.finalidad == Finalidad.COMERCIAL:
        for detener in AL_RETIRAR:
            detener(consentimiento.cliente, usuario, ahora)
    return consentimiento


def revocar_sin_avisar(consentimiento: Consentimiento, *, usuario: Any, ahora: datetime, motivo: str) -> Consentimiento:
    """Revoca uno solo, dentro de una transacción; lo que haya en cola lo detiene quien llama, una vez por cliente."""
    releer(consentimiento)
    if consentimiento.revocado_el is not None:
        raise ValidationError("El consentimiento ya está revocado.")
    consentimiento.revocado_el = ahora
    return guardar(consentimiento, usuario=usuario, motivo=motivo)
