"""Texto para buscar, para nombrar atributos y para citar en un mensaje."""

import json
import re
import unicodedata

# Tildes y otras marcas, invisibles (espacio de ancho cero, BOM), controles y sustitutos sueltos de un "\\ud800"
# mal escrito: nadie los teclea al buscar, y los últimos no se pueden guardar en la base de datos.
_CATEGORIAS_QUE_SE_QUITAN = {"Mn", "Me", "Cf", "Cc", "Cs"}
_NO_ES_CLAVE = re.compile(r"[^a-z0-9]+")
_LARGO_DE_CITA = 40


class _TablaDeBusqueda(dict[int, str]):
    """Equivalencia de cada carácter, calculada la primera vez que aparece.

    Va carácter por carácter, y no con el texto entero, porque una importación normaliza millones de nombres y así
    cada uno cuesta un solo ``str.translate``.
    """

    def __missing__(self, codigo: int) -> str:
        anterior, actual = "", chr(codigo)
        # Un paso puede abrir otro ("℡" → "TEL" → "tel"): se repite hasta que no cambie, y por eso
        # normalizar dos veces da lo mismo que normalizar una.
        while actual != anterior:
            anterior = actual
            partes = unicodedata.normalize("NFKD", actual.casefold())
            actual = "".join(
                c for c in partes if c.isspace() or unicodedata.category(c) not in _CATEGORIAS_QUE_SE_QUITAN
            )
        self[codigo] = actual
        return actual


_TABLA = _TablaDeBusqueda()


def normalizar(texto: str) -> str:
    """Deja el texto como se compara al buscar: sin mayúsculas, tildes ni espacios de más.

    La eñe se busca como ene, porque muchos teclados y archivos no la traen: "  Peña  RÍOS " → "pena rios".
    Sirve para la columna de búsqueda (SQLite no sabe de tildes) y para comparar encabezados de archivos.
    No falla con ningún texto.
    """
    if texto.isascii() and texto.isprintable():
        return " ".join(texto.lower().split())
    return " ".join(texto.translate(_TABLA).split())


def clave(texto: str) -> str:
    """Convierte un nombre visible en el código de un atributo, en minúsculas ASCII y con guion bajo.

    "Velocidad de bajada (Mbps)" → "velocidad_de_bajada_mbps".

    Lanza ``ValueError`` si no queda ninguna letra ni cifra: un atributo sin código no se podría leer.
    """
    resultado = _NO_ES_CLAVE.sub("_", normalizar(texto)).strip("_")
    if not resultado:
        raise ValueError(f"De {citar(texto)} no sale una clave: se esperaba al menos una letra o una cifra.")
    return resultado


def citar(texto: object) -> str:
    """Entrecomilla lo que llegó para mostrarlo en un mensaje, en una línea y recortado a 40 caracteres."""
    if isinstance(texto, bool):
        texto = "sí" if texto else "no"
    elif isinstance(texto, dict | list):
        texto = json.dumps(texto, ensure_ascii=False, default=str)
    limpio = " ".join("".join(c if c.isprintable() else " " for c in str(texto)).split())
    if len(limpio) > _LARGO_DE_CITA:
        limpio = limpio[: _LARGO_DE_CITA - 1] + "…"
    return f"«{limpio}»"


def contar(cuantos: int, uno: str, varios: str) -> str:
    """Una cantidad con lo que cuenta: «1 día», «0 días», «1.234 días»."""
    return f"{cuantos:,}".replace(",", ".") + f" {uno if cuantos == 1 else varios}"
