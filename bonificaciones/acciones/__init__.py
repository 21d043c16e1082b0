"""Las acciones de las pantallas de la fidelización."""

from .derivaciones import AnularDerivacion, ReasignarDerivacion
from .programas import ActivarPrograma, AnularBonificacion, DesactivarPrograma

__all__ = [
    "ActivarPrograma",
    "AnularBonificacion",
    "AnularDerivacion",
    "DesactivarPrograma",
    "ReasignarDerivacion",
]
