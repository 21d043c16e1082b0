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
from .contactos import AnonimizarCliente, CerrarContacto, Contactar, NoContactar
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
    "AnonimizarCliente",
    "AnularCambio",
    "AsignarCategoria",
    "BorrarCanales",
    "BorrarContratos",
    "BorrarInteracciones",
    "CambiarPlan",
    "CederContrato",
    "CerrarContacto",
    "Contactar",
    "DesactivarCliente",
    "DesactivarEquipo",
    "DesactivarPlantilla",
    "LiberarCategoria",
    "NoContactar",
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
