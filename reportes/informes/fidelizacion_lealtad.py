"""Los clientes que más llevan, por cuánto llevan y si tienen bonificación."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Case, Model, Q, QuerySet, Value, When
from django.db.models.fields import IntegerField

from bonificaciones.consultas import clientes_de_mas_de
from bonificaciones.models import Bonificacion, EstadoBonificacion
from clientes.models import Cliente
from movistar_site.comun import valores
from movistar_site.comun.valores.fechas import MESES_POR_ANIO

from ..fidelizacion import clave_entera
from ..filtros import FiltrosConLugar, filtro_categoria, filtro_segmento
from ..marco import Agrupado, Columna, Derivada, Dimension, Grafico, Medida, Pedido, Renglon, registrar
from ..marco.columnas import porcentaje
from ..marco.registro import FIDELIZACION

ANIOS = (10, 15, 20, 25, 30)
"""Los años que se han pasado en cada franja: los de los programas con que nace el panel, y dos más."""


class PorAniosPasados(Dimension):
    """Una fila por franja de años pasados: quien hoy cumple diez justos entra mañana (dominio, sección 1)."""

    nombre = "anios"
    titulo = "Permanencia"
    rotulos = (Columna(nombre="anios", titulo="Permanencia"),)

    def __init__(self, hoy: date = date.min) -> None:
        self.hoy = hoy

    def para(self, pedido: Pedido) -> Dimension:
        return type(self)(pedido.hoy)

    def renglones(self, pedido: Pedido) -> Sequence[Renglon]:
        hasta = (*ANIOS[1:], None)
        return [
            Renglon(desde, {"anios": f"Más de {desde} años" if fin is None else f"Más de {desde} y hasta {fin} años"})
            for desde, fin in zip(ANIOS, hasta, strict=True)
        ]

    def expresion(self, modelo: type[Model]) -> Any:
        casos = [
            When(fecha_vinculacion__lte=ultima_de_mas_de(anios, self.hoy), then=Value(anios))
            for anios in reversed(ANIOS)
        ]
        return Case(*casos, default=Value(0), output_field=IntegerField())

    def de_texto(self, texto: str) -> int:
        if (anios := clave_entera(texto)) not in ANIOS:
            raise ValueError(f"«{texto}» no es una franja de este reporte.")
        return anios


def ultima_de_mas_de(anios: int, hoy: date) -> date:
    """La fecha de vinculación más tardía de quien el día `hoy` lleva más de esos años."""
    meses = anios * MESES_POR_ANIO
    return valores.limites_de_categoria(hoy, meses_regular=meses, meses_leal=meses).ultima_fecha_leal


# --- Las filas -------------------------------------------------------------------------------------------------------
def _leales(pedido: Pedido) -> QuerySet[Cliente]:
    """Los clientes activos de más de diez años."""
    return clientes_de_mas_de(ANIOS[0] * MESES_POR_ANIO, pedido.hoy)


def _con(bonificaciones: Any) -> Q:
    """Los que tienen alguna de esas.

    Como lista y no con EXISTS: SQLite buscaría las de cada cliente por el índice del estado, que son casi todas.
    """
    return Q(pk__in=bonificaciones.order_by().values("cliente"))


def _estan_en(estado: EstadoBonificacion) -> Q:
    return _con(Bonificacion.objects.filter(estado=estado))


def _la_disfrutan(pedido: Pedido) -> Q:
    return _con(Bonificacion.objects.using(pedido.base).en_curso(pedido.hoy))  # type: ignore[attr-defined]


TIENEN = _con(Bonificacion.objects.exclude(estado=EstadoBonificacion.ANULADA))


class FiltrosDeLealtad(FiltrosConLugar):
    """Dónde están y de qué segmento son."""

    categoria = filtro_categoria()
    segmento = filtro_segmento()


@registrar
class FidelizacionPorLealtad(Agrupado):
    """Los clientes de más de diez años y lo que se les ha dado."""

    clave = "fidelizacion-lealtad"
    titulo = "Clientes leales y su bonificación"
    pregunta = "De los clientes que más llevan, ¿cuántos tienen su bonificación y cuántos faltan?"
    grupo = FIDELIZACION
    icono = "loyalty"
    posicion = 30
    permisos = ("clientes.view_cliente", "bonificaciones.view_bonificacion")
    filtros = FiltrosDeLealtad
    dimensiones = (PorAniosPasados(),)
    cifras = (
        Medida(
            nombre="clientes",
            titulo="Clientes",
            definicion="Clientes activos que hoy llevan esos años, contados de aniversario en aniversario desde su"
            " vinculación. Quien hoy cumple diez justos entra mañana.",
            filas=_leales,
        ),
        Medida(
            nombre="con",
            titulo="Con bonificación",
            definicion="De los clientes, los que han recibido bonificaciones de un programa, sin contar las anuladas.",
            filas=_leales,
            cuando=TIENEN,
        ),
        Medida(
            nombre="sin",
            titulo="Sin bonificación",
            definicion="De los clientes, los que no han recibido ninguna.",
            filas=_leales,
            cuando=~TIENEN,
            mejor_menos=True,
        ),
        Derivada(
            nombre="cobertura",
            titulo="Cobertura",
            definicion="De cada cien, cuántos han recibido alguna bonificación.",
            de=lambda fila: porcentaje(fila["con"], fila["clientes"]),
            abre="con",
        ),
        Medida(
            nombre="esperan",
            titulo="Sin respuesta",
            definicion="Los que tienen una bonificación asignada que aún nadie ha cerrado.",
            filas=_leales,
            cuando=_estan_en(EstadoBonificacion.ASIGNADA),
        ),
        Medida(
            nombre="aceptaron",
            titulo="Aceptaron",
            definicion="Los que aceptaron alguna, la disfruten todavía o no.",
            filas=_leales,
            cuando=_estan_en(EstadoBonificacion.ACEPTADA),
        ),
        Medida(
            nombre="disfrutan",
            titulo="La disfrutan hoy",
            definicion="Los que aceptaron una que aún se les da: desde que aceptaron y por los meses que dura.",
            filas=_leales,
            cuando=_la_disfrutan,
        ),
    )
    grafico = Grafico("barras", ("con", "sin"), "anios", apiladas=True)
    nota = "Un cliente cuenta una sola vez en cada cifra, tenga las bonificaciones que tenga."
