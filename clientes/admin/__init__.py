"""Las pantallas de los clientes. Solo declaran: las reglas están en las operaciones y las lecturas en las consultas."""

from .ajustes import CanalAdmin, EquipoAdmin, MotivoAdmin, PlantillaAdmin
from .clientes import ClienteAdmin
from .consentimientos import ConsentimientoAdmin
from .contratos import ContratoAdmin
from .interacciones import InteraccionAdmin
from .lugares import DepartamentoAdmin, MunicipioAdmin
from .silencios import SilencioAdmin

__all__ = [
    "CanalAdmin",
    "ClienteAdmin",
    "ConsentimientoAdmin",
    "ContratoAdmin",
    "DepartamentoAdmin",
    "EquipoAdmin",
    "InteraccionAdmin",
    "MotivoAdmin",
    "MunicipioAdmin",
    "PlantillaAdmin",
    "SilencioAdmin",
]
