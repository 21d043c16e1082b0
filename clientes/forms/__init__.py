"""Los formularios de los clientes: leen lo que se escribe y lo entregan a las operaciones, donde están las reglas."""

from .casos import (
    FormularioAdjunto,
    FormularioAsignar,
    FormularioBorrador,
    FormularioCumplimiento,
    FormularioDesligar,
    FormularioEnvio,
    FormularioNota,
    FormularioProrroga,
    FormularioRecurso,
    FormularioRelacionar,
    FormularioRespuesta,
)
from .clientes import LARGO_AL_ESCRIBIR, FormularioCategoria, FormularioCliente
from .comunes import FormularioMotivoOpcional
from .contactos import (
    FormularioAnonimizar,
    FormularioCerrarContacto,
    FormularioContactar,
    FormularioNoContactar,
    FormularioRne,
)
from .contratos import (
    CampoServicio,
    FormularioCambiarPlan,
    FormularioCeder,
    FormularioContrato,
    FormularioSuspender,
    FormularioTerminar,
)
from .interacciones import FormularioInteraccion

__all__ = [
    "LARGO_AL_ESCRIBIR",
    "CampoServicio",
    "FormularioAdjunto",
    "FormularioAnonimizar",
    "FormularioAsignar",
    "FormularioBorrador",
    "FormularioCambiarPlan",
    "FormularioCategoria",
    "FormularioCeder",
    "FormularioCerrarContacto",
    "FormularioCliente",
    "FormularioContactar",
    "FormularioContrato",
    "FormularioCumplimiento",
    "FormularioDesligar",
    "FormularioEnvio",
    "FormularioInteraccion",
    "FormularioMotivoOpcional",
    "FormularioNoContactar",
    "FormularioNota",
    "FormularioProrroga",
    "FormularioRecurso",
    "FormularioRelacionar",
    "FormularioRespuesta",
    "FormularioRne",
    "FormularioSuspender",
    "FormularioTerminar",
]
