"""Los filtros de las listas de la fidelización."""

from .derivaciones import FiltroDerivacion

__all__ = ["FiltroDerivacion"]
