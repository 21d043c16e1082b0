"""Los clientes y lo que se sabe de ellos."""

from .atencion import Adjunto, NotaInterna, PlantillaRespuesta, SilencioPositivo
from .canal import CanalAtencion
from .cliente import Cliente, EstadoCliente, TipoPersona
from .consentimiento import Consentimiento, Finalidad
from .contacto import CargaRne, Contacto, FinalidadContacto, NumeroExcluido, ResultadoContacto
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
    "CargaRne",
    "CausalRecurso",
    "ClaseSuspension",
    "Cliente",
    "Consentimiento",
    "Contacto",
    "Contrato",
    "Departamento",
    "Equipo",
    "EstadoCambio",
    "EstadoCliente",
    "EstadoContrato",
    "EstadoInteraccion",
    "Finalidad",
    "FinalidadContacto",
    "Fusion",
    "Interaccion",
    "MotivoInteraccion",
    "Municipio",
    "NotaInterna",
    "NumeroExcluido",
    "PlantillaRespuesta",
    "ResultadoContacto",
    "SentidoRespuesta",
    "SilencioPositivo",
    "Suspension",
    "TipoInteraccion",
    "TipoPersona",
]
