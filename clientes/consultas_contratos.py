"""Lo que se lee de un contrato y sus movimientos. Cada función es un número fijo de consultas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from movistar_site.comun.parametros import normas, parametros
from movistar_site.comun.valores import formatear_fecha, formatear_pesos, permanencia
from servicios.models import Periodicidad, Red, TipoServicio

from . import consultas, periodos, reglas
from .models import (
    CON_PLAZO,
    CambioPlan,
    CausalRecurso,
    ClaseSuspension,
    Contrato,
    EstadoCambio,
    Interaccion,
    Suspension,
    TipoInteraccion,
)

MOVIMIENTOS_MOSTRADOS = 50
NORMA_MOVIL = "CRC, Resolución 4444 de 2014"
NORMA_FIJA = "CRC, Resolución 5050 de 2016"


# --- Reglas que miran otros registros --------------------------------------------------------------------------------
def pqr_abiertas(contrato: Contrato) -> QuerySet[Interaccion]:
    """Las consultas, reclamaciones y recursos sin responder sobre un contrato."""
    return Interaccion.objects.abiertas().filter(contrato=contrato, tipo__in=CON_PLAZO).order_by("vence_el", "pk")


def nombrar(interaccion: Interaccion) -> str:
    """«la reclamación R-00000012», «el recurso R-00000013»."""
    articulo = "el" if interaccion.tipo == TipoInteraccion.RECURSO else "la"
    return f"{articulo} {interaccion.get_tipo_display().lower()} {interaccion.numero}"


def disputas_de_cobro(contrato: Contrato) -> QuerySet[Interaccion]:
    """Las PQR sin responder que discuten una suma del contrato: mientras haya una, no se suspende por mora.

    Son las del titular sobre este contrato o sobre ninguno en particular cuyo motivo es de cobro, los recursos por
    facturación y las reclamaciones que no dicen su motivo: en la duda se protege al cliente. Una consulta sin motivo no
    discute nada. Ley 1341 de 2009, art. 54; CRC, Resolución 5050 de 2016, título II, capítulo 1.
    """
    discute = (
        Q(motivo__es_de_cobro=True)
        | Q(tipo=TipoInteraccion.RECURSO, causal=CausalRecurso.FACTURACION)
        | Q(tipo=TipoInteraccion.RECLAMACION, motivo__isnull=True)
    )
    suyas = Interaccion.objects.abiertas().filter(cliente=contrato.cliente_id, tipo__in=CON_PLAZO)
    return suyas.filter(Q(contrato=contrato) | Q(contrato__isnull=True)).filter(discute).order_by("fecha", "pk")


def dias_suspendidos(contrato: Contrato, *, hasta_hoy: date | None = None) -> Mapping[int, int]:
    """Año → días del cupo que las suspensiones a petición del contrato gastaron en él.

    Solo las cerradas; con `hasta_hoy`, también la que sigue en curso, hasta ese día.
    """
    gastados: Counter[int] = Counter()
    for una in Suspension.objects.filter(contrato=contrato, clase=ClaseSuspension.PETICION):
        hasta = una.hasta or (max(hasta_hoy, una.desde) if hasta_hoy else None)
        for anio, dias in periodos.por_anio(una.desde, hasta) if hasta else ():
            gastados[anio] += dias
    return gastados


def explicar_permanencia(contrato: Contrato, hoy: date) -> str:
    """Qué permanencia le queda al contrato y qué dice la regla, para quien lo va a terminar. No impide terminarlo."""
    if not contrato.permanencia_meses:
        if contrato.servicio.tipo.red == Red.MOVIL:
            return f"Es un servicio móvil: no lleva permanencia ({NORMA_MOVIL}) y se termina cuando el cliente quiera."
        return "No tiene permanencia: se termina cuando el cliente quiera."
    final = periodos.fin_de_permanencia(contrato.fecha_inicio, contrato.permanencia_meses)
    if final <= hoy:
        return f"Ya cumplió su permanencia, el {formatear_fecha(final)}: se termina cuando el cliente quiera."
    anexo = f" (anexo {contrato.anexo_permanencia})" if contrato.anexo_permanencia else ""
    maximo = reglas.en_palabras(parametros(contrato.fecha_inicio)["meses_permanencia_fija"])
    return (
        f"Le quedan {permanencia(hoy, final)} de permanencia, hasta el {formatear_fecha(final)}{anexo}. Puede"
        " terminarlo hoy sin dar razones; solo debe lo que falte del descuento en el cargo de conexión, como dice su"
        f" anexo. Un servicio fijo lleva como mucho {maximo} de permanencia ({NORMA_FIJA})."
    )


def explicar_cesion(contrato: Contrato, hoy: date) -> str:
    """Qué permanencia recibiría quien tome el contrato hoy; vacío si ninguna."""
    if not contrato.permanencia_meses or contrato.servicio.tipo.red == Red.MOVIL:
        return ""
    meses = periodos.meses_que_faltan(contrato.fecha_inicio, contrato.permanencia_meses, hoy)
    if not meses:
        return "Quien lo recibe no lleva permanencia: no queda ni un mes completo."
    quedan = "queda 1 mes completo" if meses == 1 else f"quedan {meses} meses completos"
    return f"Con fecha de hoy, de la permanencia {quedan}: es lo que llevaría quien lo recibe, con el mismo anexo."


def explicar_cupo_de_suspension(contrato: Contrato, hoy: date) -> str:
    """Cuánto puede suspenderlo todavía el cliente este año."""
    meses = int(parametros(hoy)["meses_suspension"])
    quedan = max(0, meses * periodos.DIAS_DEL_MES - dias_suspendidos(contrato).get(hoy.year, 0))
    maximo = (
        f"A petición del cliente, como mucho {reglas.en_palabras(meses)} al año ({normas(hoy)['meses_suspension']})"
    )
    if not quedan:
        return f"{maximo}: en {hoy.year} ya los usó."
    limite = periodos.hasta_donde_cabe(hoy, quedan, meses * periodos.DIAS_DEL_MES)
    return f"{maximo}. En {hoy.year} le quedan {quedan} días: hasta el {formatear_fecha(limite)} si empieza hoy."


def explicar_plan(contrato: Contrato) -> str:
    """Qué plan tiene ahora y, si lo hay, cuál espera su día."""
    ahora = f"Hoy tiene «{contrato.servicio}» a {formatear_pesos(contrato.precio)}."
    return " ".join(filter(None, (ahora, explicar_programado(contrato))))


def explicar_programado(contrato: Contrato) -> str:
    """A qué pasa el contrato y cuándo; vacío si no tiene un cambio programado."""
    cambio = cambio_programado(contrato)
    if cambio is None:
        return ""
    return (
        f"El {formatear_fecha(cambio.efectivo_el)} pasa a «{cambio.servicio_nuevo}» a"
        f" {formatear_pesos(cambio.precio_nuevo)}."
    )


# --- Movimientos, para mostrar ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Diferencia:
    """Una condición del contrato antes y después de un cambio de plan; «—» si no la tenía."""

    nombre: str
    antes: str
    despues: str

    @property
    def cambia(self) -> bool:
        """Si el cambio la movió."""
        return self.antes != self.despues


@dataclass(frozen=True)
class CambioLegible:
    """Un cambio de plan con sus condiciones de antes y de después."""

    cambio: CambioPlan
    diferencias: list[Diferencia]

    @property
    def programado(self) -> bool:
        """Si todavía se puede anular."""
        return self.cambio.estado == EstadoCambio.PROGRAMADO


@dataclass(frozen=True)
class Movimientos:
    """Lo que le ha pasado a un contrato."""

    suspensiones: list[Suspension]
    cambios: list[CambioLegible]
    cedido_de: Contrato | None
    cedido_a: Contrato | None
    dias_gastados: int = 0
    cupo: int = 0
    anio: int = 0

    def __bool__(self) -> bool:
        return bool(self.suspensiones or self.cambios or self.cedido_de or self.cedido_a)


def cambio_programado(contrato: Contrato) -> CambioPlan | None:
    """El cambio de plan que espera su día, si lo hay; quien muestra varios contratos los trae ya leídos."""
    leidos = getattr(contrato, "cambios_programados", None)
    if leidos is not None:
        return next(iter(leidos), None)
    programados = CambioPlan.objects.filter(contrato=contrato, estado=EstadoCambio.PROGRAMADO)
    return programados.select_related("servicio_nuevo").first()


def movimientos_de(contrato: Contrato, hoy: date) -> Movimientos:
    """Suspensiones, cambios de plan y cesiones de un contrato, de lo último a lo primero."""
    suspensiones = list(Suspension.objects.filter(contrato=contrato)[:MOVIMIENTOS_MOSTRADOS])
    cambios = CambioPlan.objects.filter(contrato=contrato).select_related("servicio_anterior", "servicio_nuevo")
    cambios = cambios.prefetch_related("servicio_anterior__tipo__atributos", "servicio_nuevo__tipo__atributos")
    return Movimientos(
        suspensiones=suspensiones,
        cambios=[CambioLegible(uno, diferencias(uno)) for uno in cambios[:MOVIMIENTOS_MOSTRADOS]],
        cedido_de=_con_titular(Contrato.objects.filter(pk=contrato.cedido_de_id)) if contrato.cedido_de_id else None,
        cedido_a=_con_titular(Contrato.objects.filter(cedido_de=contrato)),
        dias_gastados=dias_suspendidos(contrato, hasta_hoy=hoy).get(hoy.year, 0),
        cupo=int(parametros(hoy)["meses_suspension"]) * periodos.DIAS_DEL_MES,
        anio=hoy.year,
    )


def _con_titular(consulta: QuerySet[Contrato]) -> Contrato | None:
    return consulta.select_related("cliente").first()


def diferencias(cambio: CambioPlan) -> list[Diferencia]:
    """Servicio, precio, periodicidad y cada condición, antes y después; primero lo que manda."""
    antes = _condiciones(cambio.condiciones_anteriores, cambio.servicio_anterior.tipo)
    despues = _condiciones(cambio.condiciones_nuevas, cambio.servicio_nuevo.tipo)
    periodicidades = dict(Periodicidad.choices)
    filas = [
        Diferencia("Servicio", str(cambio.servicio_anterior), str(cambio.servicio_nuevo)),
        Diferencia("Precio", formatear_pesos(cambio.precio_anterior), formatear_pesos(cambio.precio_nuevo)),
        Diferencia(
            "Se paga",
            str(periodicidades.get(cambio.periodicidad_anterior, cambio.periodicidad_anterior)),
            str(periodicidades.get(cambio.periodicidad_nueva, cambio.periodicidad_nueva)),
        ),
    ]
    nombres = list(dict.fromkeys([*despues, *antes]))
    return filas + [Diferencia(nombre, antes.get(nombre, "—"), despues.get(nombre, "—")) for nombre in nombres]


def _condiciones(condiciones: Any, tipo: TipoServicio) -> dict[str, str]:
    return dict(consultas.condiciones_en_palabras(condiciones, tipo))
