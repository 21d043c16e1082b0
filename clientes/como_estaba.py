"""Qué tenía un cliente un día: sus datos, su categoría, sus contratos, lo que esperaba respuesta y lo autorizado.

Solo lee. Los contratos salen de sus fechas, deshaciendo los cambios de plan posteriores; los datos, de la historia de
la ficha, que puede no llegar hasta ese día: entonces se dice. Un número fijo de consultas.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from movistar_site.comun.calendario import PRIMER_ANIO
from movistar_site.comun.dias import al_terminar
from movistar_site.comun.festivos import calendario
from movistar_site.comun.historia import modelo_historico
from movistar_site.comun.parametros import parametros
from movistar_site.comun.valores import a_fecha, formatear_fecha, permanencia

from . import consultas, reglas, terminos
from .models import Cliente, Consentimiento, Contrato, EstadoContrato, Interaccion, Suspension
from .plazos import Reloj
from .plazos_en_palabras import Plazo, plazo_de

MAXIMO = 100
"""Contratos, interacciones y consentimientos que se muestran; de más se dice que hay más."""


@dataclass(frozen=True)
class ContratoDeEntonces:
    """Un contrato en pie ese día, con lo que entonces se prestaba."""

    contrato: Contrato
    estado: EstadoContrato
    terminos: terminos.Terminos
    condiciones: list[tuple[str, str]]
    suspendido_desde: date | None = None


@dataclass(frozen=True)
class InteraccionDeEntonces:
    """Una interacción que ese día esperaba respuesta, con su plazo de entonces."""

    interaccion: Interaccion
    plazo: Plazo


@dataclass
class Foto:
    """Cómo estaba el cliente al terminar un día."""

    dia: date
    # La ficha de entonces o, si la historia no llega, la más antigua que se conoce.
    datos: Any
    salvedad: str
    era_cliente: bool
    permanencia: str = ""
    categoria: str = ""
    razon: str = ""
    activo: bool = True
    contratos: list[ContratoDeEntonces] = field(default_factory=list)
    interacciones: list[InteraccionDeEntonces] = field(default_factory=list)
    consentimientos: list[Consentimiento] = field(default_factory=list)
    hay_mas: bool = False


def leer_dia(texto: str, *, hoy: date) -> date:
    """El día que se pide, como 2024-05-01 o 01/05/2024. Lanza ValidationError, con una frase, si no sirve."""
    try:
        dia = a_fecha(texto[:40])
    except ValueError as error:
        raise ValidationError(str(error)) from error
    if dia > hoy:
        raise ValidationError(f"El {formatear_fecha(dia)} todavía no llega: escriba un día hasta hoy.")
    if dia < reglas.PRIMERA_VINCULACION:
        raise ValidationError("El día no puede ser anterior a 1900: revise el año.")
    return dia


def foto(cliente: Cliente, dia: date, *, usuario: Any) -> Foto:
    """Cómo estaba el cliente al terminar el día `dia`, con lo que la cuenta puede ver."""
    fin = al_terminar(dia)
    datos, salvedad = _ficha(cliente, fin)
    normas = parametros(dia)
    vista = _con_categoria(Foto(dia, datos, salvedad, cliente.fecha_vinculacion <= dia), cliente, normas)
    partes: list[list[Any]] = []
    if usuario.has_perm("clientes.view_contrato"):
        vista.contratos = _contratos(cliente, dia, fin)
        partes.append(vista.contratos)
    if usuario.has_perm("clientes.view_interaccion"):
        vista.interacciones = _interacciones(cliente, dia, fin, Reloj.de(normas, calendario(normas)))
        partes.append(vista.interacciones)
    if usuario.has_perm("clientes.view_consentimiento"):
        vista.consentimientos = _consentimientos(cliente, fin)
        partes.append(vista.consentimientos)
    vista.hay_mas = any(len(parte) > MAXIMO for parte in partes)
    for parte in partes:
        del parte[MAXIMO:]
    return vista


def _ficha(cliente: Cliente, fin: datetime) -> tuple[Any, str]:
    """La ficha como estaba antes de `fin` y, si no se sabe, lo más antiguo que se conoce con su salvedad."""
    historia = modelo_historico(Cliente).objects.filter(id=cliente.pk).select_related("municipio__departamento")
    orden = ("-history_date", "-history_id")
    antes = historia.filter(history_date__lt=fin).order_by(*orden).first()
    primera = historia.order_by("history_date", "history_id").first()
    if antes is not None and antes.history_type != "-":
        return antes, ""
    if primera is not None:
        empieza = formatear_fecha(timezone.localdate(primera.history_date))
        return primera, f"La historia de sus datos empieza el {empieza}: estos son los más antiguos que se conocen."
    if cliente.creado_en < fin:
        return cliente, ""  # no ha cambiado desde que está en el panel
    empieza = formatear_fecha(timezone.localdate(cliente.creado_en))
    return cliente, f"Su ficha está en el panel desde el {empieza}: estos son los datos de hoy."


def _con_categoria(vista: Foto, cliente: Cliente, normas: Mapping[str, Any]) -> Foto:
    dia = vista.dia
    # Una desactivación se puede anotar días después: cuenta desde la fecha que dice.
    vista.activo = not any(desde and desde <= dia for desde in (vista.datos.inactivo_desde, cliente.inactivo_desde))
    if vista.era_cliente:
        # La vinculación es un hecho y no un dato de entonces: vale la que hoy se sabe que fue.
        ese_dia = Cliente(
            fecha_vinculacion=cliente.fecha_vinculacion,
            categoria_asignada=vista.datos.categoria_asignada,
            motivo_categoria=vista.datos.motivo_categoria,
        )
        vista.permanencia = str(permanencia(cliente.fecha_vinculacion, dia))
        vista.categoria = reglas.categoria_de(ese_dia, dia, normas)
        vista.razon = consultas.explicar_categoria(ese_dia, dia, normas)
    return vista


def _contratos(cliente: Cliente, dia: date, fin: datetime) -> list[ContratoDeEntonces]:
    suspension = Suspension.objects.filter(
        Q(hasta__isnull=True) | Q(hasta__gt=dia), contrato=OuterRef("pk"), desde__lte=dia
    )
    historia = modelo_historico(Contrato).objects.filter(id=OuterRef("pk"), history_date__lt=fin)
    contratos = list(
        Contrato.objects.en(dia)
        .filter(cliente=cliente)
        .select_related("servicio__tipo")
        .prefetch_related("servicio__tipo__atributos")
        .annotate(
            suspendido_desde=Subquery(suspension.order_by("-desde").values("desde")[:1]),
            anotado=Subquery(historia.order_by("-history_date", "-history_id").values("estado")[:1]),
            con_suspensiones=Exists(Suspension.objects.filter(contrato=OuterRef("pk"))),
        )[: MAXIMO + 1]
    )
    de_entonces = terminos.en(contratos, dia)
    return [
        ContratoDeEntonces(
            contrato,
            _estado(contrato),
            de_entonces[contrato.pk],
            _en_palabras(de_entonces[contrato.pk]),
            contrato.suspendido_desde,
        )
        for contrato in contratos
    ]


def _en_palabras(unos: terminos.Terminos) -> list[tuple[str, str]]:
    return consultas.condiciones_en_palabras(unos.condiciones, unos.servicio.tipo)


def _estado(contrato: Any) -> EstadoContrato:
    """El de ese día. Las suspensiones mandan; lo demás lo dice la historia y, si no llega, lo que hoy se sabe."""
    # Lo cargado sin historia ni suspensiones se sabe como está hoy.
    sin_rastro = contrato.anotado is None and not contrato.con_suspensiones
    dicho = contrato.estado if sin_rastro else contrato.anotado
    if contrato.suspendido_desde is not None or (not contrato.con_suspensiones and dicho == EstadoContrato.SUSPENDIDO):
        return EstadoContrato.SUSPENDIDO
    pendiente = EstadoContrato.PENDIENTE in (contrato.estado, contrato.anotado)
    return EstadoContrato.PENDIENTE if pendiente else EstadoContrato.ACTIVO


def _interacciones(cliente: Cliente, dia: date, fin: datetime, reglas_del_dia: Reloj) -> list[InteraccionDeEntonces]:
    abiertas = (
        consultas.interacciones_de(cliente)
        .filter(Q(respondida_el__isnull=True) | Q(respondida_el__gte=fin), fecha__lt=fin)
        .defer("texto", "respuesta", "borrador")[: MAXIMO + 1]
    )
    # El calendario no llega más atrás: entonces nada estaba por vencer.
    avisar_hasta = reglas_del_dia.desde_cuando_se_avisa(dia) if dia.year >= PRIMER_ANIO else dia
    return [
        InteraccionDeEntonces(
            una,
            plazo_de(_sin_lo_de_despues(una, fin), hoy=dia, avisar_hasta=avisar_hasta,
                     calendario=reglas_del_dia.calendario),
        )
        for una in abiertas
    ]  # fmt: skip


@dataclass(frozen=True)
class _SinResponder:
    vence_el: date | None
    aplica_sap: bool
    respondida_el: datetime | None = None


def _sin_lo_de_despues(una: Interaccion, fin: datetime) -> _SinResponder:
    """El reloj de entonces: sin la respuesta, y sin la prórroga si se avisó después."""
    prorroga = una.prorroga_avisada_el
    return _SinResponder(una.primer_plazo if prorroga is not None and prorroga >= fin else una.vence_el, una.aplica_sap)


def _consentimientos(cliente: Cliente, fin: datetime) -> list[Consentimiento]:
    vigentes = Q(revocado_el__isnull=True) | Q(revocado_el__gte=fin)
    return list(consultas.consentimientos_de(cliente).filter(vigentes, otorgado_el__lt=fin)[: MAXIMO + 1])


__all__ = ["ContratoDeEntonces", "Foto", "InteraccionDeEntonces", "foto", "leer_dia"]
