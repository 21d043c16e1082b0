"""El reloj de las PQR con las reglas que rigen un día."""

from __future__ import annotations

from datetime import date

from movistar_site.comun.festivos import calendario
from movistar_site.comun.parametros import parametros

from .plazos import Reloj


def reloj(hoy: date) -> Reloj:
    """Los plazos y el calendario que rigen el día `hoy`. Dos consultas: los parámetros y los festivos."""
    reglas = parametros(hoy)
    return Reloj.de(reglas, calendario(reglas))
