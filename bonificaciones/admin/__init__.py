"""Las pantallas de la fidelización. Solo declaran: las reglas están en las operaciones."""

from .ofertas import OfertaAdmin, ReglaOfertaAdmin

__all__ = ["OfertaAdmin", "ReglaOfertaAdmin"]
