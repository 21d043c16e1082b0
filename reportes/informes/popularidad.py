"""Cuáles son los servicios más populares."""

from __future__ import annotations

from .. import por_servicio
from ..filtros import (
    FiltrosConLugar,
    filtro_categoria,
    filtro_modalidad,
    filtro_red,
    filtro_segmento,
    filtro_servicio,
    filtro_tipo,
)
from ..marco import Agrupado, Clase, Derivada, Grafico, Medida, registrar
from ..marco.columnas import porcentaje
from ..marco.periodos import MES
from ..marco.registro import SERVICIOS
from ..por_servicio import PorServicio


class FiltrosDePopularidad(FiltrosConLugar):
    """Por catálogo y por cliente."""

    servicio = filtro_servicio()
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
    a_la_fecha = True
    comparable = True
    nota = (
        "Con otro día se cuenta como estaba todo ese día: cada contrato con el plan que tenía entonces, y el período"
        " que terminaba ahí. Al comparar, los contratos activos, la participación y los clientes son los del mismo día"
        " del mes anterior; las altas y las bajas, las del período anterior."
    )
    dimensiones = (PorServicio(),)
    cifras = (
        Medida(
            nombre="activos",
            titulo="Contratos activos",
            definicion=(
                "Contratos que ese día prestaban el servicio: empezados, sin terminar y sin una suspensión anotada."
                " Los pendientes no cuentan."
            ),
            filas=por_servicio.activos,
            resumen=por_servicio.activos_llevados,
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
            nombre="clientes",
            titulo="Clientes",
            definicion=(
                "Clientes con algún contrato activo del servicio, contados una vez. El total es menos que la suma:"
                " quien tiene varios servicios también cuenta una vez."
            ),
            filas=por_servicio.activos,
            distintos="cliente",
            resumen=por_servicio.clientes_llevados,
        ),
        Medida(
            nombre="altas",
            titulo="Altas",
            definicion="Contratos que empezaron en el período, sigan o no, con el servicio que tienen ese día.",
            filas=por_servicio.altas,
            resumen=por_servicio.altas_llevadas,
        ),
        Medida(
            nombre="bajas",
            titulo="Bajas",
            definicion="Contratos que terminaron en el período, por cualquier motivo, también por cesión.",
            filas=por_servicio.bajas,
            resumen=por_servicio.bajas_llevadas,
            mejor_menos=True,
        ),
        Derivada(
            nombre="neto",
            titulo="Crecimiento",
            clase=Clase.ENTERO,
            definicion=(
                "Altas menos bajas del período. Los cambios de plan no suman ni restan aquí: mueven los contratos"
                " activos de un servicio a otro. Al abrirlo se ven las altas."
            ),
            de=lambda fila: fila["altas"] - fila["bajas"],
            abre="altas",
        ),
    )
    orden = "-activos"
    grafico = Grafico("barras", ("activos",), "servicio")
