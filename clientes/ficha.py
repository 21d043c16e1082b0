"""Lo que la ficha de un cliente muestra, ya leído y dicho. Cada función es un número fijo de consultas."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, IntegerField, Prefetch, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from servicios.models import Periodicidad

from . import consultas, consultas_contratos, periodos, terminos
from .models import (
    CambioPlan,
    Cliente,
    Consentimiento,
    Contrato,
    EstadoCambio,
    EstadoContrato,
    Interaccion,
    SilencioPositivo,
    Suspension,
)
from .plazos import Reloj
from .plazos_en_palabras import Plazo, plazo_de

CONTRATOS = 10
INTERACCIONES = 8
CONSENTIMIENTOS = 40
CONDICIONES = 4
_PRIMERO = {EstadoContrato.ACTIVO: 0, EstadoContrato.SUSPENDIDO: 1, EstadoContrato.PENDIENTE: 2}


# --- Contratos -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ContratoEnFicha:
    """Un contrato con lo que hay que saber de un vistazo."""

    contrato: Contrato
    condiciones: list[tuple[str, str]]
    suspension: Suspension | None
    cambio: CambioPlan | None
    permanencia_hasta: date | None

    @property
    def cada(self) -> str:
        """Cada cuánto se cobra."""
        return terminos.de_hoy(self.contrato).cada


@dataclass
class Contratos:
    """Los contratos que se muestran, los que están en pie primero, y cuántos tiene en total por estado."""

    filas: list[ContratoEnFicha]
    por_estado: dict[str, int]
    # La suma de los precios firmados de los activos que se cobran cada mes.
    al_mes: Decimal

    @property
    def total(self) -> int:
        """Cuántos ha tenido."""
        return sum(self.por_estado.values())

    @property
    def en_pie(self) -> int:
        """Cuántos no han terminado."""
        return self.total - self.por_estado.get(EstadoContrato.TERMINADO, 0)

    @property
    def activos(self) -> int:
        """Cuántos se prestan hoy."""
        return self.por_estado.get(EstadoContrato.ACTIVO, 0)

    @property
    def ocultos(self) -> int:
        """Cuántos no caben en la ficha."""
        return self.total - len(self.filas)


def contratos(cliente: Cliente, *, hoy: date) -> Contratos:
    """Los contratos del cliente con su precio, sus condiciones, su suspensión en curso y su cambio programado."""
    orden = Case(*(When(estado=e, then=Value(n)) for e, n in _PRIMERO.items()), default=Value(3),
                 output_field=IntegerField())  # fmt: skip
    consulta = (
        consultas.contratos_de(cliente)
        .prefetch_related(
            "servicio__tipo__atributos",
            Prefetch("suspensiones", Suspension.objects.filter(hasta__isnull=True), "en_curso"),
            Prefetch(
                "cambios_de_plan",
                CambioPlan.objects.filter(estado=EstadoCambio.PROGRAMADO).select_related("servicio_nuevo"),
                "cambios_programados",
            ),
        )
        .order_by(orden, "-fecha_inicio", "-id")
    )
    filas = [_en_ficha(contrato, hoy) for contrato in consulta[:CONTRATOS]]
    mensuales = Sum("precio", filter=Q(estado=EstadoContrato.ACTIVO, periodicidad=Periodicidad.MENSUAL))
    cuentas = (
        Contrato.objects.filter(cliente=cliente).order_by().values("estado").annotate(n=Count("pk"), suma=mensuales)
    )
    por_estado = {fila["estado"]: fila for fila in cuentas}
    return Contratos(
        filas,
        {estado: fila["n"] for estado, fila in por_estado.items()},
        sum((fila["suma"] or Decimal(0) for fila in por_estado.values()), Decimal(0)),
    )


def _en_ficha(contrato: Any, hoy: date) -> ContratoEnFicha:
    hasta = None
    if contrato.permanencia_meses and contrato.fecha_fin is None:
        hasta = periodos.fin_de_permanencia(contrato.fecha_inicio, contrato.permanencia_meses)
    return ContratoEnFicha(
        contrato=contrato,
        condiciones=consultas.condiciones_legibles(contrato)[:CONDICIONES],
        suspension=next(iter(contrato.en_curso), None),
        cambio=consultas_contratos.cambio_programado(contrato),
        permanencia_hasta=hasta if hasta is not None and hasta > hoy else None,
    )


# --- Interacciones ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class InteraccionEnFicha:
    """Una interacción con su reloj."""

    interaccion: Interaccion
    plazo: Plazo
    # Hasta cuándo hay que cumplir un silencio positivo que sigue sin cumplirse.
    cumplir_antes_de: datetime | None = None


@dataclass
class Interacciones:
    """Las que esperan respuesta, primero lo que primero vence, y las últimas respondidas."""

    filas: list[InteraccionEnFicha]
    abiertas: int
    vencidas: int
    por_vencer: int
    silencios: int
    hay_mas: bool


def interacciones(cliente: Cliente, *, hoy: date, reloj: Reloj) -> Interacciones:
    """Lo que el cliente espera y lo último que se le respondió, con sus plazos el día `hoy`."""
    avisar_hasta = reloj.desde_cuando_se_avisa(hoy)
    suyas = (
        consultas.interacciones_de(cliente)
        .select_related("contrato", "silencio", "responsable", "equipo")
        .defer("texto", "respuesta", "borrador")
    )
    # Lo que no tiene plazo, al final.
    orden = (Coalesce("vence_el", Value(date.max)), "fecha", "id")
    abiertas = list(suyas.filter(respondida_el__isnull=True).order_by(*orden)[: INTERACCIONES + 1])
    cerradas = list(suyas.filter(respondida_el__isnull=False)[: INTERACCIONES + 1])
    elegidas = [*abiertas, *cerradas]
    cuentas = Interaccion.objects.filter(cliente=cliente, respondida_el__isnull=True).aggregate(
        abiertas=Count("pk"),
        vencidas=Count("pk", filter=Q(vence_el__lt=hoy)),
        por_vencer=Count("pk", filter=Q(vence_el__gte=hoy, vence_el__lte=avisar_hasta)),
    )
    silencios = SilencioPositivo.objects.filter(interaccion__cliente=cliente, cumplido_el__isnull=True).count()
    return Interacciones(
        filas=[_con_reloj(una, hoy, avisar_hasta, reloj) for una in elegidas[:INTERACCIONES]],
        **cuentas,
        silencios=silencios,
        hay_mas=len(elegidas) > INTERACCIONES,
    )


def _con_reloj(una: Any, hoy: date, avisar_hasta: date, reloj: Reloj) -> InteraccionEnFicha:
    silencio: SilencioPositivo | None = getattr(una, "silencio", None)
    return InteraccionEnFicha(
        interaccion=una,
        plazo=plazo_de(una, hoy=hoy, avisar_hasta=avisar_hasta, calendario=reloj.calendario),
        cumplir_antes_de=silencio.cumplir_antes_de if silencio and silencio.cumplido_el is None else None,
    )


# --- Consentimientos -------------------------------------------------------------------------------------------------
@dataclass
class Autorizacion:
    """Para qué autorizó el cliente y por qué canales."""

    finalidad: str
    canales: list[str] = field(default_factory=list)


@dataclass
class Consentimientos:
    """Lo que hoy está autorizado, por finalidad, y si hubo más."""

    vigentes: list[Autorizacion]
    revocados: int


def consentimientos(cliente: Cliente) -> Consentimientos:
    """Las autorizaciones vigentes del cliente y cuántas ha revocado, en una consulta."""
    por_finalidad: dict[str, Autorizacion] = {}
    revocados = 0
    for uno in Consentimiento.objects.filter(cliente=cliente).order_by("finalidad", "canal", "-id"):
        if uno.revocado_el is not None:
            revocados += 1
            continue
        finalidad = uno.get_finalidad_display()
        por_finalidad.setdefault(finalidad, Autorizacion(finalidad)).canales.append(uno.get_canal_display())
    return Consentimientos(list(por_finalidad.values()), revocados)


# --- Avisos ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Aviso:
    """Algo que quien atiende debe saber antes de hablar con el cliente."""

    tono: str
    icono: str
    texto: str
    detalle: str = ""
    enlace: str = ""


def avisos(cliente: Cliente, suyas: Interacciones | None, *, editar: str) -> list[Aviso]:
    """Silencios, interacciones vencidas y por vencer, y datos por completar; lo más urgente primero.

    `editar`: dónde se completan los datos; vacío, si la cuenta no puede.
    """
    cuentas = (suyas.silencios, suyas.vencidas, suyas.por_vencer) if suyas is not None else ()
    dichos = [
        Aviso(tono, icono, una if cuantas == 1 else f"{cuantas} {varias}", enlace="#interacciones")
        for cuantas, (tono, icono, una, varias) in zip(cuentas, _DE_INTERACCIONES, strict=False)
        if cuantas
    ]
    if pendientes := consultas.datos_por_completar(cliente):
        detalle = "; ".join(f"{campo}: {motivo}" for campo, motivo in pendientes)
        dichos.append(Aviso("warning", "edit_note", "Datos por completar", detalle, editar))
    return dichos


_DE_INTERACCIONES = (
    ("danger", "notification_important", "1 silencio positivo por cumplir", "silencios positivos por cumplir"),
    ("danger", "event_busy", "1 interacción vencida sin responder", "interacciones vencidas sin responder"),
    ("warning", "schedule", "1 interacción por vencer", "interacciones por vencer"),
)
