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
from .contratos import (
    ActivarContrato,
    AnularCambio,
    BorrarContratos,
    CambiarPlan,
    CederContrato,
    ReanudarContrato,
    SuspenderContrato,
    TerminarContrato,
)
from .interacciones import DE_UN_CASO, BorrarInteracciones, ResponderInteraccion, TomarInteraccion

__all__ = [
    "DE_UN_CASO",
    "ActivarContrato",
    "ActivarEquipo",
    "ActivarPlantilla",
    "AnularCambio",
    "AsignarCategoria",
    "BorrarCanales",
    "BorrarContratos",
    "BorrarInteracciones",
    "CambiarPlan",
    "CederContrato",
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
