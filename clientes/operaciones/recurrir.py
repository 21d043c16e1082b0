"""El recurso contra la respuesta de una PQR (reposición y, en subsidio, apelación ante la SIC)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from movistar_site.comun.models import nombre_de

from .. import canales, numeracion
from ..models import CausalRecurso, EstadoInteraccion, Interaccion, TipoInteraccion
from ..reloj import reloj
from .comunes import guardar, momento, releer
from .radicar import CON_CUN, poner_plazo
from .responder import ADVERSO

LARGO_DEL_ASUNTO = 160


@transaction.atomic
def interponer_recurso(
    interaccion: Interaccion,
    *,
    causal: str,
    texto: str,
    pide_apelacion: bool,
    canal: str,
    usuario: Any,
    ahora: datetime,
    fecha: datetime | None = None,
) -> Interaccion:
    """Radica el recurso del cliente contra la respuesta de una PQR: su propio número y plazo, y el mismo CUN.

    `fecha`: cuándo lo interpuso; sin ella, `ahora`. El cliente tiene para hacerlo los días hábiles que regían cuando
    se le notificó la respuesta, y solo contra las decisiones de `CausalRecurso` (Ley 1341 de 2009, art. 54).
    Lanza ValidationError si la PQR no es una consulta o una reclamación respondida, si ya tiene recurso, si el plazo
    para recurrir pasó, si la fecha es futura o anterior a la respuesta, o si faltan la causal o las razones.
    """
    releer(interaccion)
    fecha = fecha or ahora
    _comprobar_que_admite(interaccion)
    faltas = _faltas(interaccion, causal, (texto or "").strip(), fecha, ahora)
    if frase := canales.por_que_no(canal, timezone.localdate(fecha)):
        faltas["canal"] = frase
    if faltas:
        raise ValidationError(faltas)
    recurso = Interaccion(
        cliente=interaccion.cliente,
        contrato=interaccion.contrato,
        tipo=TipoInteraccion.RECURSO,
        motivo=interaccion.motivo,
        canal=canal,
        fecha=fecha,
        asunto=f"Recurso: {interaccion.asunto}"[:LARGO_DEL_ASUNTO],
        texto=texto.strip(),
        cun=interaccion.cun,
        aplica_sap=interaccion.aplica_sap,
        equipo=interaccion.equipo,
        recurso_de=interaccion,
        causal=causal,
        pide_apelacion=pide_apelacion,
        registrada_por=usuario if getattr(usuario, "pk", None) else None,
        registrada_por_nombre=nombre_de(usuario)[:150],
    )
    poner_plazo(recurso, reloj(timezone.localdate(fecha)))
    recurso.full_clean(exclude={"numero"})
    recurso.numero = numeracion.siguiente(numeracion.INTERACCIONES)
    return guardar(recurso, usuario=usuario)


def se_puede_recurrir_hasta(interaccion: Interaccion) -> date | None:
    """El último día en que el cliente puede recurrir la respuesta, con las reglas del día en que se le notificó."""
    notificada = interaccion.respondida_el
    if notificada is None or interaccion.tipo not in CON_CUN:
        return None
    return reloj(timezone.localdate(notificada)).limite_para_recurrir(notificada)


def por_que_no_se_recurre(interaccion: Interaccion) -> str:
    """Por qué contra esa interacción no cabe un recurso, con lo que ya se sabe de ella; vacío si cabe."""
    if interaccion.tipo not in CON_CUN:
        que = "otro recurso" if interaccion.tipo == TipoInteraccion.RECURSO else "una sugerencia"
        return f"Contra {que} no procede recurso: va contra la respuesta de una PQR."
    if interaccion.estado != EstadoInteraccion.RESPONDIDA:
        return f"La interacción {interaccion.numero} no se ha respondido: el recurso va contra su respuesta."
    return ""


def _comprobar_que_admite(interaccion: Interaccion) -> None:
    if frase := por_que_no_se_recurre(interaccion):
        raise ValidationError(frase)
    ya = Interaccion.objects.filter(recurso_de=interaccion).only("numero").first()
    if ya is not None:
        raise ValidationError(
            f"La interacción {interaccion.numero} ya tiene su recurso, {ya.numero}: procede uno solo."
        )


def _faltas(interaccion: Interaccion, causal: str, texto: str, fecha: datetime, ahora: datetime) -> dict[str, str]:
    faltas: dict[str, str] = {}
    if causal not in CausalRecurso.values:
        faltas["causal"] = (
            "El recurso procede solo contra la negativa del contrato, la suspensión, la terminación, el corte o la "
            "facturación (Ley 1341 de 2009, art. 54): elija una."
        )
    if not texto:
        faltas["texto"] = "Escriba las razones del cliente."
    notificada, limite = interaccion.respondida_el, se_puede_recurrir_hasta(interaccion)
    if notificada is None or limite is None:
        return faltas
    if fecha > ahora:
        faltas["fecha"] = f"La fecha no puede ser futura: ahora es {momento(ahora)}."
    elif fecha < notificada.replace(second=0, microsecond=0):
        faltas["fecha"] = f"La respuesta se notificó el {momento(notificada)}: no se pudo recurrir antes."
    elif timezone.localdate(fecha) > limite:
        faltas["fecha"] = f"El plazo para recurrir venció el {limite:%d/%m/%Y}: el cliente ya no puede interponerlo."
    return faltas


@transaction.atomic
def enviar_a_la_sic(recurso: Interaccion, *, fecha: date, usuario: Any, hoy: date) -> Interaccion:
    """Anota el día en que el expediente se envió a la SIC para que resuelva la apelación.

    Procede cuando el recurso se resolvió en contra, en todo o en parte, y el cliente pidió apelar en subsidio (Ley 1341
    de 2009, art. 54). Lanza ValidationError si no procede, si ya se envió, o si la fecha es futura o anterior a la
    respuesta.
    """
    releer(recurso)
    if frase := por_que_no_va_a_la_sic(recurso):
        raise ValidationError(frase)
    respondida = timezone.localdate(recurso.respondida_el)
    if fecha > hoy:
        raise ValidationError({"fecha": f"La fecha no puede ser futura: hoy es {hoy:%d/%m/%Y}."})
    if fecha < respondida:
        raise ValidationError({"fecha": f"El recurso se resolvió el {respondida:%d/%m/%Y}: no se pudo enviar antes."})
    recurso.enviada_sic_el = fecha
    return guardar(recurso, usuario=usuario)


def por_que_no_va_a_la_sic(recurso: Interaccion) -> str:
    """Por qué un caso no se envía a la SIC; vacío si está por enviar."""
    if recurso.tipo != TipoInteraccion.RECURSO:
        return "A la SIC va la apelación de un recurso: este caso no lo es."
    if recurso.estado != EstadoInteraccion.RESPONDIDA:
        return f"El recurso {recurso.numero} no se ha resuelto: a la SIC va después, si queda en contra del cliente."
    if not recurso.pide_apelacion:
        return f"En el recurso {recurso.numero} el cliente no pidió apelar: no va a la SIC."
    if recurso.sentido not in ADVERSO:
        return f"El recurso {recurso.numero} se resolvió a favor del cliente: no va a la SIC."
    if recurso.enviada_sic_el is not None:
        return f"El recurso {recurso.numero} ya se envió a la SIC el {recurso.enviada_sic_el:%d/%m/%Y}."
    return ""
