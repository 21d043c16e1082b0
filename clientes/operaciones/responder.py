"""Llevar una interacción hasta su respuesta: el borrador, la prórroga y la respuesta notificada."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from ..models import EstadoInteraccion, Interaccion, SentidoRespuesta, SilencioPositivo, TipoInteraccion
from ..reloj import reloj
from .comunes import exigir_motivo, guardar, momento, rechazar_respondida, releer

LARGO_DE_RESPUESTA = 20_000
CON_SENTIDO = (TipoInteraccion.RECLAMACION, TipoInteraccion.RECURSO)
"""Las que se resuelven a favor o en contra: de ahí sale si un recurso va a la SIC. Una consulta puede no tenerlo."""
ADVERSO = (SentidoRespuesta.PARCIAL, SentidoRespuesta.DESFAVORABLE)
"""Lo que no le da al cliente todo lo que pidió."""


@transaction.atomic
def guardar_borrador(interaccion: Interaccion, *, texto: str, usuario: Any) -> Interaccion:
    """Guarda lo que se va escribiendo de la respuesta. No detiene el reloj ni lo ve el cliente.

    Vacío, borra el borrador. Lanza ValidationError si ya se respondió o si no cabe.
    """
    releer(interaccion)
    rechazar_respondida(interaccion)
    texto = (texto or "").strip()
    if len(texto) > LARGO_DE_RESPUESTA:
        raise ValidationError({"texto": f"El borrador no cabe: se espera hasta {LARGO_DE_RESPUESTA} letras."})
    interaccion.borrador = texto
    return guardar(interaccion, usuario=usuario)


@transaction.atomic
def prorrogar_interaccion(
    interaccion: Interaccion, *, motivo: str, avisada_el: datetime, usuario: Any, ahora: datetime
) -> Interaccion:
    """Amplía el plazo una sola vez, por tantos días hábiles como regían el día en que se radicó.

    Solo para practicar pruebas, con su motivo, avisando al cliente y antes de que venza el primer plazo (Ley 1341 de
    2009, art. 54). Lanza ValidationError si no tiene plazo, si ya se respondió o se prorrogó, si el primer plazo pasó,
    si falta el motivo, o si el aviso es futuro, anterior al radicado o posterior al primer plazo.
    """
    releer(interaccion)
    rechazar_respondida(interaccion)
    primero = interaccion.primer_plazo
    if primero is None:
        raise ValidationError(f"{interaccion.get_tipo_display()} sin plazo de ley: no hay qué prorrogar.")
    if interaccion.prorroga_avisada_el is not None:
        raise ValidationError(
            f"La interacción {interaccion.numero} ya se prorrogó hasta el {interaccion.vence_el:%d/%m/%Y}: "
            "la ley permite una sola prórroga."
        )
    if timezone.localdate(ahora) > primero:
        raise ValidationError(f"El primer plazo venció el {primero:%d/%m/%Y}: la prórroga se avisa antes.")
    motivo = exigir_motivo(motivo, "Escriba el motivo: qué prueba hay que practicar.")
    _comprobar_aviso(interaccion, avisada_el, ahora)
    nuevo = reloj(timezone.localdate(interaccion.fecha)).prorrogado(primero)
    if nuevo <= primero:
        raise ValidationError("Las reglas del día en que se radicó no dan días de prórroga.")
    interaccion.vence_el = nuevo
    interaccion.prorroga_motivo, interaccion.prorroga_avisada_el = motivo, avisada_el
    return guardar(interaccion, usuario=usuario, motivo=motivo)


def _comprobar_aviso(interaccion: Interaccion, avisada_el: datetime, ahora: datetime) -> None:
    primero = interaccion.primer_plazo
    if avisada_el > ahora:
        frase = f"El aviso no puede ser futuro: ahora es {momento(ahora)}."
    elif avisada_el < interaccion.fecha.replace(second=0, microsecond=0):
        frase = f"La interacción se radicó el {momento(interaccion.fecha)}: no se pudo avisar antes."
    elif primero is not None and timezone.localdate(avisada_el) > primero:
        frase = f"El primer plazo venció el {primero:%d/%m/%Y}: el aviso no puede ser posterior."
    else:
        return
    raise ValidationError({"avisada_el": frase})


@transaction.atomic
def responder_interaccion(
    interaccion: Interaccion,
    *,
    respuesta: str,
    notificada_el: datetime,
    usuario: Any,
    ahora: datetime,
    sentido: str = "",
) -> Interaccion:
    """Cierra una interacción con su respuesta y el momento en que se le notificó al cliente.

    Responder es las dos cosas: un borrador sin notificar no cuenta (CRC, Resolución 5050 de 2016). `sentido`: a favor
    de quién; obligatorio en una reclamación y en un recurso. Si el plazo pasó y admite silencio positivo, ya se
    resolvió a favor del cliente y la respuesta no lo puede contradecir (Ley 1341 de 2009, art. 54).

    Lanza ValidationError si ya se respondió; si falta el texto o el sentido; si la notificación es futura o anterior
    al radicado; o si contradice un silencio positivo.
    """
    releer(interaccion)
    rechazar_respondida(interaccion)
    faltas: dict[str, str] = {}
    if not (respuesta := (respuesta or "").strip()):
        faltas["respuesta"] = "Escriba la respuesta que se le dio al cliente."
    elif len(respuesta) > LARGO_DE_RESPUESTA:
        faltas["respuesta"] = f"La respuesta no cabe: se espera hasta {LARGO_DE_RESPUESTA} letras."
    if frase := _mala_notificacion(interaccion, notificada_el, ahora):
        faltas["notificada_el"] = frase
    if frase := _mal_sentido(interaccion, sentido, notificada_el):
        faltas["sentido"] = frase
    if faltas:
        raise ValidationError(faltas)
    # Quien responde en la misma llamada escribe solo hasta el minuto.
    interaccion.respuesta, interaccion.respondida_el = respuesta, max(notificada_el, interaccion.fecha)
    interaccion.sentido, interaccion.borrador = sentido, ""
    interaccion.estado = EstadoInteraccion.RESPONDIDA
    return guardar(interaccion, usuario=usuario)


def _mala_notificacion(interaccion: Interaccion, notificada_el: datetime, ahora: datetime) -> str:
    if notificada_el > ahora:
        return f"La notificación no puede ser futura: ahora es {momento(ahora)}."
    if notificada_el < interaccion.fecha.replace(second=0, microsecond=0):
        return f"La interacción se radicó el {momento(interaccion.fecha)}: no se pudo notificar antes."
    vence = interaccion.vence_el
    if vence is not None and timezone.localdate(notificada_el) <= vence < timezone.localdate(ahora):
        silencio = SilencioPositivo.objects.filter(interaccion=interaccion).first()
        if silencio is not None:
            # Anotado el silencio, una fecha escrita hacia atrás no lo borra.
            return (
                f"El silencio positivo quedó anotado el {silencio.ocurrio_el:%d/%m/%Y}: la notificación no puede ser "
                "anterior."
            )
    return ""


def _mal_sentido(interaccion: Interaccion, sentido: str, notificada_el: datetime) -> str:
    if sentido and sentido not in SentidoRespuesta.values:
        return "Elija a favor de quién se resolvió."
    if not sentido and interaccion.tipo in CON_SENTIDO:
        return "Diga a favor de quién se resolvió."
    vence = interaccion.vence_el
    vencida = vence is not None and timezone.localdate(notificada_el) > vence
    if vencida and interaccion.aplica_sap and sentido in ADVERSO:
        return f"El plazo venció el {vence:%d/%m/%Y}: por silencio positivo se resuelve a favor del cliente."
    return ""
