"""Las pantallas de los clientes. Solo declaran: las reglas están en las operaciones y las lecturas en las consultas."""

from .ajustes import CanalAdmin, EquipoAdmin, MotivoAdmin, PlantillaAdmin
from .clientes import ClienteAdmin
from .consentimientos import ConsentimientoAdmin
from .contactos import ContactoAdmin
from .contratos import ContratoAdmin
from .interacciones import InteraccionAdmin
from .lugares import DepartamentoAdmin, MunicipioAdmin
from .rne import CargaRneAdmin
from .silencios import SilencioAdmin

__all__ = [
    "CanalAdmin",
    "CargaRneAdmin",
    "ClienteAdmin",
    "ConsentimientoAdmin",
    "ContactoAdmin",
    "ContratoAdmin",
    "DepartamentoAdmin",
    "EquipoAdmin",
    "InteraccionAdmin",
    "MotivoAdmin",
    "MunicipioAdmin",
    "PlantillaAdmin",
    "SilencioAdmin",
]
