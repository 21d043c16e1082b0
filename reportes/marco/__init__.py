"""Lo que todo reporte es: de una clase con título, permiso, filtros, columnas y gráfico salen la página, las filas de
cada cifra y los archivos. Cómo se añade uno, en docs/reportes.md.
"""

from .columnas import TOTAL, Calculada, Clase, Columna, Derivada, Medida
from .dimensiones import Dimension, PorCampo, Renglon
from .filtros import FiltrosDeReporte
from .grafico import Grafico
from .listados import ColumnaDeLista, Listado
from .pedido import Pedido
from .periodos import Periodo
from .registro import GRUPOS, REPORTES, registrar
from .reporte import Agrupado, Lista, Reporte
from .tabla import Fila, Tabla

__all__ = [
    "GRUPOS",
    "REPORTES",
    "TOTAL",
    "Agrupado",
    "Calculada",
    "Clase",
    "Columna",
    "ColumnaDeLista",
    "Derivada",
    "Dimension",
    "Fila",
    "FiltrosDeReporte",
    "Grafico",
    "Lista",
    "Listado",
    "Medida",
    "Pedido",
    "Periodo",
    "PorCampo",
    "Renglon",
    "Reporte",
    "Tabla",
    "registrar",
]
