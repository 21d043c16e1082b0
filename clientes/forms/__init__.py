"""Los formularios de los clientes: leen lo que se escribe y lo entregan a las operaciones, donde están las reglas."""

from .clientes import LARGO_AL_ESCRIBIR, FormularioCategoria, FormularioCliente
from .comunes import FormularioMotivoOpcional
from .contratos import (
    CampoServicio,
    FormularioCambiarPlan,
    FormularioCeder,
    FormularioContrato,
    FormularioSuspender,
    FormularioTerminar,
)
from .interacciones import FormularioInteraccion, FormularioRespuesta

__all__ = [
    "LARGO_AL_ESCRIBIR",
    "CampoServicio",
    "FormularioCambiarPlan",
    "FormularioCategoria",
    "FormularioCeder",
    "FormularioCliente",
    "FormularioContrato",
    "FormularioInteraccion",
    "FormularioMotivoOpcional",
    "FormularioRespuesta",
    "FormularioSuspender",
    "FormularioTerminar",
]
