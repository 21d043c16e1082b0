"""De la forma que tenga un archivo a registros planos por entidad: un solo lector, guiado por tablas."""

from .mapas import elegir_mapa
from .parecidos import Resolucion
from .piezas import Referencias
from .resolvedor import Resolvedor
from .tablas import destinos
from .traductor import Traductor

__all__ = ["Referencias", "Resolucion", "Resolvedor", "Traductor", "destinos", "elegir_mapa"]
