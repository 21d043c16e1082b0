"""Importar y exportar lugares, clientes, contratos, interacciones y consentimientos."""

from .catalogo import recordar_catalogo
from .claves import BuscaClientes, clave_de_cliente, leer_clave_de_cliente
from .clientes import MOTIVO_IMPORTADO, RecursoCliente
from .consentimientos import RecursoConsentimiento
from .contratos import RecursoContrato
from .interacciones import RecursoInteraccion
from .lugares import RecursoDepartamento, RecursoMunicipio

__all__ = [
    "MOTIVO_IMPORTADO",
    "BuscaClientes",
    "RecursoCliente",
    "RecursoConsentimiento",
    "RecursoContrato",
    "RecursoDepartamento",
    "RecursoInteraccion",
    "RecursoMunicipio",
    "clave_de_cliente",
    "leer_clave_de_cliente",
    "recordar_catalogo",
]
