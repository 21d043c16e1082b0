"""La línea de tiempo de un cliente: todo lo que le ha pasado, de lo último a lo primero, por páginas y sin contar.

Cada clase de suceso es una `Fuente` que sabe pedir los suyos por su índice; la página mezcla lo primero de cada una.
Otra aplicación añade las suyas con `registrar` en su `AppConfig.ready`.
"""

from . import contactos, contratos, ficha, interacciones
from .base import POR_PAGINA, Corte, Filtro, Fuente, Pagina, Suceso, Tipo, fuentes, pagina, registrar, tipos_para

for _fuente in (*ficha.FUENTES, *contratos.FUENTES, *interacciones.FUENTES, *contactos.FUENTES):
    registrar(_fuente())

__all__ = [
    "POR_PAGINA",
    "Corte",
    "Filtro",
    "Fuente",
    "Pagina",
    "Suceso",
    "Tipo",
    "fuentes",
    "pagina",
    "registrar",
    "tipos_para",
]
