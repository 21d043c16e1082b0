"""Lo que sale del panel a un archivo, por trozos: CSV, XLSX y JSON, sin armar un registro por fila.

`plan` lee de la base las columnas crudas; `texto_csv`, `texto_json` y `libro` las ponen por escrito, una columna entera
de mil filas cada vez; `instantanea` da una base que no cambia mientras se lee; `constancia` deja dicho quién se llevó
qué.
"""

from .escritura import escribir_consulta, escribir_csv, escribir_json, escribir_xlsx, exigir_que_quepa
from .libro import NoCabeEnExcel
from .plan import Cuenta
from .proteccion import proteger, restaurar
from .texto_json import texto_json

__all__ = [
    "Cuenta",
    "NoCabeEnExcel",
    "escribir_consulta",
    "escribir_csv",
    "escribir_json",
    "escribir_xlsx",
    "exigir_que_quepa",
    "proteger",
    "restaurar",
    "texto_json",
]
