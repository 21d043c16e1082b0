"""Teléfonos de Colombia: se guardan en E.164 y se muestran como se dictan.

Fuente: plan nacional de numeración y marcación única de diez cifras (Resolución CRC 5826 de 2019, en uso desde el
1 de septiembre de 2021): móvil ``3XXXXXXXXX``; fijo ``60`` + indicativo (1, 2, 4, 5, 6, 7 u 8) + siete cifras.
"""

import re

import phonenumbers

from .texto import citar

_PREFIJO_DE_PAIS = "57"
_LARGO_NACIONAL = 10
_LARGO_LOCAL = 7
_LARGO_CON_INDICATIVO_ANTIGUO = 8
_PERMITIDO = re.compile(r"\(?\+?[0-9()\s.\-‐‑‒–—−]*")
_NO_CIFRA = re.compile(r"[^0-9]")
_PLAN_NACIONAL = re.compile(r"3[0-9]{9}|60[1245678][0-9]{7}")
_MOVIL = re.compile(r"\+573[0-9]{9}")
_FIJO = re.compile(r"\+5760[1245678][0-9]{7}")
_SIN_ADORNOS = re.compile(r"(?:\+57)?(3[0-9]{9}|60[1245678][0-9]{7})")
_SE_ESPERABA = "se esperaban 10 cifras, un móvil que empiece por 3 o un fijo que empiece por 60 y su indicativo"


def normalizar_telefono(texto: str) -> str:
    """Valida un teléfono colombiano y lo devuelve en E.164: "300 123 4567" → "+573001234567".

    Acepta espacios, puntos, guiones y paréntesis, y el prefijo del país como "+57" o "57".

    Lanza ``ValueError``, con una frase distinta para cada caso, si está vacío, si trae algo más que un número (una
    extensión, dos números), si es de otro país, si es un fijo de siete cifras (le falta el 60 y el indicativo; ver
    ``es_fijo_incompleto``) o si no cabe en el plan nacional de numeración.
    """
    # Así llega casi siempre en una importación: no hay adornos que quitar.
    if ya_limpio := _SIN_ADORNOS.fullmatch(texto):
        return f"+{_PREFIJO_DE_PAIS}{ya_limpio[1]}"
    nacional = _cifras_nacionales(texto)
    if len(nacional) == _LARGO_LOCAL:
        raise ValueError(
            f"El teléfono {citar(texto)} está incompleto: tiene 7 cifras y a un fijo se le antepone 60 y el indicativo,"
            " como 601 123 4567."
        )
    if len(nacional) == _LARGO_CON_INDICATIVO_ANTIGUO and nacional[0] in "1245678":
        raise ValueError(
            f"El teléfono {citar(texto)} usa la marcación anterior a 2021: se esperaba con 60, como 601 123 4567."
        )
    if not _PLAN_NACIONAL.fullmatch(nacional):
        raise ValueError(f"El teléfono {citar(texto)} no es un número de Colombia: {_SE_ESPERABA}.")
    # La validez la da el plan nacional y no is_valid_number: la biblioteca solo conoce los bloques ya asignados, y
    # un número de un bloque nuevo no se le puede rechazar a un cliente.
    # Por lo mismo basta anteponer el prefijo: una prueba comprueba que es lo que la biblioteca escribiría, sin
    # pagar su análisis en cada fila de una importación.
    return f"+{_PREFIJO_DE_PAIS}{nacional}"


def es_fijo_incompleto(texto: str) -> bool:
    """Dice si el texto es un fijo local de siete cifras, sin el 60 y el indicativo que hoy son obligatorios.

    La importación lo acepta y lo marca como incompleto; en un formulario se rechaza. No falla con ningún texto.
    """
    return cifras_de_fijo_incompleto(texto) != ""


def cifras_de_fijo_incompleto(texto: str) -> str:
    """Las siete cifras de un fijo local, como se guardan mientras se completa; «» si no lo es. No falla."""
    try:
        nacional = _cifras_nacionales(texto)
    except ValueError:
        return ""
    return nacional if len(nacional) == _LARGO_LOCAL else ""


def _cifras_nacionales(texto: str) -> str:
    """Las cifras sin el prefijo del país; rechaza lo que no es un solo número de Colombia."""
    recortado = texto.strip()
    cifras = _NO_CIFRA.sub("", recortado)
    if not cifras:
        raise ValueError(f"No hay un teléfono en {citar(texto)}: {_SE_ESPERABA}.")
    if not _PERMITIDO.fullmatch(recortado):
        raise ValueError(
            f"El teléfono {citar(texto)} trae algo más que un número: se esperaba uno solo, sin letras ni extensión."
        )
    if "+" in recortado:
        if not cifras.startswith(_PREFIJO_DE_PAIS):
            raise ValueError(
                f"El teléfono {citar(texto)} es {_origen(cifras)}: se esperaba uno de Colombia, con prefijo +57."
            )
        return cifras.removeprefix(_PREFIJO_DE_PAIS)
    if len(cifras) == _LARGO_NACIONAL + len(_PREFIJO_DE_PAIS):
        return cifras.removeprefix(_PREFIJO_DE_PAIS)
    return cifras


def _origen(cifras: str) -> str:
    try:
        numero = phonenumbers.parse(f"+{cifras}")
    except phonenumbers.NumberParseException:
        return "de otro país"
    return f"de otro país (prefijo +{numero.country_code})"


def formatear_telefono(e164: str) -> str:
    """Muestra un teléfono guardado: "300 123 4567" si es móvil, "(601) 123 4567" si es fijo.

    Lo que no sea un E.164 colombiano (un fijo incompleto, por ejemplo) se muestra sin tocar; no falla.
    """
    if es_movil(e164):
        return f"{e164[3:6]} {e164[6:9]} {e164[9:]}"
    if _FIJO.fullmatch(e164):
        return f"({e164[3:6]}) {e164[6:9]} {e164[9:]}"
    return e164


def es_movil(e164: str) -> bool:
    """Dice si un teléfono guardado en E.164 es móvil: solo a esos se les puede escribir por SMS."""
    return _MOVIL.fullmatch(e164) is not None
