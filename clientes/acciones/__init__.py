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
from .interacciones import ResponderInteraccion, TomarInteraccion

__all__ = [
    "ActivarContrato",
    "AnularCambio",
    "AsignarCategoria",
    "BorrarContratos",
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
