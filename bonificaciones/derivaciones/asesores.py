"""Cuánto lleva cada asesor y cómo le va."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from movistar_site.comun.festivos import calendario
from movistar_site.comun.models import nombre_de
from movistar_site.comun.parametros import parametros

from ..models import Asesor, Derivacion, EstadoDerivacion, ResultadoDerivacion
from .bandejas import CORRE
from .reparto import asesores

DIAS_DE_TASA = 90
"""De cuántos días sale la proporción de los que aceptan."""


@dataclass(frozen=True)
class Carga:
    """Lo que lleva un asesor. `fila`: la clave de sus ajustes, si los tiene."""

    pk: int
    nombre: str
    fila: int | None
    recibe: bool
    tope: int | None
    abiertas: int = 0
    por_vencer: int = 0
    vencidas: int = 0
    aceptadas_del_mes: int = 0
    aceptadas: int = 0
    contestadas: int = 0

    @property
    def tasa(self) -> int | None:
        """De cada cien que se cerraron en los últimos 90 días, cuántas aceptó el cliente; None si no hubo ninguna."""
        return round(100 * self.aceptadas / self.contestadas) if self.contestadas else None

    @property
    def lleno(self) -> bool:
        """Si llegó a su tope."""
        return self.tope is not None and self.abiertas >= self.tope


def carga_de_los_asesores(*, hoy: date) -> list[Carga]:
    """La de cada asesor activo, del que más abiertas tiene al que menos. Seis consultas.

    En la proporción cuentan las que aceptó, las que no quiso y las que se vencieron; no las que se anularon.
    """
    reglas = parametros(hoy)
    hasta = calendario(reglas).sumar_habiles(hoy, reglas["dias_recordar_derivacion"])
    corre = Q(estado__in=CORRE)
    abiertas = (
        Derivacion.objects.abiertas()
        .filter(asesor__isnull=False)
        .order_by()
        .values("asesor")
        .annotate(
            abiertas=Count("pk"),
            por_vencer=Count("pk", filter=corre & Q(vence_el__range=(hoy, hasta))),
            vencidas=Count("pk", filter=corre & Q(vence_el__lt=hoy)),
        )
    )
    desde = min(hoy - timedelta(days=DIAS_DE_TASA), hoy.replace(day=1))
    contestadas = ~Q(resultado=ResultadoDerivacion.ANULADA)
    aceptadas = Q(resultado=ResultadoDerivacion.ACEPTADA)
    recientes, del_mes = _desde(hoy - timedelta(days=DIAS_DE_TASA)), _desde(hoy.replace(day=1))
    cerradas = (
        Derivacion.objects.filter(_desde(desde), estado=EstadoDerivacion.CERRADA, asesor__isnull=False)
        .order_by()
        .values("asesor")
        .annotate(
            aceptadas_del_mes=Count("pk", filter=aceptadas & del_mes),
            aceptadas=Count("pk", filter=aceptadas & recientes),
            contestadas=Count("pk", filter=contestadas & recientes),
        )
    )
    de_cada_uno: dict[int, dict[str, int]] = {}
    filas: list[dict[str, Any]] = [*map(dict, abiertas), *map(dict, cerradas)]
    for fila in filas:
        de_cada_uno.setdefault(fila.pop("asesor"), {}).update(fila)
    ajustes = {uno.usuario_id: uno for uno in Asesor.objects.all()}
    cargas = [
        Carga(
            pk=uno.pk,
            nombre=nombre_de(uno),
            fila=ajustes[uno.pk].pk if uno.pk in ajustes else None,
            recibe=ajustes[uno.pk].recibe if uno.pk in ajustes else True,
            tope=ajustes[uno.pk].tope if uno.pk in ajustes else None,
            **de_cada_uno.get(uno.pk, {}),
        )
        for uno in asesores()
    ]
    return sorted(cargas, key=lambda una: (-una.abiertas, una.nombre))


def _desde(dia: date) -> Q:
    """Lo que se cerró ese día de Bogotá o después, dicho como instante para que sirva el índice."""
    return Q(cerrada_el__gte=timezone.make_aware(datetime.combine(dia, time.min)))
