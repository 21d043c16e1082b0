"""Las pantallas de «Importar datos»: subir, revisar el plan, corregirlo, aplicarlo, ver el resultado y deshacer."""

from .acciones import deshacer_importacion, hacer
from .avance import avance_de_importacion
from .bajadas import avisos_de_importacion, rechazados_de_importacion
from .importacion import importacion
from .lista import importaciones
from .mapa import guardar_mapa_de_importacion, mapa_de_importacion
from .plan import registro_de_importacion
from .subir import importar_datos

__all__ = [
    "avance_de_importacion",
    "avisos_de_importacion",
    "deshacer_importacion",
    "guardar_mapa_de_importacion",
    "hacer",
    "importacion",
    "importaciones",
    "importar_datos",
    "mapa_de_importacion",
    "rechazados_de_importacion",
    "registro_de_importacion",
]
