"""Cuánto se usa cada promoción."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Model, QuerySet
from django.urls import reverse

from clientes.models import Contrato
from servicios.models import Promocion

from ..fidelizacion import clave_entera
from ..filtros import (
    FiltrosConLugar,
    desde_sus_contratos,
    filtro_categoria,
    filtro_segmento,
    filtro_servicio,
    filtro_tipo,
)
from ..marco import Agrupado, Clase, Columna, Derivada, Dimension, Grafico, Medida, Pedido, Renglon, registrar
from ..marco.columnas import porcentaje
from ..marco.filtros import VariosDe
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
        usadas = _usadas(pedido)
        return [
            Renglon(
                una.pk,
                {
                    "promocion": una.nombre,
                    "da": una.en_palabras(),
                    "vigencia": una.vigencia(pedido.hoy).label,
                    "_queda": None if una.cupo is None else max(una.cupo - usadas.get(una.pk, 0), 0),
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
    todas = Promocion.objects.using(pedido.base)
    if (puestas := pedido.valor("promocion")) is not None:
        todas = todas.filter(pk__in=[una.pk for una in puestas])
    return todas


def _usadas(pedido: Pedido) -> dict[int, int]:
    """De las que tienen cupo, a cuántos contratos se han dado: es contra lo que el cupo se mide, sin filtros."""
    con_cupo = Promocion.objects.using(pedido.base).filter(cupo__isnull=False).order_by().values("pk")
    dadas = Contrato.objects.using(pedido.base).filter(promocion__in=con_cupo).order_by()
    return dict(dadas.values_list("promocion").annotate(Count("pk")))


# --- Las filas -------------------------------------------------------------------------------------------------------
def _dadas(pedido: Pedido) -> QuerySet[Contrato]:
    """Los contratos que empezaron con una promoción hasta el día que se mira."""
    return Contrato.objects.filter(promocion__isnull=False, fecha_inicio__lte=max(pedido.al, pedido.periodo.hasta))


def _firmados(pedido: Pedido) -> QuerySet[Contrato]:
    dias = (pedido.periodo.desde, pedido.periodo.hasta)
    return Contrato.objects.filter(promocion__isnull=False, fecha_inicio__range=dias)


def _activos(pedido: Pedido) -> QuerySet[Contrato]:
    con_ella = Contrato.objects.filter(promocion__isnull=False)
    return con_ella.activos() if pedido.es_hoy else con_ella.prestados_el(pedido.al)


class FiltrosDePromociones(FiltrosConLugar):
    """Cuáles, sobre qué servicios y de qué clientes."""

    promocion = VariosDe(
        label="Promoción", queryset=Promocion.objects.order_by("nombre"), caminos={CONTRATO: "promocion"}
    )
    servicio = filtro_servicio()
    tipo = filtro_tipo()
    categoria = desde_sus_contratos(filtro_categoria())
    segmento = desde_sus_contratos(filtro_segmento())


@registrar
class Promociones(Agrupado):
    """Las promociones, de la que más contratos trajo en el período a la que menos."""

    clave = "promociones"
    titulo = "Uso de las promociones"
    pregunta = "¿Cuántos contratos se firmaron con cada promoción, y cuánto cupo queda?"
    grupo = FIDELIZACION
    icono = "local_offer"
    posicion = 50
    permisos = ("servicios.view_promocion", "clientes.view_contrato")
    filtros = FiltrosDePromociones
    con_periodo = DOCE_MESES
    comparable = True
    dimensiones = (PorPromocion(),)
    cifras = (
        Medida(
            nombre="firmados",
            titulo="Firmados en el período",
            definicion="Contratos con la promoción que empezaron en el período, sigan o no.",
            filas=_firmados,
        ),
        Medida(
            nombre="clientes",
            titulo="Clientes",
            definicion="Clientes que los firmaron, contados una vez.",
            filas=_firmados,
            distintos="cliente",
        ),
        Derivada(
            nombre="participacion",
            titulo="Participación",
            definicion="Qué parte de los contratos con promoción firmados en el período son de la fila.",
            de=lambda fila, total: porcentaje(fila["firmados"], total["firmados"]),
            sobre_total=True,
            abre="firmados",
            ancha=True,
        ),
        Medida(
            nombre="activos",
            titulo="Activos hoy",
            definicion="Contratos con la promoción que hoy prestan el servicio, de cualquier fecha; aunque el beneficio"
            " ya se haya acabado.",
            filas=_activos,
        ),
        Medida(
            nombre="usadas",
            titulo="Veces dada",
            definicion="Contratos a los que se les ha dado desde siempre, terminados también.",
            filas=_dadas,
        ),
        Derivada(
            nombre="queda",
            titulo="Queda del cupo",
            clase=Clase.ENTERO,
            definicion="Cuántas veces más se puede dar: el cupo menos las veces que se ha dado a cualquier cliente, sin"
            " mirar los filtros. Con una raya, no tiene límite.",
            de=lambda fila: fila.get("_queda"),
            abre="usadas",
        ),
    )
    orden = "-firmados"
    grafico = Grafico("barras", ("firmados",), "promocion")
    nota = (
        "Lo de hoy no depende del período. Comparado con el anterior, los activos son los que prestaban el servicio un"
        " mes antes y el cupo es el de ahora."
    )
