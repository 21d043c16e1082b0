"""Importar y exportar lugares, clientes, contratos, interacciones y consentimientos, y exportar contactos."""

from .catalogo import recordar_catalogo
from .claves import BuscaClientes, clave_de_cliente, leer_clave_de_cliente
from .clientes import MOTIVO_IMPORTADO, RecursoCliente
from .consentimientos import RecursoConsentimiento
from .contactos import RecursoContacto
from .contratos import RecursoContrato
from .interacciones import RecursoInteraccion
from .lugares import RecursoDepartamento, RecursoMunicipio

__all__ = [
    "MOTIVO_IMPORTADO",
    "BuscaClientes",
    "RecursoCliente",
    "RecursoConsentimiento",
    "RecursoContacto",
    "RecursoContrato",
    "RecursoDepartamento",
    "RecursoInteraccion",
    "RecursoMunicipio",
    "clave_de_cliente",
    "leer_clave_de_cliente",
    "recordar_catalogo",
]
