"""Los contratos como estaban un día: con `servicio_el`, el servicio de entonces, deshaciendo los cambios de plan."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from clientes.models import CambioPlan, EstadoCambio

SERVICIO_EL = "servicio_el"
"""La columna que `ContratoQuerySet.con_terminos_el` añade."""


def es_de_un_dia(consulta: QuerySet[Any]) -> bool:
    """Si son contratos como estaban un día."""
    return SERVICIO_EL in consulta.query.annotations


def de_servicios(consulta: QuerySet[Any], servicios: Collection[int]) -> QuerySet[Any]:
    """De esos contratos, los que aquel día eran de alguno de esos servicios."""
    cambiaron = CambioPlan.objects.using(consulta.db).filter(estado=EstadoCambio.APLICADO).order_by()
    # Primero los que pueden serlo, por su índice: a los demás no se les pregunta qué tenían.
    pueden = consulta.filter(Q(servicio__in=servicios) | Q(pk__in=cambiaron.values("contrato")))
    return pueden.filter(servicio_el__in=servicios)
