"""Lo que se lee del catálogo cruzando modelos. Cada función es un número fijo de consultas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Model, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, Lead

from .models import AtributoTipo, PrecioServicio, Promocion, Servicio, TipoServicio
from .models.promocion import PromocionQuerySet
from .models.servicio import ServicioQuerySet


def catalogo(hoy: date) -> ServicioQuerySet:
    """Los servicios con su tipo, su `precio_vigente` el día `hoy` y sus `contratos_activos`, en una consulta."""
    return Servicio.objects.select_related("tipo").con_precio(hoy).con_contratos()


def tipos_con_totales() -> QuerySet[TipoServicio]:
    """Los tipos con sus `total_atributos` y `total_servicios`, en una consulta."""
    return TipoServicio.objects.annotate(total_atributos=_total(AtributoTipo), total_servicios=_total(Servicio))


def _total(modelo: type[Model]) -> Coalesce:
    filas = modelo._default_manager.filter(tipo=OuterRef("pk")).order_by().values("tipo")
    return Coalesce(Subquery(filas.annotate(n=Count("pk")).values("n")), 0)


def precios() -> QuerySet[PrecioServicio]:
    """Los precios, del último al primero; `siguiente_desde` es el día en que rige el que reemplaza a cada uno."""
    ventana = Window(Lead("vigente_desde"), partition_by=F("servicio"), order_by=F("vigente_desde").asc())
    return PrecioServicio.objects.annotate(siguiente_desde=ventana).order_by("-vigente_desde")


def precios_de(servicio: Servicio) -> QuerySet[PrecioServicio]:
    """Los precios de un servicio, como `precios`."""
    return precios().filter(servicio=servicio)


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
