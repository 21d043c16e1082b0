"""Los valores del negocio: documentos, teléfonos, fechas, dinero y texto, leídos y mostrados a la colombiana.

Todo aquí es puro: no mira la base de datos, los ajustes ni el reloj. Lo que no se entiende se rechaza con un
``ValueError`` de una sola frase en español, que dice qué llegó y qué se esperaba, lista para mostrarse.
"""

from .dinero import a_pesos, formatear_pesos
from .documentos import TIPOS_DE_DOCUMENTO, formatear_documento, normalizar_documento
from .fechas import (
    LimitesDeCategoria,
    Permanencia,
    a_fecha,
    anios_cumplidos,
    categoria_por_permanencia,
    formatear_fecha,
    limites_de_categoria,
    permanencia,
    sumar_anios,
    sumar_meses,
)
from .telefonos import (
    cifras_de_fijo_incompleto,
    es_fijo_incompleto,
    es_movil,
    formatear_telefono,
    normalizar_telefono,
)
from .texto import citar, clave, contar, normalizar

__all__ = [
    "TIPOS_DE_DOCUMENTO",
    "LimitesDeCategoria",
    "Permanencia",
    "a_fecha",
    "a_pesos",
    "anios_cumplidos",
    "categoria_por_permanencia",
    "cifras_de_fijo_incompleto",
    "citar",
    "clave",
    "contar",
    "es_fijo_incompleto",
    "es_movil",
    "formatear_documento",
    "formatear_fecha",
    "formatear_pesos",
    "formatear_telefono",
    "limites_de_categoria",
    "normalizar",
    "normalizar_documento",
    "normalizar_telefono",
    "permanencia",
    "sumar_anios",
    "sumar_meses",
]
