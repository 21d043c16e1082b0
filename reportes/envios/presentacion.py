"""Cómo se dice un envío y cada una de sus entregas en las páginas."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from movistar_site.comun.models import nombre_de
from movistar_site.comun.presentacion import peso

from ..marco import REPORTES, Reporte
from ..marco.palabras import filtros_en_palabras
from ..marco.periodos import OPCIONES
from ..models import EntregaEnvio, Envio, EstadoEntrega, EstadoEnvio
from . import filtros

SELLOS_DE_ENVIO = {EstadoEnvio.ACTIVO: "bien", EstadoEnvio.PAUSADO: "ojo", EstadoEnvio.DETENIDO: "mal"}
SELLOS_DE_ENTREGA = {
    EstadoEntrega.PENDIENTE: "nota",
    EstadoEntrega.EN_CURSO: "nota",
    EstadoEntrega.ENVIADA: "bien",
    EstadoEntrega.FALLIDA: "mal",
    EstadoEntrega.OMITIDA: "ojo",
}
POR_REINTENTAR = "Se reintentará"


def de_un_envio_en_la_lista(envio: Envio, ultima: EntregaEnvio | None) -> dict[str, Any]:
    """Lo que la lista muestra de un envío."""
    reporte = REPORTES.get(envio.reporte)
    return {
        "envio": envio,
        "reporte": reporte.titulo if reporte is not None else envio.reporte,
        "cuando": str(envio.cadencia),
        "de": nombre_de(envio.usuario),
        "sello": SELLOS_DE_ENVIO[EstadoEnvio(envio.estado)],
        "ultima": de_una_entrega(ultima) if ultima is not None else None,
    }


def de_una_entrega(entrega: EntregaEnvio) -> dict[str, Any]:
    """Lo que se muestra de una entrega."""
    estado = EstadoEntrega(entrega.estado)
    espera = estado is EstadoEntrega.PENDIENTE and entrega.intentos > 0
    return {
        "entrega": entrega,
        "estado": POR_REINTENTAR if espera else estado.label,
        "sello": "ojo" if espera else SELLOS_DE_ENTREGA[estado],
        "peso": peso(entrega.bytes) if entrega.bytes else "",
        "reintento": entrega.intentar_el if espera else None,
    }


def dichos_de(
    reporte: Reporte, parametros: str, *, hoy: date, sin_periodo: bool = False
) -> list[tuple[str, str]] | None:
    """Los filtros de un envío en palabras; el período por su nombre, que cada entrega cuenta de nuevo.

    None si alguno ya no vale.
    """
    try:
        pedido = filtros.pedir(reporte, parametros, dia=hoy, hoy=hoy)
    except ValidationError:
        return None
    dichos = [par for par in filtros_en_palabras(reporte, pedido) if par[0] not in ("Período", "A la fecha")]
    if reporte.con_periodo and not sin_periodo:
        dichos.insert(0, ("Período", dict(OPCIONES)[pedido.periodo.clave]))
    if reporte.a_la_fecha:
        dichos.insert(0, ("A la fecha", "El día de cada entrega"))
    return dichos
