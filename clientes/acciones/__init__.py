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
from .interacciones import DE_UN_CASO, BorrarInteracciones, ResponderInteraccion, TomarInteraccion

__all__ = [
    "DE_UN_CASO",
    "ActivarContrato",
    "ActivarEquipo",
    "ActivarPlantilla",
    "AsignarCategoria",
    "BorrarCanales",
    "BorrarContratos",
    "BorrarInteracciones",
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
