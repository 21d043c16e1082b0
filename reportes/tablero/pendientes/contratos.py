"""Los movimientos de un contrato que ya debieron hacerse y las reglas no dejaron."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from clientes.models import CambioPlan, Suspension

from ..mirada import Mirada, lista
from ..pendiente import OJO, Pendiente, registrar


@registrar
class CambiosDePlan(Pendiente):
    """Los que rigen desde hoy o antes y siguen sin aplicar."""

    clave = "cambios-de-plan"
    uno = "cambio de plan por aplicar"
    varios = "cambios de plan por aplicar"
    permisos = ("clientes.view_contrato", "clientes.view_cambioplan")
    icono = "swap_horiz"
    tono = OJO
    posicion = 80
    definicion = (
        "Contratos con un cambio de plan programado que rige desde hoy o antes y no se ha aplicado: o la revisión"
        " diaria no ha corrido, o una regla no lo dejó."
    )

    def filas(self, mirada: Mirada) -> QuerySet[Any]:
        return CambioPlan.objects.por_aplicar(mirada.hoy).order_by("efectivo_el")

    def enlace(self, mirada: Mirada) -> str:
        return lista("clientes", "contrato", movimiento="cambio")


@registrar
class SuspensionesPorReanudar(Pendiente):
    """Las que ya debieron terminar."""

    clave = "suspensiones-por-reanudar"
    uno = "contrato suspendido por reanudar"
    varios = "contratos suspendidos por reanudar"
    permisos = ("clientes.view_contrato", "clientes.view_suspension")
    icono = "play_circle"
    tono = OJO
    posicion = 90
    definicion = "Contratos cuya suspensión debía terminar hoy o antes y sigue en curso."

    def filas(self, mirada: Mirada) -> QuerySet[Any]:
        return Suspension.objects.por_reanudar(mirada.hoy).order_by("hasta_prevista")

    def enlace(self, mirada: Mirada) -> str:
        return lista("clientes", "contrato", movimiento="reanudar")
