"""Cuántas líneas había y cuánto facturaban al comenzar y al terminar cada mes, con el plan que entonces tenían.

Una línea está en pie muchos meses: preguntarlo mes por mes sería recorrer los contratos cada vez. Se suman los que
empezaron y los que terminaron cada día, por el plan que tienen ahora, y se corrige lo que cada cambio de plan cambió.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Any

from django.db.models import Count, DateField, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Greatest

from clientes.models import CambioPlan, Contrato, EstadoContrato
from movistar_site.comun.valores import sumar_meses
from servicios.models import Modalidad, Servicio

from .lineas import centavos_al_mes, en_centavos
from .marco import Pedido
from .marco.grupos import contar_grupos
from .marco.periodos import meses
from .models import AltasPorDia, BajasPorDia

DEL_CATALOGO = ("tipo", "red")
"""Los filtros que las cuentas por día y servicio pueden responder."""
UN_DIA = timedelta(days=1)
_PorDia = dict[tuple[int, Any], list[int]]


@dataclass(frozen=True)
class Tramo:
    """Los días de un mes que caen en el período."""

    mes: date
    desde: date
    hasta: date


@dataclass(frozen=True)
class Hecho:
    """Contratos que empezaron o terminaron un día, por su modalidad de ahora, con los centavos que facturan al mes."""

    dia: date
    modalidad: str
    cuantos: int
    centavos: int


@dataclass(frozen=True)
class Correccion:
    """Un contrato que desde un día y antes de otro tenía un plan que no es el de ahora: modalidad y centavos al mes."""

    desde: date
    hasta: date
    entonces: tuple[str, int]
    ahora: tuple[str, int]


@dataclass
class Movimiento:
    """Lo que pasó en cada tramo. Los saldos van por corte: la víspera del primer tramo y el último día de cada uno."""

    tramos: Sequence[Tramo]
    altas: list[int] = field(default_factory=list)
    bajas: list[int] = field(default_factory=list)
    lineas: dict[str, list[int]] = field(default_factory=dict)
    centavos: dict[str, list[int]] = field(default_factory=dict)

    @property
    def base(self) -> list[int]:
        """Las líneas en pie en cada corte, de cualquier modalidad."""
        return [sum(saldos) for saldos in zip(*self.lineas.values(), strict=True)]


def tramos(desde: date, hasta: date) -> list[Tramo]:
    """Los meses que toca el período, recortados a él."""
    return [Tramo(mes, max(mes, desde), min(sumar_meses(mes, 1) - UN_DIA, hasta)) for mes in meses(desde, hasta)]


def cortes_de(tramos: Sequence[Tramo]) -> list[date]:
    """La víspera del primero y el último día de cada uno."""
    return [tramos[0].desde - UN_DIA, *(tramo.hasta for tramo in tramos)]


def mover(
    tramos: Sequence[Tramo], altas: Iterable[Hecho], bajas: Iterable[Hecho], correcciones: Iterable[Correccion]
) -> Movimiento:
    """Lo que pasó en cada tramo y los saldos de cada corte. Puro."""
    cortes = cortes_de(tramos)
    cuenta = _Cuenta(cortes)
    movidos = [[0] * len(cortes), [0] * len(cortes)]
    for signo, hechos, suyos in ((1, altas, movidos[0]), (-1, bajas, movidos[1])):
        for hecho in hechos:
            if (corte := bisect_left(cortes, hecho.dia)) < len(cortes):
                suyos[corte] += hecho.cuantos
                cuenta.sumar(corte, hecho.modalidad, signo * hecho.cuantos, signo * hecho.centavos)
    for una in correcciones:
        primero, despues = bisect_left(cortes, una.desde), bisect_left(cortes, una.hasta)
        for corte, signo in ((primero, 1), (despues, -1)):
            cuenta.sumar(corte, una.entonces[0], signo, signo * una.entonces[1])
            cuenta.sumar(corte, una.ahora[0], -signo, -signo * una.ahora[1])
    # Lo del primer corte es lo de antes del período.
    return Movimiento(tramos, movidos[0][1:], movidos[1][1:], *cuenta.saldos())


class _Cuenta:
    """Lo que cambia en cada corte, por modalidad; los saldos son su suma hasta él."""

    def __init__(self, cortes: Sequence[date]) -> None:
        self.lineas = {modalidad: [0] * len(cortes) for modalidad in Modalidad.values}
        self.centavos = {modalidad: [0] * len(cortes) for modalidad in Modalidad.values}

    def sumar(self, corte: int, modalidad: str, cuantos: int, centavos: int) -> None:
        if corte < len(self.lineas[modalidad]):  # lo que cambia después del último corte no se ve
            self.lineas[modalidad][corte] += cuantos
            self.centavos[modalidad][corte] += centavos

    def saldos(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        return (
            {modalidad: list(accumulate(cambios)) for modalidad, cambios in self.lineas.items()},
            {modalidad: list(accumulate(cambios)) for modalidad, cambios in self.centavos.items()},
        )


# --- Leer ------------------------------------------------------------------------------------------------------------
def contratos(_pedido: Pedido) -> QuerySet[Contrato]:
    """Los que han empezado: los pendientes, no."""
    return Contrato.objects.exclude(estado=EstadoContrato.PENDIENTE)


def movimiento(pedido: Pedido) -> Movimiento | None:
    """El de cada mes del período, hasta hoy y desde el primer contrato; None si entonces no hay ninguno."""
    suyos = tramos_de(pedido)
    if not suyos:
        return None
    modalidades = dict(Servicio.objects.using(pedido.base).order_by().values_list("pk", "tipo__modalidad"))
    cortes = cortes_de(suyos)
    altas, bajas = altas_y_bajas(pedido, cortes)
    return mover(
        suyos, _hechos(altas, modalidades), _hechos(bajas, modalidades), _correcciones(pedido, cortes, modalidades)
    )


def altas_y_bajas(pedido: Pedido, cortes: Sequence[date]) -> tuple[list[Any], list[Any]]:
    """Los contratos que empezaron y los que terminaron: (servicio de ahora, día, cuántos, centavos al mes).

    Hasta el último corte; todo lo de antes del primero lleva su día.
    """
    return _de_las_cuentas(pedido, cortes) if pedido.solo(*DEL_CATALOGO) else _contadas(pedido, cortes)


def tramos_de(pedido: Pedido) -> list[Tramo]:
    """Los meses del período, desde el del primer contrato y hasta hoy."""
    primero = Contrato.objects.using(pedido.base).order_by("fecha_inicio").values_list("fecha_inicio", flat=True)[:1]
    empieza = next(iter(primero), None)
    hasta = min(pedido.periodo.hasta, pedido.hoy)
    if empieza is None or max(pedido.periodo.desde, empieza) > hasta:
        return []
    return tramos(max(pedido.periodo.desde, empieza.replace(day=1)), hasta)


def _hechos(filas: Iterable[Any], modalidades: dict[int, str]) -> Iterator[Hecho]:
    for servicio, dia, cuantos, centavos in filas:
        if cuantos or centavos:
            yield Hecho(dia, modalidades[servicio], cuantos, centavos)


def _dia(columna: str, cortes: Sequence[date]) -> Greatest:
    """El día de una columna; todo lo de antes del período es de su víspera, para no traer cada día de treinta años."""
    return Greatest(columna, Value(cortes[0], output_field=DateField()))


def _de_las_cuentas(pedido: Pedido, cortes: Sequence[date]) -> tuple[list[Any], list[Any]]:
    """Altas y bajas por servicio y día, de las cuentas llevadas, sin los contratos que siguen pendientes."""
    altas, bajas = (
        modelo.objects.using(pedido.base).filter(dia__lte=cortes[-1]).order_by()
        for modelo in (AltasPorDia, BajasPorDia)
    )
    pendientes = Contrato.objects.using(pedido.base).filter(estado=EstadoContrato.PENDIENTE)
    if pedido.conjunto.valores:
        servicios = pedido.aplicar(Servicio.objects.all()).order_by().values("pk")
        altas, bajas = altas.filter(servicio_id__in=servicios), bajas.filter(servicio_id__in=servicios)
        pendientes = pendientes.filter(servicio__in=servicios)
    sumas = {"cuantos": Sum("n"), "suma": Sum("centavos")}
    empezados, terminados = (
        list(cuentas.values_list("servicio_id", _dia("dia", cortes)).annotate(**sumas)) for cuentas in (altas, bajas)
    )
    sobran = _por_dia(pendientes, "fecha_inicio", cortes)
    return [*empezados, *((servicio, dia, -cuantos, -suma) for servicio, dia, cuantos, suma in sobran)], terminados


def _contadas(pedido: Pedido, cortes: Sequence[date]) -> tuple[list[Any], list[Any]]:
    """Lo mismo, contado de los contratos que cumplen los filtros, leídos una vez.

    Los que terminaron antes del período no cambian ningún saldo.
    """
    suyos = pedido.aplicar(contratos(pedido)).filter(~Q(fecha_fin__lte=cortes[0]), ~Q(fecha_inicio__gt=cortes[-1]))
    grupos = contar_grupos(
        suyos,
        _servicio=F("servicio_id"),
        _empezo=_dia("fecha_inicio", cortes),
        _termino=F("fecha_fin"),
        _al_mes=centavos_al_mes(),
    )
    altas: _PorDia = {}
    bajas: _PorDia = {}
    for (servicio, empezo, termino, al_mes), cuantos in grupos:
        for dia, cuentas in ((empezo, altas), (termino, bajas)):
            if dia is not None:
                suma = cuentas.setdefault((servicio, dia), [0, 0])
                suma[0] += cuantos
                suma[1] += cuantos * al_mes
    return _en_filas(altas, hasta=cortes[-1]), _en_filas(bajas, hasta=cortes[-1])


def _en_filas(cuentas: _PorDia, *, hasta: date) -> list[tuple[int, date, int, int]]:
    """Los días llegan como los da la base, que en SQLite son textos."""
    filas = (
        (servicio, dia if isinstance(dia, date) else date.fromisoformat(dia), cuantos, suma)
        for (servicio, dia), (cuantos, suma) in cuentas.items()
    )
    return [fila for fila in filas if fila[1] <= hasta]


def _por_dia(consulta: QuerySet[Contrato], columna: str, cortes: Sequence[date]) -> QuerySet[Any, Any]:
    consulta = consulta.filter(**{f"{columna}__lte": cortes[-1]}).order_by()
    sumas = {"cuantos": Count("*"), "suma": Sum(centavos_al_mes())}
    return consulta.values_list("servicio_id", _dia(columna, cortes)).annotate(**sumas)


def _correcciones(pedido: Pedido, cortes: Sequence[date], modalidades: dict[int, str]) -> Iterator[Correccion]:
    """Los planes de entonces de los contratos que después cambiaron de plan."""
    cambios = (
        CambioPlan.objects.using(pedido.base)
        .aplicados_despues(cortes[0])
        .filter(contrato__fecha_inicio__lte=cortes[-1])
    )
    if pedido.conjunto.valores:
        # De cada cambio, que son pocos, si su contrato cumple; y no al revés, juntar antes todos los que cumplen.
        cambios = cambios.filter(Exists(pedido.aplicar(contratos(pedido)).filter(pk=OuterRef("contrato")).order_by()))
    filas = cambios.order_by("contrato_id", "efectivo_el", "id").values_list(
        "contrato", "efectivo_el", "servicio_anterior", "precio_anterior", "periodicidad_anterior",
        "contrato__fecha_inicio", "contrato__fecha_fin",
        "contrato__servicio", "contrato__precio", "contrato__periodicidad",
    )  # fmt: skip
    por_contrato: Iterator[tuple[int, Iterator[tuple[Any, ...]]]] = groupby(
        filas.iterator(chunk_size=2_000), itemgetter(0)
    )
    for _, suyos in por_contrato:
        desde = None
        for _, rige, servicio, precio, cada, inicio, fin, servicio_de_hoy, precio_de_hoy, cada_hoy in suyos:
            desde, hasta = desde or max(inicio, cortes[0]), min(rige, fin or date.max)
            if desde < hasta:
                entonces = (modalidades[servicio], en_centavos(precio, cada))
                hoy = (modalidades[servicio_de_hoy], en_centavos(precio_de_hoy, cada_hoy))
                yield Correccion(desde, hasta, entonces, hoy)
            desde = max(desde, rige)


__all__ = ["Correccion", "Hecho", "Movimiento", "Tramo", "contratos", "cortes_de", "mover", "movimiento", "tramos"]
