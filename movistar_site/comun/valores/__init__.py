"""Los valores del negocio: documentos, teléfonos, fechas, dinero y texto, leídos y mostrados a la colombiana.

Todo aquí es puro: no mira la base de datos, los ajustes ni el reloj. Lo que no se entiende se rechaza con un
``ValueError`` de una sola frase en español, que dice qué llegó y qué se esperaba, lista para mostrarse.
"""

from .texto import citar, clave, normalizar

__all__ = [
    "citar",
    "clave",
    "normalizar",
]
