"""Lo que se lee del catálogo cruzando modelos. Cada función es un número fijo de consultas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import Lead

from .models import PrecioServicio, Promocion, Servicio
from .models.promocion import PromocionQuerySet
from .models.servicio import ServicioQuerySet


def catalogo(hoy: date) -> ServicioQuerySet:
    """Los servicios con su tipo, su `precio_vigente` el día `hoy` y sus `contratos_activos`, en una consulta."""
    return Servicio.objects.select_related("tipo").con_precio(hoy).con_contratos()


def precios_de(servicio: Servicio) -> QuerySet[PrecioServicio]:
    """Los precios del servicio, del último al primero; `siguiente_desde` es el día en que rige el que lo reemplaza."""
    ventana = Window(Lead("vigente_desde"), partition_by=F("servicio"), order_by=F("vigente_desde").asc())
    return servicio.precios.annotate(siguiente_desde=ventana).order_by("-vigente_desde")


def promociones_para(servicio: Servicio, hoy: date) -> PromocionQuerySet:
    """Las promociones que el día `hoy` se pueden dar sobre el servicio: vigentes, con cupo, y suyas o de todo el
    catálogo. Un servicio retirado no tiene ninguna."""
    if servicio.estado != "activo":
        return Promocion.objects.none()
    propias = Promocion.objects.filter(servicios=servicio).values("pk")
    return Promocion.objects.vigentes(hoy).con_cupo().filter(Q(pk__in=propias) | Q(servicios__isnull=True))


@dataclass(frozen=True)
class Usos:
    """Quién usa un servicio."""

    contratos: int
    contratos_activos: int
    paquetes: tuple[str, ...]
    promociones: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.contratos or self.paquetes or self.promociones)


def usos_de(servicio: Servicio) -> Usos:
    """En cuántos contratos está un servicio y los códigos de los paquetes y promociones que lo llevan."""
    contratos = servicio.contratos  # type: ignore[attr-defined]
    return Usos(
        contratos=contratos.count(),
        contratos_activos=contratos.filter(estado="activo").count(),
        paquetes=tuple(servicio.paquetes.order_by("codigo").values_list("codigo", flat=True)),
        promociones=tuple(servicio.promociones.order_by("codigo").values_list("codigo", flat=True)),
    )
