"""Cuántas reclamaciones llegan por cada mil líneas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from clientes.models import Contrato
from servicios.models import TipoServicio

from ..atencion import primera
from ..marco import Agrupado, Calculada, Dimension, Grafico, Medida, Pedido, PorCampo, registrar
from ..marco.periodos import DOCE_MESES
from ..marco.registro import ATENCION
from ..meses import PorMes
from ..por_mes import contratos
from ..reclamaciones import (
    FiltrosDeReclamaciones,
    contadas,
    lineas,
    lineas_de,
    medias,
    por_mil,
    reclamaciones,
)

Valores = Mapping[Any, Any]


def _de(que: Callable[[Pedido], Valores]) -> Callable[[Pedido, Dimension], Valores]:
    return lambda pedido, _dimension: pedido.recordar(que)


def _primer_dia(pedido: Pedido) -> date | None:
    """El de la primera interacción o el del primer contrato, el que sea antes."""
    inicios = Contrato.objects.using(pedido.base).order_by("fecha_inicio").values_list("fecha_inicio", flat=True)
    dias = [dia for dia in (primera(pedido), inicios.first()) if dia is not None]
    return min(dias, default=None)


@registrar
class ReclamacionesPorMil(Agrupado):
    """Las reclamaciones frente a las líneas, por mes o por tipo de servicio."""

    clave = "reclamaciones-por-mil"
    titulo = "Reclamaciones por cada mil líneas"
    pregunta = "¿Cuánto se quejan los clientes, y de qué servicios más?"
    grupo = ATENCION
    icono = "campaign"
    posicion = 20
    permisos = ("clientes.view_interaccion", "clientes.view_contrato")
    filtros = FiltrosDeReclamaciones
    con_periodo = DOCE_MESES
    dimensiones = (
        PorMes({"clientes.interaccion": "fecha"}, _primer_dia),
        PorCampo(
            nombre="tipo",
            titulo="Tipo de servicio",
            campos={"clientes.interaccion": "contrato__servicio__tipo_id"},
            opciones=lambda pedido: list(TipoServicio.objects.using(pedido.base).values_list("pk", "nombre")),
            numerica=True,
            sin="Sin contrato",
        ),
    )
    calla_ceros = True
    cifras = (
        Medida(
            nombre="reclamaciones",
            titulo="Reclamaciones",
            definicion="Las radicadas en el mes, o en el período, por su día en Bogotá; los recursos no cuentan.",
            filas=reclamaciones,
            resumen=_de(contadas),
            mejor_menos=True,
        ),
        Medida(
            nombre="lineas",
            titulo="Líneas al terminar",
            definicion=(
                "Contratos en pie, activos o suspendidos, al terminar el mes (hoy, el que está en curso); en el total y"
                " por tipo de servicio, al terminar el período."
            ),
            filas=contratos,
            de=lineas_de,
            resumen=_de(lineas),
        ),
        Calculada(
            nombre="medias",
            titulo="Líneas medias",
            definicion=(
                "El promedio de las líneas al comenzar y al terminar el mes; en el total y por tipo de servicio, el"
                " promedio de las de sus meses."
            ),
            valores=_de(medias),
            abre="lineas",
        ),
        Calculada(
            nombre="por_mil",
            titulo="Por mil líneas",
            definicion=(
                "Reclamaciones por cada mil líneas medias. En el total y por tipo de servicio es el promedio mensual:"
                " entre los meses del período, y el empezado cuenta entero."
            ),
            valores=_de(por_mil),
            abre="reclamaciones",
            mejor_menos=True,
        ),
    )
    grafico = {
        "mes": Grafico("lineas", ("por_mil",), "mes"),
        "tipo": Grafico("barras", ("por_mil",), "tipo"),
    }
    nota = (
        "El tipo de servicio es el que el contrato tiene hoy, en las reclamaciones y en las líneas. El motivo y el"
        " canal eligen reclamaciones, no líneas."
    )
