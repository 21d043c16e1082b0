"""Las plantillas de respuesta: lo que va entre llaves se completa con cada caso. Puro: no consulta."""

from __future__ import annotations

import re

CAMPOS = ("cliente", "numero", "cun", "asunto", "fecha", "servicio", "agente")
"""Lo que una plantilla sabe completar."""
_ENTRE_LLAVES = re.compile(r"\{([^{}]*)\}")


def desconocidas(texto: str) -> list[str]:
    """Lo que hay entre llaves y ninguna plantilla sabe completar, como está escrito y sin repetir.

    Una llave suelta también cuenta: «{cliente» saldría tal cual en la carta.
    """
    halladas = [f"{{{dentro}}}" for dentro in _ENTRE_LLAVES.findall(texto) if dentro not in CAMPOS]
    sueltas = [llave for llave in "{}" if llave in _ENTRE_LLAVES.sub("", texto)]
    return list(dict.fromkeys([*halladas, *sueltas]))
