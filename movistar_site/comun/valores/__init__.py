"""Los valores del negocio: documentos, teléfonos, fechas, dinero y texto, leídos y mostrados a la colombiana.

Todo aquí es puro: no mira la base de datos, los ajustes ni el reloj. Lo que no se entiende se rechaza con un
``ValueError`` de una sola frase en español, que dice qué llegó y qué se esperaba, lista para mostrarse.
"""

from .dinero import a_pesos, formatear_pesos
from .documentos import TIPOS_DE_DOCUMENTO, formatear_documento, normalizar_documento
from .telefonos import es_fijo_incompleto, es_movil, formatear_telefono, normalizar_telefono
from .texto import citar, clave, normalizar

__all__ = [
    "TIPOS_DE_DOCUMENTO",
    "a_pesos",
    "citar",
    "clave",
    "es_fijo_incompleto",
    "es_movil",
    "formatear_documento",
    "formatear_pesos",
    "formatear_telefono",
    "normalizar",
    "normalizar_documento",
    "normalizar_telefono",
]
