"""Qué servicios se ofrecen: cuántos de cada tipo y en qué estado, y entre qué precios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import Case, CharField, Count, Max, Min, Q, Sum, Value, When

from servicios.models import EstadoServicio, Modalidad, Red, Servicio, TipoServicio
from servicios.models.servicio import ServicioQuerySet

from ..filtros import filtro_modalidad, filtro_red, filtro_tipo
from ..marco import (
    TOTAL,
    Agrupado,
    Calculada,
    Clase,
    Dimension,
    FiltrosDeReporte,
    Grafico,
    Medida,
    Pedido,
    PorCampo,
    registrar,
)
from ..marco.registro import SERVICIOS

CORTES = (20_000, 40_000, 60_000, 80_000, 100_000, 150_000)
"""Donde empieza cada rango de precio, en pesos."""
ESTADOS = ((EstadoServicio.ACTIVO.value, "A la venta"), (EstadoServicio.RETIRADO.value, "Retirado"))
A_LA_VENTA = Q(estado_el=EstadoServicio.ACTIVO)
SIN_PRECIO = Q(precio_vigente__isnull=True)


class FiltrosDeOfrecidos(FiltrosDeReporte):
    """Por lo que dice el catálogo."""

    tipo = filtro_tipo()
    red = filtro_red()
    modalidad = filtro_modalidad()


def catalogo(pedido: Pedido) -> ServicioQuerySet:
    """El catálogo como estaba el día del pedido: cada servicio con su estado, su precio y su rango de entonces."""
    servicios = Servicio.objects.all() if pedido.es_hoy else Servicio.objects.en_catalogo_el(pedido.al)
    fechados: ServicioQuerySet = servicios.con_estado_el(pedido.al).con_precio(pedido.al)
    return fechados.annotate(rango=_rango())


# --- Por qué se agrupa -----------------------------------------------------------------------------------------------
def _rango() -> Case:
    """El rango de un precio: su número de orden, como texto; nulo, si no hay precio."""
    hasta = [When(precio_vigente__lt=corte, then=Value(str(n))) for n, corte in enumerate(CORTES)]
    sin = When(precio_vigente__isnull=True, then=Value(None))
    return Case(sin, *hasta, default=Value(str(len(CORTES))), output_field=CharField())


def _rangos(_pedido: Pedido) -> list[tuple[str, str]]:
    pesos = [f"$\u00a0{corte // 1_000}\u00a0mil" for corte in CORTES]
    nombres = [
        f"Menos de {pesos[0]}",
        *(f"{desde} a {hasta}" for desde, hasta in pairwise(pesos)),
        f"{pesos[-1]} o más",
    ]
    return [(str(n), nombre) for n, nombre in enumerate(nombres)]


def _tipos(pedido: Pedido) -> list[tuple[int, str]]:
    return list(TipoServicio.objects.using(pedido.base).values_list("pk", "nombre"))


def _por(nombre: str, titulo: str, columna: str, opciones: Any, **mas: Any) -> PorCampo:
    return PorCampo(nombre=nombre, titulo=titulo, campos={"servicios.servicio": columna}, opciones=opciones, **mas)


DIMENSIONES = (
    _por("tipo", "Tipo de servicio", "tipo_id", _tipos, numerica=True),
    _por("estado", "Estado", "estado_el", lambda _pedido: ESTADOS),
    _por("rango", "Rango de precio", "rango", _rangos, sin="Sin precio"),
    _por("red", "Red", "tipo__red", lambda _pedido: Red.choices),
    _por("modalidad", "Modalidad", "tipo__modalidad", lambda _pedido: Modalidad.choices),
)


# --- Los precios -----------------------------------------------------------------------------------------------------
def _precio(cual: str) -> Any:
    return lambda pedido, dimension: {
        clave: precios[cual] for clave, precios in pedido.recordar(_precios, dimension).items()
    }


def _precios(pedido: Pedido, dimension: Dimension) -> Mapping[Any, Mapping[str, Decimal]]:
    """Clave → el menor, el mayor y el promedio de los precios de lo que está a la venta, por una dimensión."""
    con_precio = pedido.aplicar(catalogo(pedido)).filter(A_LA_VENTA & ~SIN_PRECIO)
    sumas = {
        "menor": Min("precio_vigente"), "mayor": Max("precio_vigente"),
        "suma": Sum("precio_vigente"), "n": Count("*"),
    }  # fmt: skip
    grupos = list(dimension.agrupada(con_precio).annotate(**sumas).order_by())
    por_clave = {grupo["_clave"]: _resumidos([grupo]) for grupo in grupos}
    return {**por_clave, TOTAL: _resumidos(grupos)} if grupos else {}


def _resumidos(grupos: Sequence[Mapping[str, Any]]) -> dict[str, Decimal]:
    return {
        "menor": min(grupo["menor"] for grupo in grupos),
        "mayor": max(grupo["mayor"] for grupo in grupos),
        "promedio": round(Decimal(sum(grupo["suma"] for grupo in grupos)) / sum(grupo["n"] for grupo in grupos)),
    }


@registrar
class ServiciosOfrecidos(Agrupado):
    """El catálogo, contado."""

    clave = "servicios-ofrecidos"
    titulo = "Servicios ofrecidos"
    pregunta = "¿Cuántos servicios se ofrecen, de qué tipo y entre qué precios?"
    grupo = SERVICIOS
    icono = "inventory_2"
    posicion = 10
    permisos = ("servicios.view_servicio",)
    filtros = FiltrosDeOfrecidos
    a_la_fecha = True
    comparable = True
    calla_ceros = True
    nota = (
        "Los precios son los de lista del día, por lo que se cobra cada vez: al mes en los planes, por recarga en los"
        " paquetes. Un rango de precio no incluye su último valor. Al comparar, lo de antes es el mismo día del mes"
        " anterior."
    )
    dimensiones = DIMENSIONES
    cifras = (
        Medida(
            nombre="servicios",
            titulo="Servicios",
            definicion="Servicios que ese día estaban en el catálogo, a la venta o retirados.",
            filas=catalogo,
        ),
        Medida(
            nombre="a_la_venta",
            titulo="A la venta",
            definicion="Los que ese día se podían contratar.",
            filas=catalogo,
            cuando=A_LA_VENTA,
        ),
        Medida(
            nombre="retirados",
            titulo="Retirados",
            definicion="Los que ya no se venden; quien los tiene los conserva.",
            filas=catalogo,
            cuando=~A_LA_VENTA,
            mejor_menos=True,
        ),
        Calculada(
            nombre="menor",
            titulo="Precio menor",
            clase=Clase.PESOS,
            definicion="El menor precio que regía ese día entre los que están a la venta.",
            valores=_precio("menor"),
            abre="a_la_venta",
        ),
        Calculada(
            nombre="mayor",
            titulo="Precio mayor",
            clase=Clase.PESOS,
            definicion="El mayor precio que regía ese día entre los que están a la venta.",
            valores=_precio("mayor"),
            abre="a_la_venta",
        ),
        Calculada(
            nombre="promedio",
            titulo="Precio promedio",
            clase=Clase.PESOS,
            definicion="El promedio, al peso, de los precios que regían ese día entre los que están a la venta.",
            valores=_precio("promedio"),
            abre="a_la_venta",
        ),
        Medida(
            nombre="sin_precio",
            titulo="Sin precio",
            definicion="Los que están a la venta y ese día no tenían un precio que rigiera: no se pueden contratar.",
            filas=catalogo,
            cuando=A_LA_VENTA & SIN_PRECIO,
            mejor_menos=True,
        ),
    )
    grafico = {
        dimension.nombre: Grafico(
            "barras", ("a_la_venta", "retirados"), dimension.nombre, apiladas=True, en_orden=dimension.nombre == "rango"
        )
        for dimension in DIMENSIONES
    }
