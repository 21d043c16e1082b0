"""Documentos de identidad colombianos: cómo se guardan y cómo se muestran."""

import re
from functools import lru_cache
from typing import NamedTuple

from stdnum.co import nit as stdnum_nit

from .texto import citar


class _Regla(NamedTuple):
    nombre: str
    patron: re.Pattern[str]
    se_esperaba: str


def _regla(nombre: str, patron: str, se_esperaba: str) -> _Regla:
    return _Regla(nombre, re.compile(patron), se_esperaba)


# Largos y alfabetos de la sección 5 del dominio. El NIT va aparte: lleva dígito de verificación.
_REGLAS = {
    "CC": _regla("cédula de ciudadanía", r"[0-9]{3,10}", "de 3 a 10 cifras"),
    "TI": _regla("tarjeta de identidad", r"[0-9]{10,11}", "10 u 11 cifras"),
    "CE": _regla("cédula de extranjería", r"[A-Z0-9]{6,10}", "de 6 a 10 letras sin tilde o cifras"),
    "PPT": _regla("permiso por protección temporal", r"[A-Z0-9]{6,15}", "de 6 a 15 letras sin tilde o cifras"),
    "PEP": _regla("permiso especial de permanencia", r"[0-9]{15}", "15 cifras"),
    "PAS": _regla("pasaporte", r"[A-Z0-9]{6,16}", "de 6 a 16 letras sin tilde o cifras"),
    "PRO": _regla("documento provisional", r"[A-Z0-9]{6,16}", "de 6 a 16 letras sin tilde o cifras"),
}
TIPOS_DE_DOCUMENTO = ("CC", "TI", "CE", "NIT", "PPT", "PEP", "PAS", "PRO")
"""Tipos de documento que el panel conoce, en el orden en que se ofrecen."""

_SEPARADORES = re.compile(r"[\s.\-‐‑‒–—−]")  # los guiones tipográficos llegan de copiar y pegar
_GUIONES = re.compile(r"[‐‑‒–—−]")
_NIT_GUARDADO = re.compile(r"[0-9]{9}-[0-9]")
_LARGO_NIT = 9
_NIT_ESPERADO = "se esperaban 9 cifras, un guion y el dígito de verificación"


# En una importación el mismo documento se lee como clave, como dato y al validar el registro.
@lru_cache(maxsize=4_096)
def normalizar_documento(tipo: str, numero: str) -> str:
    """Valida un número de documento y lo devuelve como se guarda: sin puntos, espacios ni guiones, en mayúsculas.

    ``tipo`` es CC, TI, CE, NIT, PPT, PEP, PAS o PRO (provisional). El NIT se guarda con su dígito de verificación,
    "901354361-1", que se comprueba con el algoritmo de la DIAN (python-stdnum). Los ceros a la izquierda
    se conservan como llegaron: quitarlos cambiaría el documento escrito en un contrato.

    Fuente: reglas de identidad del dominio, sección 5.

    Lanza ``ValueError`` si el tipo no existe, si el número no cumple la regla de su tipo, si es todo ceros o si el
    dígito de verificación del NIT falta o no corresponde. Nunca dice cuál sería el correcto: quien lo tiene debe
    leerlo del RUT, no copiarlo de un mensaje.
    """
    codigo = tipo.strip().upper()
    if codigo not in TIPOS_DE_DOCUMENTO:
        raise ValueError(f"El tipo de documento {citar(tipo)} no existe: se esperaba {', '.join(TIPOS_DE_DOCUMENTO)}.")
    limpio = _SEPARADORES.sub("", numero)
    if not limpio:
        raise ValueError(f"Falta el número de {codigo}: llegó {citar(numero)} y se esperaba un número de documento.")
    if not limpio.strip("0"):
        raise ValueError(f"El número de {codigo} {citar(numero)} es todo ceros: se esperaba un documento real.")
    if codigo == "NIT":
        return _normalizar_nit(numero, limpio)
    regla = _REGLAS[codigo]
    # Se mira que sea ASCII antes de pasar a mayúsculas: "ß" se volvería "SS".
    normal = limpio.upper() if limpio.isascii() else ""
    if not regla.patron.fullmatch(normal):
        raise ValueError(
            f"{citar(numero)} no es un número de {regla.nombre} ({codigo}): se esperaban {regla.se_esperaba}."
        )
    return normal


def _normalizar_nit(numero: str, limpio: str) -> str:
    """NIT de nueve cifras y dígito de verificación: "901354361-1"."""
    if not re.fullmatch(r"[0-9]+", limpio):
        raise ValueError(f"El NIT {citar(numero)} tiene algo que no es cifra: {_NIT_ESPERADO}.")
    # El guion, si viene pegado a la última cifra, dice dónde está el dígito de verificación: "90135436-1" es un NIT
    # de ocho cifras, no uno de nueve al que le falte el dígito.
    trae_digito = re.search(r"-\s*[0-9]\s*$", _GUIONES.sub("-", numero)) is not None
    if len(limpio) == _LARGO_NIT and not trae_digito:
        raise ValueError(f"Al NIT {citar(numero)} le falta el dígito de verificación: {_NIT_ESPERADO}.")
    if len(limpio) != _LARGO_NIT + 1:
        raise ValueError(
            f"El NIT {citar(numero)} tiene {len(limpio)} cifras contando el dígito de verificación: {_NIT_ESPERADO}."
        )
    base, digito = limpio[:_LARGO_NIT], limpio[_LARGO_NIT:]
    if not base.strip("0"):
        raise ValueError(f"El NIT {citar(numero)} es todo ceros: se esperaba un documento real.")
    if stdnum_nit.calc_check_digit(base) != digito:
        raise ValueError(
            f"El dígito de verificación del NIT {citar(numero)} no corresponde: se esperaba el que figura en el RUT."
        )
    return f"{base}-{digito}"


def formatear_documento(tipo: str, numero: str) -> str:
    """Muestra un documento ya normalizado: CC y TI con puntos de miles, NIT "901.354.361-1", los demás tal cual.

    Lo que no tenga la forma esperada (un documento provisional, por ejemplo) se muestra sin tocar: esta función
    está hecha para listas y nunca falla.
    """
    codigo = tipo if tipo in _REGLAS else tipo.strip().upper()
    if codigo == "NIT" and _NIT_GUARDADO.fullmatch(numero):
        return f"{_con_puntos(numero[:-2])}{numero[-2:]}"
    if codigo in ("CC", "TI") and _REGLAS[codigo].patron.fullmatch(numero):
        return _con_puntos(numero)
    return numero


def _con_puntos(cifras: str) -> str:
    # Con un cero delante no se pasa por int: lo perdería.
    if cifras[0] != "0":
        return f"{int(cifras):,}".replace(",", ".")
    return re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+$)", ".", cifras)
