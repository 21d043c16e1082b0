"""Quiénes premia un programa hoy, como condición de una consulta: la misma regla de `elegibles.buscar`, sin sus tablas.

La búsqueda con que se asigna arma tablas temporales, con la factura y el costo de cada uno; para contar y mostrar
quiénes faltan —un reporte, que mira varios programas a la vez y con filtros— basta la condición. Que dicen lo mismo lo
prueba `test_requisitos`. No mira el tope de costo: dice a quiénes se les asignaría si alcanzara.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Round
from django.db.models.lookups import GreaterThanOrEqual

from clientes.models import Cliente, Contrato, EstadoContrato
from movistar_site.comun import valores
from movistar_site.comun.parametros import parametros
from servicios.models import Periodicidad

from ..models import Bonificacion, Programa
from ..models.programa import Calculo
from .criterios import CENTAVOS, Criterios
from .elegibles import MITAD, PQR_ABIERTA, con_pqr_abierta, fallas, ultima_con
from .huecos import Desde

PERMANENCIA, ELEGIBLE = "permanencia", "elegible"


@dataclass(frozen=True)
class Requisitos:
    """Lo que piden hoy unos programas."""

    hoy: date
    criterios: tuple[Criterios, ...]
    reglas: Mapping[str, Any]

    @classmethod
    def de(cls, programas: Collection[Programa], *, hoy: date) -> Requisitos:
        """Los de esos programas, ya guardados. Con sus tipos y municipios prefetched no hace más consultas."""
        return cls(hoy, tuple(Criterios.de(uno) for uno in programas), parametros(hoy))

    @property
    def reinicia(self) -> bool:
        """Si la permanencia no se lee solo de la fecha de vinculación."""
        return bool(self.reglas["hueco_permanencia"])

    def con_permanencia(self, clientes: QuerySet[Cliente]) -> QuerySet[Cliente]:
        """De esos, los activos que cumplen la permanencia de algún programa, y en `permanencia_7` si la del séptimo."""
        return self._de_alguno(clientes, PERMANENCIA, self._permanencia)

    def elegibles(self, clientes: QuerySet[Cliente]) -> QuerySet[Cliente]:
        """De esos, los activos que algún programa premiaría hoy, y en `elegible_7` si el séptimo."""
        # Lo que todos piden se mira una vez, y no en la marca de cada programa.
        return self._de_alguno(clientes.filter(Q(~con_pqr_abierta())), ELEGIBLE, self._elegible)

    def _de_alguno(self, clientes: QuerySet[Cliente], nombre: str, condicion: Any) -> QuerySet[Cliente]:
        if not self.criterios:
            return clientes.none()
        clientes = self._con_hechos(clientes)
        alguno = Q()
        for uno in self.criterios:
            marca = ExpressionWrapper(condicion(uno), output_field=BooleanField())
            clientes = clientes.alias(**{de_programa(nombre, uno.programa_id): marca})
            alguno |= Q(**{de_programa(nombre, uno.programa_id): True})
        return clientes.filter(alguno)

    # --- Los hechos de cada cliente ----------------------------------------------------------------------------------
    def _con_hechos(self, clientes: QuerySet[Cliente]) -> QuerySet[Cliente]:
        """`desde` cuándo cuenta cada uno y, si algún programa los mira, su categoría y los años que cumplió."""
        ultima = max(uno.ultima_vinculacion(self.hoy) for uno in self.criterios)
        clientes = clientes.filter(estado="activo", fecha_vinculacion__lte=ultima).alias(desde=self._desde())
        if any(uno.categorias for uno in self.criterios):
            clientes = clientes.con_categoria(self.hoy, self.reglas)  # type: ignore[attr-defined]
        if any(uno.anual or uno.escalones for uno in self.criterios):
            clientes = clientes.alias(anios=self._anios())
        return clientes

    def _desde(self) -> Any:
        """La vinculación o, si un hueco largo la reinició, el contrato que lo cerró."""
        if not self.reinicia:
            return F("fecha_vinculacion")
        return Desde(hoy=self.hoy, hueco=int(self.reglas["hueco_permanencia"]))

    def _anios(self) -> Any:
        primera = Cliente.objects.aggregate(primera=Min("fecha_vinculacion"))["primera"] or self.hoy
        mas = valores.anios_cumplidos(primera, self.hoy)
        casos = [When(desde__gt=ultima_con(anios + 1, self.hoy), then=Value(anios)) for anios in range(mas)]
        return Case(*casos, default=Value(mas), output_field=IntegerField())

    # --- Las condiciones ---------------------------------------------------------------------------------------------
    def _permanencia(self, uno: Criterios) -> Q:
        condicion = Q(desde__lte=uno.ultima_vinculacion(self.hoy))
        if (despues := uno.despues_de(self.hoy)) is not None:
            condicion &= Q(desde__gt=despues)
        return condicion

    def _elegible(self, uno: Criterios) -> Q:
        """Que cumpla la permanencia, no la tenga ya, ninguna condición le falle y lo que se le daría no sea cero."""
        suyas = Bonificacion.objects.filter(cliente=OuterRef("pk"), programa=uno.programa_id).order_by()
        if uno.anual:
            suyas = suyas.filter(hito=OuterRef("anios"))
        condicion = self._permanencia(uno) & Q(~Exists(suyas))
        for numero, falla in fallas(uno, self.hoy, None):
            if numero != PQR_ABIERTA:
                condicion &= Q(~falla)
        return condicion & self._recibe_algo(uno)

    def _recibe_algo(self, uno: Criterios) -> Q:
        if uno.calculo == Calculo.ESCALONES:
            alguno = Q(pk__in=())
            for n, escalon in enumerate(uno.escalones):
                if escalon.cantidad > 0:
                    hasta = uno.escalones[n + 1].anios if n + 1 < len(uno.escalones) else None
                    alguno |= Q(anios__gte=escalon.anios, **({} if hasta is None else {"anios__lt": hasta}))
            return alguno
        if uno.cantidad <= 0:
            return Q(pk__in=())
        if uno.calculo != Calculo.FACTURA:
            return Q()
        # Al menos medio centavo, que se redondea a uno: la cuenta de la búsqueda, despejada.
        return Q(GreaterThanOrEqual(_factura(), Value(-(-MITAD // uno.cantidad))))


def de_programa(nombre: str, programa: int | None) -> str:
    """El nombre de la marca de un programa en una consulta de `Requisitos`."""
    return f"{nombre}_{programa}"


def _factura() -> Any:
    """Los centavos que el cliente firmó en sus contratos activos que se cobran cada mes."""
    suyos = Contrato.objects.filter(
        cliente=OuterRef("pk"), estado=EstadoContrato.ACTIVO, periodicidad=Periodicidad.MENSUAL
    )
    suma = suyos.order_by().values("cliente").annotate(suma=Sum(Cast(Round(F("precio") * CENTAVOS), BigIntegerField())))
    return Coalesce(Subquery(suma.values("suma")), Value(0), output_field=BigIntegerField())
