"""Lo que ofrece un servicio, sacado de textos y claves sueltas: solo lo que se lee con certeza."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from movistar_site.comun.valores import normalizar

_NUMERO = r"([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,7}(?:[.,][0-9]{1,2})?)"
_MEGAS = re.compile(rf"{_NUMERO}\s*(?:megas?|mbps|mb/s|mb|mega bytes|megabits?)\b(?!\s*(?:de\s+)?subida)")
_SUBIDA = re.compile(rf"{_NUMERO}\s*(?:megas?|mbps|mb)\s*(?:de\s+)?subida")
_GIGAS = re.compile(rf"{_NUMERO}\s*(?:gb|gigas?|gigabytes?|g)\b")
_MINUTOS = re.compile(rf"{_NUMERO}\s*(?:minutos?|min)\b")
_CANALES = re.compile(rf"{_NUMERO}\s*canales\b(?!\s*(?:en\s+)?hd)")
_CANALES_HD = re.compile(rf"{_NUMERO}\s*canales\s*(?:en\s+)?hd\b")
_DECODIFICADORES = re.compile(rf"{_NUMERO}\s*(?:decodificadores|decodificador|decos|deco)\b")
_DIAS = re.compile(rf"{_NUMERO}\s*dias\b")
_SOLO = re.compile(_NUMERO)
_FIJOS = ("fibra", "duo", "trio")
_MOVILES = ("pospago", "prepago")
# Atributo → (tipos a los que vale, expresión, ¿entero?).
_EN_TEXTO: dict[str, tuple[tuple[str, ...], re.Pattern[str], bool]] = {
    "velocidad_bajada_mbps": (_FIJOS, _MEGAS, True),
    "velocidad_subida_mbps": (("fibra",), _SUBIDA, True),
    "datos_gb": (_MOVILES, _GIGAS, False),
    "minutos": (("pospago", "prepago", "telefonia_fija"), _MINUTOS, True),
    "canales": (("television", "duo", "trio"), _CANALES, True),
    "canales_hd": (("television",), _CANALES_HD, True),
    "decodificadores": (("television",), _DECODIFICADORES, True),
    "dias_vigencia": (("prepago",), _DIAS, True),
}
_ILIMITADOS = {
    "datos_ilimitados": (("pospago",), re.compile(r"(?:datos|navegacion|gigas|gb|internet)\s*ilimitad[oa]s?")),
    "minutos_ilimitados": (("pospago", "telefonia_fija"), re.compile(r"(?:minutos|llamadas|voz)\s*ilimitad[oa]s?")),
    "simetrica": (("fibra",), re.compile(r"\bsimetric[oa]s?\b")),
}
# Concepto de una clave suelta → atributos que puede ser, en orden; el número va sin unidad o con la suya.
_POR_CLAVE: dict[str, tuple[str, ...]] = {
    "megas": ("velocidad_bajada_mbps",),
    "navegacion": ("datos_gb", "velocidad_bajada_mbps"),
    "minutos": ("minutos",),
    "canales": ("canales",),
    "dias": ("dias_vigencia",),
    "plazo": ("dias_vigencia",),
    "cantidad": ("velocidad_bajada_mbps", "datos_gb", "canales", "minutos"),
}
_SIN_UNIDAD = frozenset({"megas", "canales", "minutos", "dias"})


def numero(texto: str, entero: bool) -> int | float | None:
    """El número escrito a la colombiana; None si no es entero y debía."""
    if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{3})+", texto):
        return int(texto.replace(".", ""))
    valor = float(texto.replace(",", "."))
    if valor.is_integer():
        return int(valor)
    return None if entero else valor


def en_texto(texto: str, tipo: str, admitidos: Iterable[str]) -> dict[str, Any]:
    """Los atributos de ese tipo que un texto dice con su unidad, una sola vez cada uno."""
    plano = normalizar(texto)
    posibles = set(admitidos)
    hallados: dict[str, Any] = {}
    for clave, (tipos, expresion, entero) in _EN_TEXTO.items():
        if tipo in tipos and clave in posibles:
            numeros = {numero(cifras, entero) for cifras in expresion.findall(plano)}
            if len(numeros) == 1 and (valor := numeros.pop()) is not None:
                hallados[clave] = valor
    for clave, (tipos, expresion) in _ILIMITADOS.items():
        if tipo in tipos and clave in posibles and expresion.search(plano):
            hallados[clave] = True
    return hallados


def de_clave(concepto: str, valor: Any, tipo: str, admitidos: Iterable[str]) -> dict[str, Any]:
    """El atributo que da una clave como «megas: 300» o «navegación: 20 GB»; vacío si no es del todo seguro."""
    posibles = [c for c in _POR_CLAVE.get(concepto, ()) if c in set(admitidos) and tipo in _EN_TEXTO[c][0]]
    texto = normalizar(str(valor)).removesuffix(".0")
    if concepto in _SIN_UNIDAD and _SOLO.fullmatch(texto) and posibles:
        leido = numero(texto, _EN_TEXTO[posibles[0]][2])
        return {} if leido is None else {posibles[0]: leido}
    for clave in posibles:
        _, expresion, entero = _EN_TEXTO[clave]
        if (hallado := expresion.fullmatch(texto)) and (leido := numero(hallado[1], entero)) is not None:
            return {clave: leido}
    if concepto in ("navegacion", "minutos"):
        return en_texto(f"{concepto} {texto}", tipo, admitidos) if texto.startswith("ilimitad") else {}
    return {}
