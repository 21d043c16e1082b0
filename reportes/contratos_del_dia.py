"""Los contratos como estaban un día: con `servicio_el`, el servicio de entonces, deshaciendo los cambios de plan."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from clientes.models import CambioPlan, EstadoCambio

SERVICIO_EL = "servicio_el"
"""La columna que `ContratoQuerySet.con_terminos_el` añade."""


def es_de_un_dia(consulta: QuerySet[Any]) -> bool:
    """Si son contratos como estaban un día."""
    return SERVICIO_EL in consulta.query.annotations


def de_servicios(consulta: QuerySet[Any], servicios: Collection[int]) -> QuerySet[Any]:
    """De esos contratos, los que aquel día eran de alguno de esos servicios."""
    cambios = CambioPlan.objects.using(consulta.db).filter(estado=EstadoCambio.APLICADO, contrato=OuterRef("pk"))
    # Solo a los que alguna vez cambiaron, que son pocos, se les pregunta qué tenían.
    cambio = Q(Exists(cambios.order_by()))
    return consulta.filter(~cambio & Q(servicio__in=servicios) | cambio & Q(servicio_el__in=servicios))
