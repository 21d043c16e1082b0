"""Cuáles son los servicios más populares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse

from clientes.models import Contrato, EstadoContrato
from servicios.models import Servicio

from ..filtros import FiltrosConLugar, filtro_categoria, filtro_modalidad, filtro_red, filtro_segmento, filtro_tipo
from ..marco import TOTAL, Agrupado, Clase, Columna, Derivada, Dimension, Grafico, Medida, Pedido, Renglon, registrar
from ..marco.columnas import porcentaje
from ..marco.periodos import MES
from ..marco.registro import SERVICIOS
from ..models import AltasPorDia, ContratosPorServicio

DEL_CATALOGO = ("tipo", "red", "modalidad")
"""Los filtros que una cuenta por servicio puede responder: dependen solo del servicio."""


class PorServicio(Dimension):
    """Una fila por servicio del catálogo, también los retirados que alguien tiene."""

    nombre = "servicio"
    titulo = "Servicio"
    rotulos = (Columna(nombre="servicio", titulo="Servicio"), Columna(nombre="tipo", titulo="Tipo", ancha=True))

    def renglones(self, pedido: Pedido) -> list[Renglon]:
        catalogo = _del_catalogo(pedido).select_related("tipo").order_by("nombre", "pk")
        return [
            Renglon(
                uno.pk,
                {"servicio": uno.nombre, "tipo": uno.tipo.nombre},
                reverse("admin:servicios_servicio_change", args=(uno.pk,)),
            )
            for uno in catalogo
        ]

    def expresion(self, modelo: type[Any]) -> str:
        return {"clientes.contrato": "servicio_id", "servicios.servicio": "pk"}[modelo._meta.label_lower]

    def de_texto(self, texto: str) -> int:
        if not (texto.isascii() and texto.isdigit() and len(texto) <= 18):  # noqa: PLR2004 - lo que cabe en la base
            raise ValueError(f"«{texto}» no es un servicio.")
        return int(texto)


def _del_catalogo(pedido: Pedido) -> QuerySet[Servicio]:
    """Los servicios que cumplen los filtros de catálogo."""
    consulta = Servicio.objects.using(pedido.base)
    for nombre in DEL_CATALOGO:
        if (valor := pedido.valor(nombre)) is not None:
            consulta = pedido.conjunto.filters[nombre].sobre(consulta, valor)
    return consulta


def _activos(pedido: Pedido) -> QuerySet[Contrato]:
    return Contrato.objects.filter(estado=EstadoContrato.ACTIVO)


def _altas(pedido: Pedido) -> QuerySet[Contrato]:
    return Contrato.objects.filter(fecha_inicio__range=(pedido.periodo.desde, pedido.periodo.hasta))


def sumadas(pedido: Pedido, cuentas: QuerySet[Any], columna: str = "n") -> Mapping[Any, int] | None:
    """Lo que suma una cuenta llevada por servicio, y el total; None si hay filtros que ella no sabe responder."""
    if not pedido.solo(*DEL_CATALOGO):
        return None
    if pedido.conjunto.valores:
        cuentas = cuentas.filter(servicio_id__in=_del_catalogo(pedido).order_by().values("pk"))
    filas = cuentas.using(pedido.base).order_by().values_list("servicio_id").annotate(suma=Sum(columna))
    por_servicio = {servicio: suma for servicio, suma in filas if suma}
    return {**por_servicio, TOTAL: sum(por_servicio.values())}


def _activos_llevados(pedido: Pedido, _dimension: Dimension) -> Mapping[Any, int] | None:
    return sumadas(pedido, ContratosPorServicio.objects.filter(estado=EstadoContrato.ACTIVO))


def _altas_llevadas(pedido: Pedido, _dimension: Dimension) -> Mapping[Any, int] | None:
    dias = (pedido.periodo.desde, pedido.periodo.hasta)
    return sumadas(pedido, AltasPorDia.objects.filter(dia__range=dias))


class FiltrosDePopularidad(FiltrosConLugar):
    """Por catálogo y por cliente."""

    tipo = filtro_tipo()
    red = filtro_red()
    modalidad = filtro_modalidad()
    categoria = filtro_categoria()
    segmento = filtro_segmento()


@registrar
class Popularidad(Agrupado):
    """Los servicios, del que más contratos activos tiene al que menos."""

    clave = "popularidad"
    titulo = "Servicios más populares"
    pregunta = "¿Qué servicios tienen más contratos, y cuáles crecen?"
    grupo = SERVICIOS
    icono = "trending_up"
    posicion = 20
    permisos = ("servicios.view_servicio", "clientes.view_contrato")
    filtros = FiltrosDePopularidad
    con_periodo = MES
    comparable = True
    dimensiones = (PorServicio(),)
    cifras = (
        Medida(
            nombre="activos",
            titulo="Contratos activos",
            definicion="Contratos que hoy prestan el servicio; los suspendidos y los pendientes no cuentan.",
            filas=_activos,
            resumen=_activos_llevados,
        ),
        Derivada(
            nombre="participacion",
            titulo="Participación",
            definicion="Qué parte de los contratos activos del reporte son de este servicio.",
            de=lambda fila, total: porcentaje(fila["activos"], total["activos"]),
            sobre_total=True,
            abre="activos",
        ),
        Medida(
            nombre="altas",
            titulo="Altas del período",
            definicion="Contratos que empezaron en el período, sigan o no.",
            filas=_altas,
            resumen=_altas_llevadas,
        ),
        Medida(
            nombre="clientes",
            titulo="Clientes",
            clase=Clase.ENTERO,
            definicion="Clientes con algún contrato activo del servicio, contados una vez.",
            filas=_activos,
            distintos="cliente",
        ),
    )
    orden = "-activos"
    grafico = Grafico("barras", ("activos",), "servicio")
