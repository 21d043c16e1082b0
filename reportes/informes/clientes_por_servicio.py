"""Quiénes tienen cada servicio, y cuántos son."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from clientes.models import Contrato
from clientes.models.contrato import ContratoQuerySet

from .. import por_servicio
from ..filtros import (
    FiltrosConLugar,
    filtro_categoria,
    filtro_modalidad,
    filtro_red,
    filtro_segmento,
    filtro_servicio,
    filtro_tipo,
)
from ..listas.clientes import CONTRATOS
from ..marco import TOTAL, Clase, Lista, Pedido, registrar
from ..marco.columnas import en_palabras
from ..marco.filtros import ControlOpcion
from ..marco.registro import SERVICIOS

ACTIVOS, EN_PIE, TODOS = "activos", "en_pie", "todos"
CUALES = (
    (ACTIVOS, "Que prestan el servicio"),
    (EN_PIE, "Sin terminar (también suspendidos y pendientes)"),
    (TODOS, "Todos, también los que terminaron"),
)


class FiltrosDeClientesPorServicio(FiltrosConLugar):
    """Por catálogo y por cliente."""

    servicio = filtro_servicio()
    tipo = filtro_tipo()
    red = filtro_red()
    modalidad = filtro_modalidad()
    categoria = filtro_categoria()
    segmento = filtro_segmento()


@registrar
class ClientesPorServicio(Lista):
    """Un renglón por contrato: quién es el cliente, qué servicio tiene, desde cuándo y a qué precio."""

    clave = "clientes-por-servicio"
    titulo = "Clientes por servicio"
    pregunta = "¿Quiénes han adquirido cada servicio, y cuántos son?"
    grupo = SERVICIOS
    icono = "groups"
    posicion = 30
    permisos = ("servicios.view_servicio", "clientes.view_contrato", "clientes.view_cliente")
    filtros = FiltrosDeClientesPorServicio
    a_la_fecha = True
    listado = CONTRATOS
    nota = (
        "Un cliente con dos contratos sale dos veces en la lista y se cuenta una. Con otro día se ve el plan y el"
        " precio que cada contrato tenía entonces; el estado es el de hoy."
    )

    def controles(self) -> dict[str, Any]:
        return {
            **super().controles(),
            "cuales": ControlOpcion(
                label="Contratos", choices=CUALES, empty_label=None, initial=ACTIVOS, required=False
            ),
        }

    def consulta(self, pedido: Pedido) -> QuerySet[Any]:
        return pedido.aplicar(_contratos(pedido))

    def cuantas(self, pedido: Pedido) -> int:
        return pedido.recordar(_cuentas)["contratos"]

    def resumen(self, pedido: Pedido) -> Sequence[tuple[str, str]]:
        return [("Clientes", en_palabras(Clase.ENTERO, pedido.recordar(_cuentas)["clientes"]))]


def _cuales(pedido: Pedido) -> str:
    return pedido.conjunto.limpios.get("cuales") or ACTIVOS


def _contratos(pedido: Pedido) -> ContratoQuerySet:
    if _cuales(pedido) == ACTIVOS:
        return por_servicio.activos(pedido)
    todos = Contrato.objects.filter(fecha_inicio__lte=pedido.al) if not pedido.es_hoy else Contrato.objects.all()
    if _cuales(pedido) == EN_PIE:
        todos = Contrato.objects.vigentes() if pedido.es_hoy else Contrato.objects.en(pedido.al)
    return por_servicio.al_dia(todos, pedido)


def _cuentas(pedido: Pedido) -> Mapping[str, int]:
    """Cuántos contratos y de cuántos clientes, exactos."""
    return _llevadas(pedido) if _se_llevan(pedido) else _contadas(pedido)


def _se_llevan(pedido: Pedido) -> bool:
    """Si las responde lo que se lleva por servicio; con filtros del cliente sale mejor contar las filas."""
    return _cuales(pedido) == ACTIVOS and pedido.solo(*por_servicio.DEL_CATALOGO)


def _llevadas(pedido: Pedido) -> Mapping[str, int]:
    contratos = por_servicio.activos_llevados(pedido)[TOTAL]
    return {"contratos": contratos, "clientes": por_servicio.total_de_clientes(pedido)}


def _contadas(pedido: Pedido) -> Mapping[str, int]:
    return por_servicio.contratos_y_clientes(pedido.aplicar(_contratos(pedido)))
