"""Precios escritos de cualquiera de las maneras que se han visto, como los lee `a_pesos`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, NamedTuple

from movistar_site.comun.valores import a_pesos, normalizar

from .piezas import simple

SOSPECHOSO = 1_000
_LARGO_DE_UN_IMPORTE = 40
_MILES = 3
_MONEDA_AJENA = re.compile(
    r"us\$|u\$s|[€£¥]|(?<![a-z])(?:usd|eur|gbp|mxn|ves|brl|pen|clp|ars|d[oó]lar(?:es)?|euros?)(?![a-z])", re.IGNORECASE
)
_CIFRAS = r"[0-9]+(?:[.,'][0-9]+)*"
_IMPORTE = re.compile(
    rf"\$\s*(?P<a>{_CIFRAS})(?P<mil_a>\s*(?:mil|k)\b)?"
    rf"|(?P<b>{_CIFRAS})(?:(?P<mil_b>\s*(?:mil|k)\b)(?:\s*pesos|\s*cop|\s*\$)?|\s*(?:\$|pesos\b|cop\b))"
    r"|(?P<c>[0-9]{1,3}(?:[.,][0-9]{3})+)(?![0-9.,]*\s*(?:megas|mb|gb|mbps|minutos|min|canales))",
    re.IGNORECASE,
)
_MIL = re.compile(rf"\$?\s*(?P<n>{_CIFRAS})\s*(?:mil|k)\s*(?:pesos|cop)?", re.IGNORECASE)
_ENTRE = re.compile(
    r"(?:desde|entre|de)?\s*\$?\s*[0-9][0-9.,]*\s*(?:mil|k)?\s*(?:-|–|—|a|y|hasta|/)\s*\$?\s*[0-9]", re.I
)
_PALABRAS_DE_PRECIO = {
    "a", "y", "hasta", "entre", "desde", "de", "del", "mes", "al", "mensual", "mensuales", "cada", "por", "el", "pesos",
    "cop", "mil", "ano", "anual", "aprox", "iva", "con", "incluido",
}  # fmt: skip
_GRATIS = frozenset({"gratis", "gratuito", "sin costo", "incluido"})


class Precio(NamedTuple):
    """`valor` listo para la columna, None si no lo hay; `nota` dice qué se entendió; `ajena`, que es otra moneda."""

    valor: Any = None
    nota: str = ""
    ajena: bool = False
    entendido: bool = True


def leer_precio(valor: Any) -> Precio:
    """El precio de un valor cualquiera. Lo que no se entiende vuelve como estaba, para que se vea la falta."""
    if isinstance(valor, bool | list | dict):
        return Precio(valor, entendido=False)
    if isinstance(valor, Decimal):
        return _decimal(valor)
    if isinstance(valor, int | float):
        return Precio(simple(valor), _sospecha(Decimal(str(valor))) if _finito(valor) else "")
    texto = str(valor).strip()
    if _MONEDA_AJENA.search(texto):
        return Precio(None, f"El precio «{texto[:60]}» está en otra moneda y no se convierte", ajena=True)
    try:
        return Precio(valor, _sospecha(a_pesos(texto)))
    except ValueError:
        return _de_frase(texto, valor)


def _finito(valor: float) -> bool:
    return abs(valor) < 1e15  # noqa: PLR2004 - ningún precio tiene dieciséis cifras; tampoco el infinito ni lo que no es


def _decimal(valor: Decimal) -> Precio:
    """Un número JSON con punto. Con tres cifras decimales es un precio en miles: nadie escribe milésimas de peso."""
    if not valor.is_finite():
        return Precio(str(valor), entendido=False)
    if valor.as_tuple().exponent == -_MILES and 0 < valor < SOSPECHOSO:
        entero = int(valor * 1_000)
        nota = f"El precio venía como el número {valor} y se leyó como {entero} pesos: revíselo"
        return Precio(str(entero), nota)
    return Precio(simple(valor), _sospecha(valor))


def _sospecha(importe: Decimal) -> str:
    if 0 < importe < SOSPECHOSO:
        return f"El precio {importe.normalize():f} no llega a mil pesos: revíselo"
    return ""


def importes_en(texto: str) -> list[Decimal]:
    """Los importes que hay dentro de una frase, en su orden."""
    importes = []
    for hallado in _IMPORTE.finditer(texto):
        cifras = hallado["a"] or hallado["b"] or hallado["c"]
        importe = _importe(cifras, bool(hallado["mil_a"] or hallado["mil_b"]))
        if importe is not None:
            importes.append(importe)
    return importes


def _importe(cifras: str, en_miles: bool) -> Decimal | None:
    try:
        return a_pesos(cifras.replace("'", ".")) * (1_000 if en_miles else 1)
    except ValueError:
        # «1,200,000» o «85,000»: en un precio colombiano la coma con tres cifras solo puede separar miles.
        if re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{3})+", cifras):
            return Decimal(cifras.replace(",", ""))
        return None


def _de_frase(texto: str, valor: Any) -> Precio:
    if normalizar(texto) in _GRATIS:
        return Precio("0", f"El precio decía «{texto}»")
    if mil := _MIL.fullmatch(texto):
        importe = _importe(mil["n"], True)
        if importe is not None:
            return Precio(_texto(importe), f"El precio decía «{texto}»")
    importes = importes_en(texto) if len(texto) > _LARGO_DE_UN_IMPORTE else importes_en(texto) or _sueltos(texto)
    if not importes:
        return Precio(valor, entendido=False)
    if _ENTRE.search(normalizar(texto)) and len(importes) > 1:
        minimo = min(importes)
        return Precio(_texto(minimo), f"El precio venía como rango, «{texto[:60]}»: se tomó el menor")
    nota = f"El precio salió de «{texto[:80]}»"
    if len(set(importes)) > 1:
        nota += f", que trae {len(importes)} importes: se tomó el primero"
    return Precio(_texto(importes[0]), nota)


def _sueltos(texto: str) -> list[Decimal]:
    """Los números de un texto corto con un importe mal escrito («85,000», «0 - 80.000»), si no dice nada más."""
    if set(re.findall(r"[^\W\d_]+", normalizar(texto))) - _PALABRAS_DE_PRECIO or re.search(r"[a-z]\d|\d[a-z]", texto):
        return []
    hallados = [_importe(cifras.rstrip(".,"), False) for cifras in re.findall(_CIFRAS, texto)]
    return [importe for importe in hallados if importe is not None]


def precio_en_prosa(texto: str) -> Precio | None:
    """El precio que se dice dentro de una descripción, si hay un único importe con signo de pesos."""
    importes = [i for i in importes_en(texto) if i >= SOSPECHOSO] if "$" in texto or "pesos" in texto.lower() else []
    if len(set(importes)) != 1 or _MONEDA_AJENA.search(texto):
        return None
    return Precio(_texto(importes[0]), f"El precio salió de la descripción: «{texto[:80]}»")


def _texto(importe: Decimal) -> str:
    return f"{importe:.0f}" if importe == importe.to_integral_value() else f"{importe:f}"
