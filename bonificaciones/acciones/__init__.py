"""Las acciones de las pantallas de la fidelización."""

from .derivaciones import AnularDerivacion, ReasignarDerivacion

__all__ = ["AnularDerivacion", "ReasignarDerivacion"]
