"""Cuántas reclamaciones llegan por cada mil líneas en pie: se cuentan aparte las unas y las otras, y se juntan aquí."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Any

from django.db.models import F, QuerySet, Sum

from clientes.models import Contrato, Interaccion, TipoInteraccion
from movistar_site.comun.dias import OrdinalDelInstante, al_empezar, al_terminar
from servicios.models import Servicio

from .filtros import FiltrosConLugar, filtro_categoria, filtro_segmento
from .filtros_atencion import filtro_canal, filtro_motivo, filtro_red_del_servicio, filtro_tipo_de_servicio
from .marco import TOTAL, Pedido
from .marco.grupos import contar_grupos
from .models import InteraccionesPorDia
from .por_mes import altas_y_bajas, cortes_de, tramos_de

POR_MES, POR_TIPO = "mes", "tipo"
MIL = 1_000


class FiltrosDeLineas(FiltrosConLugar):
    """Los que eligen líneas: qué se presta, dónde y a quién."""

    tipo = filtro_tipo_de_servicio()
    red = filtro_red_del_servicio()
    categoria = filtro_categoria()
    segmento = filtro_segmento()


class FiltrosDeReclamaciones(FiltrosDeLineas):
    """Los de las líneas, y los que solo eligen reclamaciones: por qué y por dónde llegaron."""

    motivo = filtro_motivo()
    canal = filtro_canal()


# --- Reclamaciones ---------------------------------------------------------------------------------------------------
def reclamaciones(pedido: Pedido) -> QuerySet[Interaccion]:
    """Las que se radicaron en el período."""
    return Interaccion.objects.filter(
        tipo=TipoInteraccion.RECLAMACION,
        fecha__gte=al_empezar(pedido.periodo.desde),
        fecha__lt=al_terminar(pedido.periodo.hasta),
    )


def contadas(pedido: Pedido) -> dict[Any, int]:
    """Cuántas de cada fila y, con TOTAL, cuántas en total."""
    por_fila = _por_tipo(pedido) if pedido.por == POR_TIPO else _por_mes(pedido)
    return {**por_fila, TOTAL: sum(por_fila.values())}


def _por_mes(pedido: Pedido) -> Counter[Any]:
    por_mes: Counter[Any] = Counter()
    for dia, cuantas in _por_dia(pedido):
        por_mes[dia.replace(day=1)] += cuantas
    return por_mes


def _por_dia(pedido: Pedido) -> Iterable[tuple[date, int]]:
    if pedido.solo():
        dias = (pedido.periodo.desde, pedido.periodo.hasta)
        cuentas = InteraccionesPorDia.objects.using(pedido.base).filter(
            tipo=TipoInteraccion.RECLAMACION, dia__range=dias
        )
        llevadas = cuentas.order_by().values_list("dia").annotate(suma=Sum("n"))
        return [(dia, suma) for dia, suma in llevadas if suma]
    grupos = contar_grupos(pedido.aplicar(reclamaciones(pedido)), _dia=OrdinalDelInstante("fecha"))
    return ((date.fromordinal(dia), cuantas) for (dia,), cuantas in grupos)


def _por_tipo(pedido: Pedido) -> Counter[Any]:
    tipos = pedido.recordar(_tipo_de_cada_servicio)
    por_tipo: Counter[Any] = Counter()
    for (servicio,), cuantas in contar_grupos(
        pedido.aplicar(reclamaciones(pedido)), _servicio=F("contrato__servicio_id")
    ):
        por_tipo[tipos.get(servicio)] += cuantas
    return por_tipo


def _tipo_de_cada_servicio(pedido: Pedido) -> dict[int, int]:
    return dict(Servicio.objects.using(pedido.base).order_by().values_list("pk", "tipo_id"))


# --- Líneas ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Bases:
    """Las líneas en pie de cada tipo de servicio en cada corte: la víspera y el último día de cada mes."""

    meses: tuple[date, ...]
    por_tipo: Mapping[int, list[int]]

    @property
    def todas(self) -> list[int]:
        """Las de cualquier tipo."""
        return [sum(saldos) for saldos in zip(*self.por_tipo.values(), strict=True)] or [0] * (len(self.meses) + 1)


def bases(pedido: Pedido) -> Bases:
    """Las líneas de cada mes del período, con los filtros que las eligen."""
    suyos = tramos_de(pedido)
    if not suyos:
        return Bases((), {})
    cortes, tipos = cortes_de(suyos), pedido.recordar(_tipo_de_cada_servicio)
    cambios: dict[int, list[int]] = {}
    altas, bajas = altas_y_bajas(_solo_lineas(pedido), cortes)
    for signo, filas in ((1, altas), (-1, bajas)):
        for servicio, dia, cuantos, _ in filas:
            suyo = cambios.setdefault(tipos[servicio], [0] * len(cortes))
            suyo[bisect_left(cortes, dia)] += signo * cuantos
    saldos = {tipo: list(accumulate(suyo)) for tipo, suyo in cambios.items()}
    return Bases(tuple(tramo.mes for tramo in suyos), saldos)


def _solo_lineas(pedido: Pedido) -> Pedido:
    """El mismo pedido sin los filtros que no eligen líneas: así sus cuentas ya llevadas sirven."""
    return replace(pedido, conjunto=FiltrosDeLineas(pedido.conjunto.data, hoy=pedido.hoy))


def lineas(pedido: Pedido) -> dict[Any, int]:
    """Las que había al terminar cada mes o, por tipo de servicio, al terminar el período."""
    suyas = pedido.recordar(bases)
    if not suyas.meses:
        return {}
    if pedido.por == POR_TIPO:
        return {**{tipo: saldos[-1] for tipo, saldos in suyas.por_tipo.items()}, TOTAL: suyas.todas[-1]}
    return {**dict(zip(suyas.meses, suyas.todas[1:], strict=True)), TOTAL: suyas.todas[-1]}


def lineas_de(pedido: Pedido, consulta: Any, clave: Any) -> QuerySet[Contrato]:
    """Los contratos que forman las líneas de una fila."""
    tramos = tramos_de(pedido)
    if pedido.por == POR_TIPO or clave is TOTAL:
        suyos = consulta.en(tramos[-1].hasta) if tramos else consulta.none()
        return suyos if clave is TOTAL else suyos.filter(servicio__tipo=clave)
    suyo = next((tramo for tramo in tramos if tramo.mes == clave), None)
    return consulta.en(suyo.hasta) if suyo else consulta.none()


def medias(pedido: Pedido) -> dict[Any, Decimal]:
    """Las líneas medias: el promedio de las de comenzar y las de terminar cada mes; de varios, el de sus meses."""
    suyas = pedido.recordar(bases)
    if not suyas.meses:
        return {}
    total = _media(suyas.todas)
    if pedido.por == POR_TIPO:
        return {**{tipo: _media(saldos) for tipo, saldos in suyas.por_tipo.items()}, TOTAL: total}
    por_mes = (_media(par) for par in pairwise(suyas.todas))
    return {**dict(zip(suyas.meses, por_mes, strict=True)), TOTAL: total}


def _media(saldos: Any) -> Decimal:
    pares = [antes + despues for antes, despues in pairwise(saldos)]
    return Decimal(sum(pares)) / (2 * len(pares))


def por_mil(pedido: Pedido) -> dict[Any, Decimal]:
    """Las reclamaciones de un mes por cada mil líneas medias; de varios meses, el promedio mensual."""
    cuantas, entre = pedido.recordar(contadas), medias(pedido)
    meses = len(pedido.recordar(bases).meses)
    return {
        clave: Decimal(cuantas.get(clave, 0)) * MIL / media / (meses if _de_varios(pedido, clave) else 1)
        for clave, media in entre.items()
        if media
    }


def _de_varios(pedido: Pedido, clave: Any) -> bool:
    return clave is TOTAL or pedido.por == POR_TIPO
