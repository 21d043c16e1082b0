"""Las pantallas de la fidelización. Solo declaran: las reglas están en las operaciones."""

from .segmentos import SegmentoAdmin

__all__ = ["SegmentoAdmin"]
