"""Los filtros de un reporte dichos en español: lo que encabeza un archivo, un correo y la constancia."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from movistar_site.comun.valores import formatear_fecha

if TYPE_CHECKING:
    from .pedido import Pedido
    from .reporte import Agrupado, Reporte


def filtros_en_palabras(reporte: Reporte, pedido: Pedido) -> list[tuple[str, str]]:
    """Qué se mira: el período, el día, por qué se agrupa y cada filtro puesto, como (título, lo elegido)."""
    dichos = []
    if reporte.con_periodo:
        dichos.append(("Período", _mayuscula(str(pedido.periodo))))
    if reporte.a_la_fecha:
        dichos.append(("A la fecha", formatear_fecha(pedido.al)))
    dimensiones = getattr(reporte, "dimensiones", ())
    if len(dimensiones) > 1:
        dichos.append(("Una fila por", reporte.dimension(pedido).titulo))  # type: ignore[attr-defined]
    for nombre, valor in pedido.conjunto.valores.items():
        dichos.append((str(pedido.conjunto.filters[nombre].label), _elegido(pedido.conjunto.filters[nombre], valor)))
    return dichos


def comparado_con(reporte: Agrupado, pedido: Pedido) -> list[tuple[str, str]]:
    """Con qué se compara lo que está a la vista, si se pidió comparar."""
    if not (reporte.comparable and pedido.pide_comparar):
        return []
    if not reporte.hay_anterior(pedido):
        return [("Comparado con", "Nada: antes del principio no hay otro período")]
    anterior = pedido.anterior()
    return [
        (
            "Comparado con",
            _mayuscula(str(anterior.periodo) if reporte.con_periodo else f"el {formatear_fecha(anterior.al)}"),
        )
    ]


def _elegido(filtro: Any, valor: Any) -> str:
    if isinstance(valor, bool):
        return "Sí" if valor else "No"
    if isinstance(valor, list | tuple | set):
        return ", ".join(_elegido(filtro, uno) for uno in valor)
    nombres = {}
    if isinstance(valor, str):
        nombres = {str(clave): str(nombre) for clave, nombre in getattr(filtro.field, "choices", ()) if clave != ""}
    return nombres.get(str(valor), str(valor))


def _mayuscula(texto: str) -> str:
    return texto[:1].upper() + texto[1:]
