"""Cómo se le cuenta a una persona lo que el reloj hizo y en qué va un plazo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from movistar_site.comun.valores import formatear_fecha

if TYPE_CHECKING:
    from .operaciones import Revision


def resumen(revision: Revision) -> str:
    """«Plazos revisados el 01/12/2026: 2 silencios positivos anotados, 5 avisos.»; lo que fue cero no se nombra."""
    partes = [
        _cuenta(revision.silencios, "silencio positivo anotado", "silencios positivos anotados"),
        _cuenta(revision.asignadas, "caso asignado", "casos asignados"),
        _cuenta(revision.sin_quien, "caso sin quién lo atienda", "casos sin quién los atienda"),
        _cuenta(revision.cambios_de_plan, "cambio de plan aplicado", "cambios de plan aplicados"),
        _cuenta(revision.reanudados, "contrato reanudado", "contratos reanudados"),
        _cuenta(revision.avisos, "aviso", "avisos"),
        _cuenta(revision.correos.mensajes, "correo enviado", "correos enviados"),
        _cuenta(len(revision.rechazos), "cosa que no se pudo", "cosas que no se pudieron"),
    ]
    dicho = ", ".join(parte for parte in partes if parte) or "no había nada por hacer"
    return f"Plazos revisados el {formatear_fecha(revision.hoy)}: {dicho}."


def _cuenta(cuantos: int, uno: str, varios: str) -> str:
    return f"{cuantos:,} {uno if cuantos == 1 else varios}".replace(",", ".") if cuantos else ""
