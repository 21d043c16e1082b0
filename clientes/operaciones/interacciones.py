"""Radicar lo que el cliente consulta, reclama o sugiere, y responderle."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from movistar_site.comun.models import nombre_de

from .. import numeracion, reglas
from ..models import Cliente, Contrato, EstadoInteraccion, Interaccion
from .comunes import guardar, rechazar_cambios, releer

RADICADO = ("numero", "cliente", "fecha", "estado", "respuesta", "respondida_el")


def _momento(instante: datetime) -> str:
    return f"{timezone.localtime(instante):%d/%m/%Y %H:%M}"


@transaction.atomic
def registrar_interaccion(
    *,
    cliente: Cliente,
    tipo: str,
    canal: str,
    asunto: str,
    texto: str,
    usuario: Any,
    ahora: datetime,
    contrato: Contrato | None = None,
    fecha: datetime | None = None,
) -> Interaccion:
    """Radica una interacción y le da su número. Se recibe también la de un cliente inactivo o en mora.

    `fecha`: cuándo habló el cliente; sin ella, `ahora`. Lanza ValidationError si es futura, si el contrato es de otro
    cliente o si falta el asunto.
    """
    fecha = fecha or ahora
    if fecha > ahora:
        raise ValidationError({"fecha": f"La fecha no puede ser futura: ahora es {_momento(ahora)}."})
    if fecha.date() < reglas.PRIMERA_VINCULACION:
        raise ValidationError({"fecha": "La fecha no puede ser anterior a 1900: revise el año."})
    interaccion = Interaccion(
        cliente=cliente,
        contrato=contrato,
        tipo=tipo,
        canal=canal,
        fecha=fecha,
        asunto=reglas.limpiar_texto(asunto),
        texto=(texto or "").strip(),
        registrada_por=usuario if getattr(usuario, "pk", None) else None,
        registrada_por_nombre=nombre_de(usuario)[:150],
    )
    # Antes de gastar un número: un formulario que no pasa no deja huecos en la serie.
    interaccion.full_clean(exclude={"numero"})
    interaccion.numero = numeracion.siguiente(numeracion.INTERACCIONES)
    return guardar(interaccion, usuario=usuario)


@transaction.atomic
def corregir_interaccion(interaccion: Interaccion, *, usuario: Any, motivo: str = "") -> Interaccion:
    """Guarda lo que de una interacción sin responder se puede corregir: tipo, canal, contrato, asunto y texto.

    Lanza ValidationError si ya se respondió, o si se toca el cliente, la fecha o el radicado.
    """
    actual = rechazar_cambios(interaccion, RADICADO, "«{campo}» quedó radicado y no se corrige.")
    if actual is not None and actual.estado == EstadoInteraccion.RESPONDIDA:
        raise ValidationError("La interacción ya se respondió: queda como está.")
    interaccion.asunto = reglas.limpiar_texto(interaccion.asunto)
    interaccion.texto = (interaccion.texto or "").strip()
    return guardar(interaccion, usuario=usuario, motivo=motivo)


@transaction.atomic
def tomar_interaccion(interaccion: Interaccion, *, usuario: Any, motivo: str = "") -> Interaccion:
    """Alguien empieza a atender una interacción abierta. Lanza ValidationError si no está abierta."""
    releer(interaccion)
    if interaccion.estado != EstadoInteraccion.ABIERTA:
        raise ValidationError(
            f"La interacción {interaccion.numero} ya está {interaccion.get_estado_display().lower()}."
        )
    interaccion.estado = EstadoInteraccion.EN_TRAMITE
    return guardar(interaccion, usuario=usuario, motivo=motivo)


@transaction.atomic
def responder_interaccion(
    interaccion: Interaccion, *, respuesta: str, notificada_el: datetime, usuario: Any, ahora: datetime
) -> Interaccion:
    """Cierra una interacción con su respuesta y el momento en que se le notificó al cliente.

    Responder es las dos cosas: un borrador sin notificar no cuenta (CRC, Resolución 5050 de 2016). Lanza
    ValidationError si ya se respondió, si falta el texto, o si la notificación es futura o anterior al radicado.
    """
    releer(interaccion)
    if interaccion.estado == EstadoInteraccion.RESPONDIDA:
        raise ValidationError(f"La interacción {interaccion.numero} ya se respondió.")
    faltas: dict[str, str] = {}
    if not (respuesta := (respuesta or "").strip()):
        faltas["respuesta"] = "Escriba la respuesta que se le dio al cliente."
    if notificada_el > ahora:
        faltas["notificada_el"] = f"La notificación no puede ser futura: ahora es {_momento(ahora)}."
    elif notificada_el < interaccion.fecha.replace(second=0, microsecond=0):
        faltas["notificada_el"] = (
            f"La interacción se radicó el {_momento(interaccion.fecha)}: no se pudo notificar antes."
        )
    if faltas:
        raise ValidationError(faltas)
    # Quien responde en la misma llamada escribe solo hasta el minuto.
    interaccion.respuesta, interaccion.respondida_el = respuesta, max(notificada_el, interaccion.fecha)
    interaccion.estado = EstadoInteraccion.RESPONDIDA
    return guardar(interaccion, usuario=usuario)
