"""El lector del intercambio: de un archivo cualquiera a valores o filas, por partes, diciendo todo lo que reparó.

No sabe de clientes ni de servicios. Un JSON que no cabe en la ventana sale como `Flujo`; lo mal escrito se repara sin
inventar valores, o se rechaza con ArchivoIlegible.
"""

from movistar_site.comun.archivos import ArchivoIlegible
from movistar_site.comun.json_leido import Objeto

from .arbol import Flujo
from .comprimidos import DEL_SISTEMA, Expandidos, expandir
from .documentos import Documento, DocumentoJson, DocumentoTabla, abrir
from .piezas import Reparacion

__all__ = [
    "DEL_SISTEMA", "ArchivoIlegible", "Documento", "DocumentoJson", "DocumentoTabla", "Expandidos", "Flujo", "Objeto",
    "Reparacion", "abrir", "expandir",
]  # fmt: skip
