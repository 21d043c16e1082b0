"""Los filtros que lleva un envío: el período va por su nombre («el mes pasado»), y cada entrega mira sus días."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.core.exceptions import ValidationError
from django.http import QueryDict

from movistar_site.comun import vistas_guardadas

from ..marco import Pedido, Reporte, periodos

DIAS_FIJOS = ("al", "desde", "hasta")
"""Lo que ataría el envío a unos días: cada entrega mira los suyos."""
PERIODOS = [(clave, nombre) for clave, nombre in periodos.OPCIONES if clave != periodos.A_MEDIDA]
ORDEN = "orden"


class FiltroPerdido(ValidationError):
    """Un filtro guardado ya no se entiende: sin él, el reporte diría otra cosa."""


def limpiar(reporte: Reporte, parametros: QueryDict | str, *, hoy: date, periodo: str = "") -> str:
    """Los filtros de la página de un reporte como se guardan en un envío. `periodo`: el que se eligió aparte.

    Lanza ValidationError si son demasiados o si alguno no se entiende.
    """
    entiende = {*reporte.pedir({}, hoy=hoy).conjunto.filters, ORDEN} - {*DIAS_FIJOS}
    limpios = QueryDict(vistas_guardadas.limpiar(parametros, entiende), mutable=True)
    if reporte.con_periodo:
        elegido = periodo or limpios.get("periodo", "")
        limpios["periodo"] = elegido if elegido in dict(PERIODOS) else reporte.con_periodo
    # De nuevo, para que quede siempre en el mismo orden.
    texto = vistas_guardadas.limpiar(limpios, entiende)
    pedir(reporte, texto, dia=hoy, hoy=hoy)
    return texto


def pedir(reporte: Reporte, parametros: str, *, dia: date, hoy: date) -> Pedido:
    """Lo que una entrega pide: los períodos se cuentan desde `dia`, cuando le tocaba, aunque salga después.

    Lanza FiltroPerdido si el reporte ya no tiene un filtro guardado o no entiende su valor (un segmento que se borró):
    sin él se enviaría más de lo que se programó.
    """
    puestos = QueryDict(parametros)
    pedido = reporte.pedir(puestos, hoy=dia)
    conjunto = pedido.conjunto
    for nombre in puestos:
        if nombre not in conjunto.filters and nombre != ORDEN:
            raise FiltroPerdido(f"El reporte ya no tiene el filtro «{nombre}».")
    for nombre, frases in conjunto.form.errors.items():
        etiqueta = conjunto.filters[nombre].label if nombre in conjunto.filters else nombre
        raise FiltroPerdido(f"El filtro «{etiqueta}» ya no vale: {frases[0]}")
    # Lo que hoy es «ahora» ya no es lo de ese día: si el reporte sabe decir cómo estaba, que lo diga.
    return replace(pedido, hoy=hoy) if reporte.a_la_fecha and dia != hoy else pedido


def orden_de(parametros: str) -> str:
    """La columna por la que se ordena, si se guardó."""
    return QueryDict(parametros).get(ORDEN, "")


def fijos(reporte: Reporte, pedido: Pedido, parametros: str) -> dict[str, list[str]]:
    """Los mismos filtros con los días que se miraron escritos: el enlace de un correo dice siempre lo mismo."""
    puestos = dict(QueryDict(parametros).lists())
    if reporte.con_periodo and pedido.periodo.clave != periodos.TODO:
        dias = {"desde": [pedido.periodo.desde.isoformat()], "hasta": [pedido.periodo.hasta.isoformat()]}
        puestos |= {"periodo": [periodos.A_MEDIDA], **dias}
    if reporte.a_la_fecha:
        puestos["al"] = [pedido.al.isoformat()]
    return puestos
