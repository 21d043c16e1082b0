"""Cómo se le cuenta a una persona lo que el reloj hizo y en qué va un plazo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from movistar_site.comun.valores import contar, formatear_fecha

from .plazos import Reloj, Situacion, situacion
from .plazos_en_palabras import cuanto_queda

if TYPE_CHECKING:
    from .models import Interaccion
    from .operaciones import Revision

HORAS_DE_ALARMA = 24
HORAS_QUE_SE_CUENTAN = 100
"""Hasta aquí un silencio se dice en horas, como lo dice la norma; más allá, en días."""


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
    return contar(cuantos, uno, varios) if cuantos else ""


# --- En qué va un plazo ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class SelloDePlazo:
    """Lo que se lee de un vistazo («Vence hoy»), con su color, y la fecha exacta."""

    texto: str
    tono: str
    detalle: str


def sello_de(caso: Interaccion, *, hoy: date, ahora: datetime, reloj: Reloj) -> SelloDePlazo:
    """El de un caso en una bandeja: las horas de su silencio si lo tiene por cumplir, o los días de su respuesta."""
    silencio = getattr(caso, "silencio", None)
    if silencio is not None and silencio.cumplido_el is None:
        return _de_silencio(silencio.cumplir_antes_de, ahora)
    if caso.respondida_el is not None:
        return SelloDePlazo("Resuelto", "nota", f"{timezone.localtime(caso.respondida_el):%d/%m/%Y}")
    if caso.vence_el is None:
        return SelloDePlazo("Sin plazo", "neutro", f"Llegó el {timezone.localtime(caso.fecha):%d/%m/%Y}")
    detalle = formatear_fecha(caso.vence_el)
    en_que_va = situacion(caso, hoy=hoy, avisar_hasta=reloj.desde_cuando_se_avisa(hoy))
    por_vencer = "ojo" if en_que_va == Situacion.POR_VENCER else "bien"
    tono = "mal" if caso.vence_el <= hoy else por_vencer
    return SelloDePlazo(cuanto_queda(caso.vence_el, hoy=hoy, calendario=reloj.calendario), tono, detalle)


def _de_silencio(hasta: datetime, ahora: datetime) -> SelloDePlazo:
    detalle = f"{timezone.localtime(hasta):%d/%m/%Y %H:%M}"
    horas = int(abs((hasta - ahora).total_seconds()) // 3600)
    if hasta <= ahora:
        return SelloDePlazo(f"Sin cumplir hace {_horas(horas)}", "mal", detalle)
    return SelloDePlazo(f"Cumplir en {_horas(horas)}", "ojo" if horas >= HORAS_DE_ALARMA else "mal", detalle)


def _horas(cuantas: int) -> str:
    if cuantas >= HORAS_QUE_SE_CUENTAN:
        return contar(cuantas // 24, "día", "días")
    return "menos de 1 hora" if cuantas < 1 else contar(cuantas, "hora", "horas")
