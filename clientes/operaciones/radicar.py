"""Radicar lo que el cliente consulta, reclama o sugiere, con el reloj que la ley le pone, y corregir lo radicado."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from movistar_site.comun.festivos import calendario
from movistar_site.comun.models import nombre_de
from movistar_site.comun.parametros import parametros

from .. import canales, numeracion, reglas
from ..models import Cliente, Contrato, EstadoInteraccion, Interaccion, MotivoInteraccion, TipoInteraccion
from ..plazos import Reloj
from .comunes import exigir_con_datos, guardar, momento, rechazar_cambios

CON_CUN = (TipoInteraccion.CONSULTA, TipoInteraccion.RECLAMACION)
"""Las que reciben un CUN al radicarse; el recurso sigue con el de su PQR y la sugerencia no lleva."""
CORREGIBLE = ("tipo", "motivo", "canal", "canal_respuesta", "contrato", "asunto", "texto")
"""Lo que de una interacción sin responder se puede corregir."""
RADICADO = (
    "numero", "cliente", "fecha", "estado", "cun", "aplica_sap", "primer_plazo", "vence_el", "prorroga_motivo",
    "prorroga_avisada_el", "respuesta", "respondida_el", "sentido", "recurso_de", "causal", "pide_apelacion",
    "enviada_sic_el",
)  # fmt: skip
"""Lo que quedó radicado o tiene su propia operación."""
LO_MISMO_OTRA_VEZ = timedelta(minutes=2)
"""Lo idéntico, por la misma cuenta y dentro de este tiempo, es el mismo formulario enviado dos veces."""


# --- Radicar ---------------------------------------------------------------------------------------------------------
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
    motivo: MotivoInteraccion | None = None,
    canal_respuesta: str = "",
) -> Interaccion:
    """Radica una interacción: número, CUN si es una PQR, plazo y equipo. No se niega por mora ni por estar inactivo.

    El plazo y el CUN salen de las reglas que regían el día de Bogotá en que se radicó (Ley 1341 de 2009, art. 54; CRC,
    Resolución 5050 de 2016, art. 2.1.24) y no se mueven si cambian después. `fecha`: cuándo habló el cliente; sin ella,
    `ahora`. `canal_respuesta`: por dónde quiere la respuesta; sin él, por el mismo canal.

    Lanza ValidationError si la fecha es futura o de un año sin calendario, si el contrato es de otro cliente, si el
    motivo no regía o por el canal no se recibía ese día, si se pide un recurso (va contra la respuesta de una PQR) o si
    falta el asunto.
    """
    exigir_con_datos(cliente)
    fecha = fecha or ahora
    _comprobar_fecha(fecha, ahora)
    dia = timezone.localdate(fecha)
    interaccion = Interaccion(
        cliente=cliente,
        contrato=contrato,
        tipo=tipo,
        motivo=motivo,
        canal=canal,
        canal_respuesta=canal_respuesta,
        fecha=fecha,
        asunto=reglas.limpiar_texto(asunto),
        texto=(texto or "").strip(),
        aplica_sap=contrato.servicio.tipo.aplica_sap if contrato is not None else True,
        equipo=motivo.equipo if motivo is not None else None,
        registrada_por=usuario if getattr(usuario, "pk", None) else None,
        registrada_por_nombre=nombre_de(usuario)[:150],
    )
    normas = parametros(dia)
    poner_plazo(interaccion, Reloj.de(normas, calendario(normas)))
    _comprobar_lo_elegido(interaccion, dia)
    # Antes de gastar un número: un formulario que no pasa no deja huecos en la serie.
    interaccion.full_clean(exclude={"numero"})
    interaccion.numero = numeracion.siguiente(numeracion.INTERACCIONES)
    if tipo in CON_CUN:
        interaccion.cun = numeracion.siguiente_cun(normas["codigo_proveedor"], dia)
    return guardar(interaccion, usuario=usuario)


def poner_plazo(interaccion: Interaccion, reloj: Reloj) -> None:
    """Le fija su primer plazo, que al radicar es también su vencimiento. Lanza ValidationError sobre `fecha`."""
    try:
        interaccion.primer_plazo = interaccion.vence_el = reloj.vencimiento(interaccion.tipo, interaccion.fecha)
    except ValueError as error:
        raise ValidationError({"fecha": str(error)}) from error


def _comprobar_fecha(fecha: datetime, ahora: datetime) -> None:
    if fecha > ahora:
        raise ValidationError({"fecha": f"La fecha no puede ser futura: ahora es {momento(ahora)}."})
    if fecha.date() < reglas.PRIMERA_VINCULACION:
        raise ValidationError({"fecha": "La fecha no puede ser anterior a 1900: revise el año."})


def _comprobar_lo_elegido(interaccion: Interaccion, dia: date) -> None:
    faltas: dict[str, Any] = {}
    if interaccion.tipo == TipoInteraccion.RECURSO:
        faltas["tipo"] = "Un recurso no se radica suelto: ábralo desde la PQR respondida, con «Interponer recurso»."
    try:
        reglas.exigir_contrato_propio(interaccion)
    except ValidationError as error:
        error.update_error_dict(faltas)
    if frase := _motivo_sin_vigencia(interaccion.motivo, dia):
        faltas["motivo"] = frase
    faltas |= _canales_sin_vigencia(interaccion, dia, ("canal", "canal_respuesta"))
    if faltas:
        raise ValidationError(faltas)


def _canales_sin_vigencia(interaccion: Interaccion, dia: date, campos: Iterable[str]) -> dict[str, str]:
    frases = {campo: canales.por_que_no(codigo, dia) for campo in campos if (codigo := getattr(interaccion, campo))}
    return {campo: frase for campo, frase in frases.items() if frase}


def _motivo_sin_vigencia(motivo: MotivoInteraccion | None, dia: date) -> str:
    if motivo is None or motivo.rige(dia):
        return ""
    return f"El motivo «{motivo}» no regía el {dia:%d/%m/%Y}: elija otro."


@transaction.atomic
def radicar_una_vez(*, cliente: Cliente, usuario: Any, ahora: datetime, **datos: Any) -> tuple[Interaccion, bool]:
    """Como `registrar_interaccion`, pero el mismo formulario enviado dos veces seguidas radica un solo caso.

    Devuelve el caso y si es nuevo. Es el mismo si la misma cuenta radicó hace menos de dos minutos algo idéntico para
    ese cliente. El cliente se bloquea: dos envíos a la vez se miran uno después del otro.
    """
    Cliente.objects.select_for_update().filter(pk=cliente.pk).first()
    identicas = Interaccion.objects.filter(
        cliente=cliente,
        registrada_por=usuario if getattr(usuario, "pk", None) else None,
        tipo=datos["tipo"],
        canal=datos["canal"],
        contrato=datos.get("contrato"),
        asunto=reglas.limpiar_texto(datos["asunto"]),
        texto=(datos["texto"] or "").strip(),
        creado_en__gt=ahora - LO_MISMO_OTRA_VEZ,
    )
    if (ya := identicas.order_by("-id").first()) is not None:
        return ya, False
    return registrar_interaccion(cliente=cliente, usuario=usuario, ahora=ahora, **datos), True


# --- Corregir --------------------------------------------------------------------------------------------------------
@transaction.atomic
def corregir_interaccion(interaccion: Interaccion, *, usuario: Any, motivo: str = "") -> Interaccion:
    """Guarda lo que de una interacción sin responder se puede corregir (`CORREGIBLE`).

    El número, el CUN y el plazo quedaron radicados: una consulta puede pasar a reclamación, que tiene el mismo plazo,
    pero una sugerencia no se vuelve PQR ni al revés. Si admite o no silencio positivo se decidió al radicar y no cambia
    con el contrato. Lanza ValidationError si ya se respondió o si se toca lo radicado.
    """
    actual = rechazar_cambios(interaccion, RADICADO, "«{campo}» quedó radicado y no se corrige.")
    interaccion.asunto = reglas.limpiar_texto(interaccion.asunto)
    interaccion.texto = (interaccion.texto or "").strip()
    if actual is not None:
        if actual.estado == EstadoInteraccion.RESPONDIDA:
            raise ValidationError("La interacción ya se respondió: queda como está.")
        _comprobar_correccion(actual, interaccion)
    return guardar(interaccion, usuario=usuario, motivo=motivo)


def _comprobar_correccion(antes: Interaccion, despues: Interaccion) -> None:
    faltas: dict[str, str] = {}
    if antes.tipo != despues.tipo and (frase := _por_que_no_cambia_de_tipo(antes.tipo, despues.tipo)):
        faltas["tipo"] = frase
    # Lo que no se toca no se mira: el contrato pudo pasar a otro titular y el motivo dejar de regir.
    if antes.contrato_id != despues.contrato_id:
        reglas.exigir_contrato_propio(despues)
    dia = timezone.localdate(despues.fecha)
    if antes.motivo_id != despues.motivo_id and (frase := _motivo_sin_vigencia(despues.motivo, dia)):
        faltas["motivo"] = frase
    cambiados = [campo for campo in ("canal", "canal_respuesta") if getattr(antes, campo) != getattr(despues, campo)]
    faltas |= _canales_sin_vigencia(despues, dia, cambiados)
    if faltas:
        raise ValidationError(faltas)


def _por_que_no_cambia_de_tipo(antes: str, despues: str) -> str:
    if TipoInteraccion.RECURSO in (antes, despues):
        return "Un recurso va contra la respuesta de una PQR: no se cambia a otro tipo ni otro tipo a recurso."
    if antes == TipoInteraccion.SUGERENCIA and despues in CON_CUN:
        return (
            "Una sugerencia no lleva plazo ni CUN y no se vuelve PQR: radique una nueva, con la fecha en que el "
            "cliente habló, y relaciónelas."
        )
    if despues == TipoInteraccion.SUGERENCIA:
        return "Una PQR radicada tiene CUN y plazo de ley (Ley 1341 de 2009, art. 54): no se vuelve sugerencia."
    return ""
