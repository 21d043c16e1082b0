"""Los textos de respuesta con espacios entre llaves que se completan con cada caso. Puro."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from movistar_site.comun.models import nombre_de

from . import cun

if TYPE_CHECKING:
    from .models import Interaccion

ESPACIOS: dict[str, str] = {
    "cliente": "el nombre del cliente",
    "numero": "el radicado",
    "cun": "el CUN, o el radicado si no lleva",
    "asunto": "el asunto",
    "fecha": "el día en que se radicó",
    "servicio": "el servicio de su contrato",
    "agente": "quien responde",
}
"""Lo que se puede escribir entre llaves, y qué se pone ahí."""
_ENTRE_LLAVES = re.compile(r"\{([^{}]*)\}")
_LLAVE_SUELTA = re.compile(r"[{}]")


def desconocidas(texto: str, espacios: Collection[str] = ESPACIOS) -> list[str]:
    """Lo que está entre llaves y no se sabe completar, y las llaves sin pareja, como están escritos."""
    malas = [hallado[0] for hallado in _ENTRE_LLAVES.finditer(texto) if hallado[1].strip() not in espacios]
    if _LLAVE_SUELTA.search(_ENTRE_LLAVES.sub("", texto)):
        malas.append("una llave sin su pareja")
    return list(dict.fromkeys(malas))


def explicar(texto: str, espacios: Collection[str] = ESPACIOS) -> str:
    """Por qué una plantilla no se puede guardar; vacío si está bien."""
    malas = desconocidas(texto, espacios)
    if not malas:
        return ""
    admitidas = ", ".join(f"{{{nombre}}}" for nombre in espacios)
    return f"No se sabe qué poner en {', '.join(malas)}: se admite {admitidas}."


def completar(texto: str, interaccion: Interaccion, agente: Any) -> str:
    """El texto con los datos del caso. `agente`: la cuenta que responde, o su nombre.

    Lo que no se conoce se deja como está: quien responde lo ve y lo corrige.
    """
    valores = {
        "cliente": interaccion.cliente.nombre_completo,
        "numero": interaccion.numero,
        "cun": cun.legible(interaccion.cun) or interaccion.numero,
        "asunto": interaccion.asunto,
        "fecha": f"{timezone.localtime(interaccion.fecha):%d/%m/%Y}",
        "servicio": interaccion.contrato.servicio.nombre if interaccion.contrato is not None else "su servicio",
        "agente": agente if isinstance(agente, str) else nombre_de(agente),
    }
    return rellenar(texto, valores)


def rellenar(texto: str, valores: Mapping[str, str]) -> str:
    """El texto con cada espacio completado; el que no se conoce se deja como está."""
    return _ENTRE_LLAVES.sub(lambda hallado: valores.get(hallado[1].strip(), hallado[0]), texto)
