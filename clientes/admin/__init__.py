"""Las pantallas de los clientes. Solo declaran: las reglas están en las operaciones y las lecturas en las consultas."""

from .clientes import ClienteAdmin
from .consentimientos import ConsentimientoAdmin
from .contratos import ContratoAdmin
from .interacciones import InteraccionAdmin
from .lugares import DepartamentoAdmin, MunicipioAdmin

__all__ = [
    "ClienteAdmin",
    "ConsentimientoAdmin",
    "ContratoAdmin",
    "DepartamentoAdmin",
    "InteraccionAdmin",
    "MunicipioAdmin",
]
