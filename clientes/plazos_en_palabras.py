"""El plazo de una interacción como se lee en una página: en qué va, de qué color y cuánto queda."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from movistar_site.comun.calendario import Calendario
from movistar_site.comun.valores import contar

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
    # «Faltan 3 días hábiles», «Vence hoy», «Venció hace 2 días»; vacío si no corre un plazo.
    queda: str

    @property
    def tono(self) -> str:
        """El del sello."""
        return TONOS_SITUACION[self.situacion]

    @property
    def vencida(self) -> bool:
        """Si el último día ya pasó sin respuesta."""
        return bool(self.queda) and self.situacion in (Situacion.VENCIDA, Situacion.SILENCIO)


def plazo_de(una: Any, *, hoy: date, avisar_hasta: date, calendario: Calendario) -> Plazo:
    """El plazo de una interacción el día `hoy`. Puro: no consulta nada."""
    corre = una.vence_el is not None and una.respondida_el is None
    return Plazo(
        situacion(una, hoy=hoy, avisar_hasta=avisar_hasta),
        una.vence_el,
        cuanto_queda(una.vence_el, hoy=hoy, calendario=calendario) if corre else "",
    )


def cuanto_queda(vence: date, *, hoy: date, calendario: Calendario) -> str:
    """Cuánto falta, en días hábiles, o hace cuánto pasó, en días."""
    if vence < hoy:
        return f"Venció hace {contar((hoy - vence).days, 'día', 'días')}"
    if vence == hoy:
        return "Vence hoy"
    try:
        habiles = calendario.habiles_entre(hoy, vence)
    except ValueError:
        # Más allá de los años cuyos festivos se conocen.
        dias = (vence - hoy).days
        return f"Falta{'n' if dias > 1 else ''} {contar(dias, 'día', 'días')}"
    return "Falta 1 día hábil" if habiles == 1 else f"Faltan {habiles} días hábiles"
