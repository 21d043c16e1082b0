"""Los clientes y lo que se sabe de ellos."""

from .atencion import Adjunto, NotaInterna, PlantillaRespuesta, SilencioPositivo
from .canal import CanalAtencion
from .cliente import Cliente, EstadoCliente, TipoPersona
from .consentimiento import Consentimiento, Finalidad
from .contrato import Contrato, EstadoContrato
from .equipo import Equipo, MotivoInteraccion
from .fusion import Fusion
from .interaccion import (
    CON_PLAZO,
    CausalRecurso,
    EstadoInteraccion,
    Interaccion,
    SentidoRespuesta,
    TipoInteraccion,
)
from .lugar import Departamento, Municipio
from .movimientos import CambioPlan, ClaseSuspension, EstadoCambio, Suspension

__all__ = [
    "CON_PLAZO",
    "Adjunto",
    "CambioPlan",
    "CanalAtencion",
    "CausalRecurso",
    "ClaseSuspension",
    "Cliente",
    "Consentimiento",
    "Contrato",
    "Departamento",
    "Equipo",
    "EstadoCambio",
    "EstadoCliente",
    "EstadoContrato",
    "EstadoInteraccion",
    "Finalidad",
    "Fusion",
    "Interaccion",
    "MotivoInteraccion",
    "Municipio",
    "NotaInterna",
    "PlantillaRespuesta",
    "SentidoRespuesta",
    "SilencioPositivo",
    "Suspension",
    "TipoInteraccion",
    "TipoPersona",
]
