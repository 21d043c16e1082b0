"""El plazo de una interacción como se lee en una página: en qué va, de qué color y cuánto queda."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from movistar_site.comun.calendario import Calendario

from .plazos import Situacion, situacion

TONOS_SITUACION: dict[str, str] = {
    Situacion.SIN_PLAZO: "neutral",
    Situacion.EN_TERMINO: "info",
    Situacion.POR_VENCER: "warning",
    Situacion.VENCIDA: "danger",
    Situacion.SILENCIO: "danger",
    Situacion.A_TIEMPO: "success",
    Situacion.FUERA_DE_TERMINO: "warning",
    Situacion.RESPONDIDA: "success",
}


@dataclass(frozen=True)
class Plazo:
    """En qué va una interacción el día que se pregunta."""

    situacion: Situacion
    vence_el: date | None
    faltan: int | None
    """Días hábiles hasta el vencimiento; negativos si ya pasó. None si no hay plazo o ya se respondió."""

    @property
    def tono(self) -> str:
        """El del sello."""
        return TONOS_SITUACION[self.situacion]

    @property
    def vencida(self) -> bool:
        """Si el último día ya pasó."""
        return self.situacion in (Situacion.VENCIDA, Situacion.SILENCIO)

    @property
    def queda(self) -> str:
        """«Quedan 3 días hábiles», «Vence hoy», «Venció hace 2 días hábiles»; vacío si no corre un plazo."""
        if self.faltan is None or self.vence_el is None:
            return ""
        if self.faltan == 0:
            return "Venció en el último día hábil" if self.vencida else "Vence hoy"
        dias = "1 día hábil" if abs(self.faltan) == 1 else f"{abs(self.faltan)} días hábiles"
        if self.faltan < 0:
            return f"Venció hace {dias}"
        return f"Queda {dias}" if self.faltan == 1 else f"Quedan {dias}"


def plazo_de(una: Any, *, hoy: date, avisar_hasta: date, calendario: Calendario) -> Plazo:
    """El plazo de una interacción el día `hoy`. Puro: no consulta nada."""
    faltan = None
    if una.vence_el is not None and una.respondida_el is None:
        faltan = habiles_entre(calendario, hoy, una.vence_el)
    return Plazo(situacion(una, hoy=hoy, avisar_hasta=avisar_hasta), una.vence_el, faltan)


def habiles_entre(calendario: Calendario, desde: date, hasta: date) -> int | None:
    """Días hábiles entre dos fechas; None si el calendario no llega a esos años."""
    try:
        return calendario.habiles_entre(desde, hasta)
    except ValueError:
        return None
