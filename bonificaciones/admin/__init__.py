"""Las pantallas de la fidelización. Solo declaran: las reglas están en las operaciones."""

from .derivaciones import AsesorAdmin, DerivacionAdmin
from .segmentos import SegmentoAdmin

__all__ = ["AsesorAdmin", "DerivacionAdmin", "SegmentoAdmin"]
