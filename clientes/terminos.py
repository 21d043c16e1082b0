"""Con qué servicio, precio y condiciones se prestaba un contrato un día: lo de hoy, deshaciendo los cambios de plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from servicios.models import Periodicidad, Servicio

from .models import CambioPlan, Contrato, EstadoCambio


@dataclass(frozen=True)
class Terminos:
    """Lo que el cliente tenía contratado."""

    servicio: Servicio
    precio: Decimal
    periodicidad: str
    condiciones: Any

    @property
    def cada(self) -> str:
        """«Mensual»."""
        return str(Periodicidad(self.periodicidad).label)


def de_hoy(contrato: Contrato) -> Terminos:
    """Los que tiene ahora."""
    return Terminos(contrato.servicio, contrato.precio, contrato.periodicidad, contrato.condiciones)


def anteriores_a(cambio: CambioPlan) -> Terminos:
    """Los que un cambio de plan dejó atrás."""
    return Terminos(
        cambio.servicio_anterior, cambio.precio_anterior, cambio.periodicidad_anterior, cambio.condiciones_anteriores
    )


def en(contratos: Iterable[Contrato], dia: date) -> dict[int, Terminos]:
    """Contrato → sus términos el día `dia`. Una consulta por todos, y otra por los atributos de sus tipos.

    Son los que dejó atrás el primer cambio aplicado que rige después; sin ninguno, los de hoy. Los contratos traen su
    servicio.
    """
    terminos = {contrato.pk: de_hoy(contrato) for contrato in contratos}
    cambios = CambioPlan.objects.filter(contrato__in=list(terminos), estado=EstadoCambio.APLICADO, efectivo_el__gt=dia)
    completos = cambios.select_related("servicio_anterior__tipo").prefetch_related("servicio_anterior__tipo__atributos")
    # Del último al primero: el primero queda encima.
    for cambio in completos.order_by("-efectivo_el", "-id"):
        terminos[cambio.contrato_id] = anteriores_a(cambio)
    return terminos
