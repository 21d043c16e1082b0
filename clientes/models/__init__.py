"""Los clientes y lo que se sabe de ellos."""

from .cliente import Cliente, EstadoCliente, TipoPersona
from .consentimiento import Consentimiento, Finalidad
from .contrato import Contrato, EstadoContrato
from .interaccion import EstadoInteraccion, Interaccion, TipoInteraccion
from .lugar import Departamento, Municipio

__all__ = [
    "Cliente",
    "Consentimiento",
    "Contrato",
    "Departamento",
    "EstadoCliente",
    "EstadoContrato",
    "EstadoInteraccion",
    "Finalidad",
    "Interaccion",
    "Municipio",
    "TipoInteraccion",
    "TipoPersona",
]
