"""La fidelización: programas y bonificaciones, la derivación a un asesor, las ofertas y los segmentos."""

from .bonificacion import Bonificacion, Corrida, EstadoBonificacion
from .derivacion import (
    AccionGestion,
    Asesor,
    Derivacion,
    EstadoDerivacion,
    GestionDerivacion,
    ResultadoDerivacion,
)
from .oferta import AccionRegla, EstadoOferta, NivelRiesgo, Oferta, ReglaOferta, Sugerencia
from .programa import Beneficio, Calculo, Frecuencia, Programa, VigenciaPrograma
from .segmento import Segmento

__all__ = [
    "AccionGestion",
    "AccionRegla",
    "Asesor",
    "Beneficio",
    "Bonificacion",
    "Calculo",
    "Corrida",
    "Derivacion",
    "EstadoBonificacion",
    "EstadoDerivacion",
    "EstadoOferta",
    "Frecuencia",
    "GestionDerivacion",
    "NivelRiesgo",
    "Oferta",
    "Programa",
    "ReglaOferta",
    "ResultadoDerivacion",
    "Segmento",
    "Sugerencia",
    "VigenciaPrograma",
]
