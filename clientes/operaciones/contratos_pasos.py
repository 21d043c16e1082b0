"""Los pasos que un contrato puede dar de un estado a otro, y la frase que dice por qué no puede dar los demás."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError

from ..models import Contrato, EstadoContrato
from .comunes import releer

PASOS: Mapping[str, frozenset[str]] = {
    EstadoContrato.PENDIENTE: frozenset({EstadoContrato.ACTIVO, EstadoContrato.TERMINADO}),
    EstadoContrato.ACTIVO: frozenset({EstadoContrato.SUSPENDIDO, EstadoContrato.TERMINADO}),
    EstadoContrato.SUSPENDIDO: frozenset({EstadoContrato.ACTIVO, EstadoContrato.TERMINADO}),
    EstadoContrato.TERMINADO: frozenset(),
}
"""De qué estado a cuáles puede pasar un contrato. Terminado no tiene vuelta: se firma otro contrato."""


def puede_pasar(desde: str, hasta: str) -> bool:
    """Si un contrato puede ir de un estado a otro."""
    return hasta in PASOS[EstadoContrato(desde)]


def comprobar_paso(contrato: Contrato, hasta: EstadoContrato) -> EstadoContrato:
    """Relee y bloquea el contrato, y comprueba que el paso esté en PASOS. Devuelve el estado en que está."""
    releer(contrato)
    desde = EstadoContrato(contrato.estado)
    if hasta not in PASOS[desde]:
        raise ValidationError(_frase_de_paso(contrato.numero, desde, hasta))
    return desde


def _frase_de_paso(numero: str, desde: EstadoContrato, hasta: EstadoContrato) -> str:
    if desde == hasta:
        return f"El contrato {numero} ya está {desde.label.lower()}."
    opciones = [paso.label.lower() for paso in EstadoContrato if paso in PASOS[desde]]
    salida = f"solo puede pasar a {' o '.join(opciones)}" if opciones else "ya no cambia de estado"
    return f"El contrato {numero} está {desde.label.lower()} y no puede pasar a {hasta.label.lower()}: {salida}."
