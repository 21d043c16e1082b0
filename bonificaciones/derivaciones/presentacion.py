"""Cómo se le cuenta a una persona en qué va una derivación y lo que el reloj hizo con ellas."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from clientes.plazos_en_palabras import cuanto_queda
from clientes.presentacion_de_plazos import SelloDePlazo
from movistar_site.comun.calendario import Calendario
from movistar_site.comun.valores import contar, formatear_fecha

from ..models import Derivacion, EstadoDerivacion, ResultadoDerivacion

if TYPE_CHECKING:
    from ..operaciones.derivaciones_revision import RevisionDerivaciones

TONOS: dict[Any, str] = {
    EstadoDerivacion.PENDIENTE: "info",
    EstadoDerivacion.CONTACTADO: "primary",
    EstadoDerivacion.APLAZADA: "warning",
    EstadoDerivacion.DETENIDA: "neutral",
    ResultadoDerivacion.ACEPTADA: "success",
    ResultadoDerivacion.RECHAZADA: "neutral",
    ResultadoDerivacion.VENCIDA: "danger",
    ResultadoDerivacion.ANULADA: "neutral",
}
"""El color de cada estado y de cada resultado."""


def resumen(revision: RevisionDerivaciones) -> str:
    """«Derivaciones revisadas el 01/12/2026: 2 repartidas, 5 avisos.»; lo que fue cero no se nombra."""
    partes = [
        _cuenta(revision.anuladas, "anulada", "anuladas"),
        _cuenta(revision.vueltas, "a la que se vuelve hoy", "a las que se vuelve hoy"),
        _cuenta(revision.reanudadas, "reanudada", "reanudadas"),
        _cuenta(revision.repartidas, "repartida", "repartidas"),
        _cuenta(revision.sin_quien, "sin asesor", "sin asesor"),
        _cuenta(revision.recordadas, "por vencer", "por vencer"),
        _cuenta(revision.escaladas, "escalada", "escaladas"),
        _cuenta(revision.vencidas, "vencida", "vencidas"),
        _cuenta(revision.avisos, "aviso", "avisos"),
        _cuenta(revision.correos.mensajes, "correo enviado", "correos enviados"),
    ]
    dicho = ", ".join(parte for parte in partes if parte) or "no había nada por hacer"
    return f"Derivaciones revisadas el {formatear_fecha(revision.hoy)}: {dicho}."


def _cuenta(cuantas: int, una: str, varias: str) -> str:
    return contar(cuantas, una, varias) if cuantas else ""


def estado_de(derivacion: Derivacion) -> tuple[str, str]:
    """Lo que se lee de su estado, o de cómo se cerró, y su tono."""
    if derivacion.estado == EstadoDerivacion.CERRADA:
        return derivacion.get_resultado_display(), TONOS.get(derivacion.resultado, "neutral")
    return derivacion.get_estado_display(), TONOS.get(derivacion.estado, "neutral")


def plazo_de(derivacion: Derivacion, *, hoy: date, recordar_desde: date, calendario: Calendario) -> SelloDePlazo:
    """Lo que queda del plazo, de un vistazo. `recordar_desde`: lo que vence ese día o antes está por vencer."""
    if derivacion.estado == EstadoDerivacion.CERRADA:
        return SelloDePlazo("Cerrada", "neutro", _fecha(derivacion.cerrada_el))
    if derivacion.estado == EstadoDerivacion.DETENIDA:
        return SelloDePlazo("Detenida", "neutro", "No se le busca")
    if derivacion.estado == EstadoDerivacion.APLAZADA and derivacion.volver_el is not None:
        return SelloDePlazo("Para después", "nota", f"Volver el {formatear_fecha(derivacion.volver_el)}")
    if derivacion.vence_el is None:
        return SelloDePlazo("Sin plazo", "neutro", "Nadie la lleva")
    por_vencer = "ojo" if derivacion.vence_el <= recordar_desde else "bien"
    tono = "mal" if derivacion.vence_el <= hoy else por_vencer
    texto = cuanto_queda(derivacion.vence_el, hoy=hoy, calendario=calendario)
    return SelloDePlazo(texto, tono, formatear_fecha(derivacion.vence_el))


def _fecha(momento: Any) -> str:
    return formatear_fecha(timezone.localdate(momento)) if momento else ""
