"""El catálogo: tipos de servicio con sus atributos, servicios, precios con fecha y promociones."""

from .promocion import BeneficioPromocion, Promocion, VigenciaPromocion
from .servicio import EstadoServicio, Periodicidad, PrecioServicio, Servicio
from .tipo import AtributoTipo, Modalidad, Red, TipoServicio, validar_clave, validar_codigo

__all__ = [
    "AtributoTipo",
    "BeneficioPromocion",
    "EstadoServicio",
    "Modalidad",
    "Periodicidad",
    "PrecioServicio",
    "Promocion",
    "Red",
    "Servicio",
    "TipoServicio",
    "VigenciaPromocion",
    "validar_clave",
    "validar_codigo",
]
