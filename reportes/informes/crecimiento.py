"""Cómo crece el negocio, mes a mes: altas, bajas, base de líneas, abandono y lo que deja cada línea."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import Model, Q, QuerySet

from clientes.models import Contrato
from servicios.models import Modalidad, Servicio

from ..filtros import FiltrosConLugar, filtro_categoria, filtro_red, filtro_segmento, filtro_tipo
from ..lineas import LO_QUE_FACTURA, con_lo_facturado, con_servicio_de, en_pie_por_fechas, por_cada
from ..marco import (
    TOTAL,
    Agrupado,
    Calculada,
    Clase,
    Dimension,
    Grafico,
    Medida,
    Pedido,
    Renglon,
    registrar,
)
from ..marco.columnas import porcentaje
from ..marco.periodos import DOCE_MESES
from ..marco.registro import CLIENTES
from ..meses import DimensionDeMeses
from ..por_mes import Movimiento, Tramo, contratos, cortes_de, movimiento, tramos_de

Valores = Mapping[Any, Any]


class PorMes(DimensionDeMeses):
    """Una fila por mes del período, con los días suyos que caen en él."""

    def renglones(self, pedido: Pedido) -> list[Renglon]:
        return [self.renglon_de(tramo.mes, pedido) for tramo in pedido.recordar(tramos_de)]

    def expresion(self, modelo: type[Model]) -> Any:
        raise NotImplementedError("Un contrato está en pie muchos meses: cada cifra dice cuáles son los suyos.")


# --- Las filas de cada cifra -----------------------------------------------------------------------------------------
def _tramo(pedido: Pedido, clave: Any) -> Tramo | None:
    """Los días de una fila o, con TOTAL, los de todas; None si ese mes no es del reporte."""
    suyos = pedido.recordar(tramos_de)
    if clave is not TOTAL:
        return next((tramo for tramo in suyos if tramo.mes == clave), None)
    return Tramo(suyos[0].mes, suyos[0].desde, suyos[-1].hasta) if suyos else None


def _movidos(columna: str) -> Callable[[Pedido, QuerySet[Contrato], Any], QuerySet[Contrato]]:
    """Los contratos con esa fecha en los días de la fila."""

    def de(pedido: Pedido, consulta: QuerySet[Contrato], clave: Any) -> QuerySet[Contrato]:
        tramo = _tramo(pedido, clave)
        return consulta.filter(**{f"{columna}__range": (tramo.desde, tramo.hasta)}) if tramo else consulta.none()

    return de


def _en_pie(corte: int, modalidad: str = "") -> Callable[[Pedido, Any, Any], QuerySet[Contrato]]:
    """Los contratos en pie la víspera (corte 0) o el último día (corte 1) de la fila, con lo que facturaban."""

    def de(pedido: Pedido, consulta: Any, clave: Any) -> QuerySet[Contrato]:
        tramo = _tramo(pedido, clave)
        if tramo is None:
            return con_lo_facturado(consulta, pedido.hoy, hoy=pedido.hoy).none()
        dia = cortes_de([tramo])[corte]
        suyos = con_lo_facturado(consulta.filter(en_pie_por_fechas(dia)), dia, hoy=pedido.hoy)
        if not modalidad:
            return suyos
        servicios = Servicio.objects.using(pedido.base).filter(tipo__modalidad=modalidad).order_by().values("pk")
        con_servicio: QuerySet[Any] = con_servicio_de(suyos, dia, hoy=pedido.hoy)
        return con_servicio.filter(Q(servicio_de_entonces__in=servicios))

    return de


# --- Las cifras ------------------------------------------------------------------------------------------------------
def _de(cifras: Callable[[Movimiento], tuple[list[Any], Any]]) -> Callable[[Pedido, Dimension], Valores]:
    """Las cifras de cada mes y la del total, sacadas del movimiento, que se lee una vez para todas."""

    def valores(pedido: Pedido, _dimension: Dimension) -> Valores:
        todo = pedido.recordar(movimiento)
        if todo is None:
            return {}
        por_mes, total = cifras(todo)
        return {**dict(zip((tramo.mes for tramo in todo.tramos), por_mes, strict=True)), TOTAL: total}

    return valores


def _flujo(cuentas: list[int]) -> tuple[list[int], int]:
    return cuentas, sum(cuentas)


def _al_comenzar(saldos: list[Any]) -> tuple[list[Any], Any]:
    return saldos[:-1], saldos[0]


def _al_terminar(saldos: list[Any]) -> tuple[list[Any], Any]:
    return saldos[1:], saldos[-1]


def _facturado(modalidad: Modalidad) -> Callable[[Movimiento], tuple[list[Any], Any]]:
    return lambda todo: _al_terminar([Decimal(centavos) / 100 for centavos in todo.centavos[modalidad]])


def _pares(saldos: list[int]) -> list[int]:
    """El doble del promedio de cada mes: lo que había al comenzar más lo que había al terminar."""
    return [antes + despues for antes, despues in pairwise(saldos)]


def _abandono(todo: Movimiento) -> tuple[list[Any], Any]:
    dobles = _pares(todo.base)
    por_mes = [porcentaje(2 * bajas, doble) for bajas, doble in zip(todo.bajas, dobles, strict=True)]
    return por_mes, porcentaje(2 * sum(todo.bajas), sum(dobles))


def _arpu(modalidad: Modalidad) -> Callable[[Movimiento], tuple[list[Any], Any]]:
    def cifras(todo: Movimiento) -> tuple[list[Any], Any]:
        centavos, lineas = _pares(todo.centavos[modalidad]), _pares(todo.lineas[modalidad])
        por_mes = [por_cada(Decimal(suma) / 100, cuantas) for suma, cuantas in zip(centavos, lineas, strict=True)]
        return por_mes, por_cada(Decimal(sum(centavos)) / 100, sum(lineas))

    return cifras


def _lineas(modalidad: Modalidad) -> Medida:
    return Medida(
        nombre=f"lineas_{modalidad.value}",
        titulo=f"Líneas {modalidad.label.lower()}",
        definicion=f"De las líneas al terminar, las que entonces tenían un servicio de {modalidad.label.lower()}.",
        filas=contratos,
        de=_en_pie(1, modalidad),
        resumen=_de(lambda todo: _al_terminar(todo.lineas[modalidad])),
        ancha=True,
    )


def _facturacion(modalidad: Modalidad) -> Medida:
    return Medida(
        nombre=f"facturacion_{modalidad.value}",
        titulo=f"Facturación {modalidad.label.lower()}",
        clase=Clase.PESOS,
        definicion=f"Al terminar, con el plan de entonces. {LO_QUE_FACTURA}",
        filas=contratos,
        suma="al_mes",
        en_centavos=True,
        de=_en_pie(1, modalidad),
        resumen=_de(_facturado(modalidad)),
        ancha=True,
    )


def _arpu_de(modalidad: Modalidad, aclaracion: str) -> Calculada:
    return Calculada(
        nombre=f"arpu_{modalidad.value}",
        titulo=f"ARPU {modalidad.label.lower()}",
        clase=Clase.PESOS,
        definicion=(
            "Ingreso medio por línea al mes: la facturación entre las líneas, las dos el promedio de lo que había al"
            f" comenzar y al terminar el mes, al peso. {aclaracion}"
        ),
        valores=_de(_arpu(modalidad)),
        abre=f"facturacion_{modalidad.value}",
    )


class FiltrosDeCrecimiento(FiltrosConLugar):
    """Qué se presta, dónde y a quién."""

    tipo = filtro_tipo()
    red = filtro_red()
    categoria = filtro_categoria()
    segmento = filtro_segmento()


@registrar
class Crecimiento(Agrupado):
    """La base de líneas y lo que deja cada una, mes a mes."""

    clave = "crecimiento"
    titulo = "Crecimiento y ARPU"
    pregunta = "¿Cuántas líneas llegan y cuántas se van cada mes, y cuánto deja cada una?"
    grupo = CLIENTES
    icono = "show_chart"
    posicion = 40
    permisos = ("clientes.view_contrato",)
    filtros = FiltrosDeCrecimiento
    con_periodo = DOCE_MESES
    calla_ceros = True
    dimensiones = (PorMes(),)
    cifras = (
        Medida(
            nombre="base_inicio",
            titulo="Al comenzar",
            definicion="Líneas al comenzar el mes: contratos en pie la víspera, activos o suspendidos.",
            filas=contratos,
            de=_en_pie(0),
            resumen=_de(lambda todo: _al_comenzar(todo.base)),
        ),
        Medida(
            nombre="altas",
            titulo="Altas",
            definicion="Contratos que empezaron en el mes, sigan o no; los pendientes aún no han empezado.",
            filas=contratos,
            de=_movidos("fecha_inicio"),
            resumen=_de(lambda todo: _flujo(todo.altas)),
        ),
        Medida(
            nombre="bajas",
            titulo="Bajas",
            definicion="Contratos que terminaron en el mes, por cualquier causa; los cedidos, también.",
            filas=contratos,
            de=_movidos("fecha_fin"),
            resumen=_de(lambda todo: _flujo(todo.bajas)),
            mejor_menos=True,
        ),
        Medida(
            nombre="base_fin",
            titulo="Al terminar",
            definicion="Líneas al terminar el mes (hoy, si está en curso): contratos en pie, activos o suspendidos.",
            filas=contratos,
            de=_en_pie(1),
            resumen=_de(lambda todo: _al_terminar(todo.base)),
        ),
        Calculada(
            nombre="abandono",
            titulo="Abandono",
            clase=Clase.PORCENTAJE,
            definicion=(
                "Bajas del mes entre el promedio de las líneas al comenzar y al terminar («churn» mensual). En el"
                " total, el promedio de las bajas de cada mes entre el promedio de las líneas."
            ),
            valores=_de(_abandono),
            abre="bajas",
            mejor_menos=True,
        ),
        _arpu_de(Modalidad.POSPAGO, "Sin promociones ni consumos adicionales."),
        _arpu_de(
            Modalidad.PREPAGO,
            "El panel no guarda las recargas: se cuenta un paquete al mes por línea, lo que valdría y no lo recaudado.",
        ),
        _lineas(Modalidad.POSPAGO),
        _facturacion(Modalidad.POSPAGO),
        _lineas(Modalidad.PREPAGO),
        _facturacion(Modalidad.PREPAGO),
    )
    grafico = Grafico("lineas", ("altas", "bajas"), "mes")
    nota = (
        "Cada mes cuenta solo los días suyos que caen en el período; el que está en curso, hasta hoy. Pospago y"
        " prepago, precio y facturación son los del plan que cada contrato tenía entonces; el filtro de tipo mira el de"
        " hoy."
    )
