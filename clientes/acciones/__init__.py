"""Lo que se le hace a un cliente, un contrato, una interacción o un consentimiento: cada acción, su operación."""

from .ajustes import (
    ActivarEquipo,
    ActivarPlantilla,
    BorrarCanales,
    DesactivarEquipo,
    DesactivarPlantilla,
    ReactivarCanal,
    ReactivarMotivo,
    RetirarCanal,
    RetirarMotivo,
)
from .clientes import AsignarCategoria, DesactivarCliente, LiberarCategoria, ReactivarCliente
from .consentimientos import RevocarConsentimiento
from .contratos import ActivarContrato, BorrarContratos, ReanudarContrato, SuspenderContrato, TerminarContrato
from .interacciones import ResponderInteraccion, TomarInteraccion

__all__ = [
    "ActivarContrato",
    "ActivarEquipo",
    "ActivarPlantilla",
    "AsignarCategoria",
    "BorrarCanales",
    "BorrarContratos",
    "DesactivarCliente",
    "DesactivarEquipo",
    "DesactivarPlantilla",
    "LiberarCategoria",
    "ReactivarCanal",
    "ReactivarCliente",
    "ReactivarMotivo",
    "ReanudarContrato",
    "ResponderInteraccion",
    "RetirarCanal",
    "RetirarMotivo",
    "RevocarConsentimiento",
    "SuspenderContrato",
    "TerminarContrato",
    "TomarInteraccion",
]
