"""Las pantallas de la fidelización. Solo declaran: las reglas están en las operaciones."""

from .bonificaciones import BonificacionAdmin, CorridaAdmin
from .derivaciones import AsesorAdmin, DerivacionAdmin
from .ofertas import OfertaAdmin, ReglaOfertaAdmin
from .programas import ProgramaAdmin
from .segmentos import SegmentoAdmin

__all__ = [
    "AsesorAdmin",
    "BonificacionAdmin",
    "CorridaAdmin",
    "DerivacionAdmin",
    "OfertaAdmin",
    "ProgramaAdmin",
    "ReglaOfertaAdmin",
    "SegmentoAdmin",
]
