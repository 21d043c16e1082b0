"""Cuánto se usa cada promoción."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.urls import reverse

from clientes.models import Contrato, EstadoContrato
from servicios.models import BeneficioPromocion, Promocion, VigenciaPromocion

from ..fidelizacion import clave_entera
from ..filtros import FiltrosConLugar, filtro_categoria, filtro_segmento, filtro_servicio, filtro_tipo
from ..marco import Agrupado, Clase, Columna, Derivada, Dimension, Grafico, Medida, Pedido, Renglon, registrar
from ..marco.columnas import porcentaje
from ..marco.filtros import UnaOpcion, VariosDe
from ..marco.periodos import DOCE_MESES
from ..marco.registro import FIDELIZACION

CONTRATO = "clientes.contrato"


class PorPromocion(Dimension):
    """Una fila por promoción: lo que da, si rige hoy y su cupo."""

    nombre = "promocion"
    titulo = "Promoción"
    rotulos = (
        Columna(nombre="promocion", titulo="Promoción"),
        Columna(nombre="da", titulo="Lo que da", ancha=True),
        Columna(nombre="vigencia", titulo="Hoy", definicion="Si la promoción rige hoy."),
    )

    def renglones(self, pedido: Pedido) -> Sequence[Renglon]:
        return [
            Renglon(
                una.pk,
                {
                    "promocion": una.nombre,
                    "da": una.en_palabras(),
                    "vigencia": una.vigencia(pedido.hoy).label,
                    "_cupo": una.cupo,
                },
                reverse("admin:servicios_promocion_change", args=(una.pk,)),
            )
            for una in _elegidas(pedido).order_by("-vigente_desde", "codigo")
        ]

    def expresion(self, modelo: type[Model]) -> str:
        return "promocion_id"

    def de_texto(self, texto: str) -> int:
        return clave_entera(texto)


def _elegidas(pedido: Pedido) -> QuerySet[Promocion]:
    todas: Any = Promocion.objects.using(pedido.base)
    if (puestas := pedido.valor("promocion")) is not None:
        todas = todas.filter(pk__in=[una.pk for una in puestas])
    if beneficio := pedido.valor("beneficio"):
        todas = todas.filter(beneficio=beneficio)
    if vigencia := pedido.valor("vigencia"):
        todas = todas.en_vigencia(vigencia, pedido.hoy)
    return todas  # type: ignore[no-any-return]


# --- Las filas -------------------------------------------------------------------------------------------------------
def _dadas(_pedido: Pedido) -> QuerySet[Contrato]:
    return Contrato.objects.filter(promocion__isnull=False)


def _del_periodo(pedido: Pedido) -> Q:
    return Q(fecha_inicio__range=(pedido.periodo.desde, pedido.periodo.hasta))


def _queda(fila: Mapping[str, Any]) -> int | None:
    """Lo que queda del cupo; ninguno si no tiene límite."""
    cupo = fila.get("_cupo")
    return None if cupo is None else max(cupo - fila["usadas"], 0)


class FiltrosDePromociones(FiltrosConLugar):
    """Cuáles, sobre qué servicios y de qué clientes."""

    promocion = VariosDe(
        label="Promoción", queryset=Promocion.objects.order_by("nombre"), caminos={CONTRATO: "promocion"}
    )
    servicio = filtro_servicio()
    tipo = filtro_tipo()
    categoria = filtro_categoria()
    segmento = filtro_segmento()
