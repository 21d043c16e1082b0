"""Lo que se le hace a un cliente, un contrato, una interacción o un consentimiento: cada acción, su operación."""

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
    "AnularCambio",
    "AsignarCategoria",
    "BorrarContratos",
    "BorrarInteracciones",
    "CambiarPlan",
    "CederContrato",
    "DesactivarCliente",
    "LiberarCategoria",
    "ReactivarCliente",
    "ReanudarContrato",
    "ResponderInteraccion",
    "RevocarConsentimiento",
    "SuspenderContrato",
    "TerminarContrato",
    "TomarInteraccion",
]
