"""Suprimir los datos de una persona (Ley 1581 de 2012, artículo 8): qué palabras la nombran y cómo se tachan.

Otras aplicaciones dicen aquí por qué un cliente suyo todavía no se puede suprimir (`GUARDAS`) y qué borran ellas cuando
se suprime (`AL_ANONIMIZAR`). Lo demás es puro: no toca la base.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from movistar_site.comun import valores

GUARDAS: list[Callable[[Any], str]] = []
"""Reciben al cliente y dicen, en una frase, por qué no se puede suprimir todavía; vacía, si se puede."""
AL_ANONIMIZAR: list[Callable[[Any, Any, datetime], None]] = []
"""Reciben (cliente, usuario, ahora) en la misma transacción, después de suprimirlo."""

NOMBRE: Final = "Datos suprimidos"
"""Como se llama desde entonces."""
TACHA: Final = "[suprimido]"
LARGO_DE_PALABRA = 4
"""Un nombre o apellido más corto («Sol», «Paz») se confunde con una palabra: solo se tacha junto al resto."""
_VARIANTES = {"a": "aáà", "e": "eéè", "i": "iíì", "o": "oóò", "u": "uúùü", "n": "nñ"}
_PREFIJO = "+57"


def documento_suprimido(clave: int) -> str:
    """El documento provisional de una ficha suprimida: único, y sin nada del de antes."""
    return f"SUPR{clave:08d}"


def suprimido(clave: int) -> dict[str, Any]:
    """Los datos que quedan en la ficha (y en cada versión de su historia) en lugar de los personales.

    El municipio, el estrato y las fechas quedan: no identifican a nadie y los reportes los cuentan.
    """
    return {
        "tipo_documento": "PRO", "documento": documento_suprimido(clave), "nombre": NOMBRE, "apellido": "", "email": "",
        "telefono": "", "telefono_alterno": "", "direccion": "", "notas": "", "id_origen": "", "pendientes": {},
    }  # fmt: skip


class Tachador:
    """Quita de un texto lo que nombra a una persona: nombre, apellidos, documento, teléfonos, correo y dirección."""

    def __init__(self, fichas: Iterable[Mapping[str, Any]]) -> None:
        expresiones = sorted({una for ficha in fichas for una in _expresiones(ficha)}, key=len, reverse=True)
        self._patron = re.compile("|".join(f"(?:{una})" for una in expresiones)) if expresiones else None

    def tachar(self, texto: str) -> str:
        """El texto sin lo que la nombra; el mismo, si no la nombra."""
        return self._patron.sub(TACHA, texto) if self._patron is not None and texto else texto


def _expresiones(ficha: Mapping[str, Any]) -> Iterable[str]:
    nombre, apellido = (str(ficha.get(campo) or "").strip() for campo in ("nombre", "apellido"))
    if nombre and nombre != NOMBRE:
        yield from _de_nombre(nombre, apellido)
    documento, tipo = str(ficha.get("documento") or ""), str(ficha.get("tipo_documento") or "")
    if documento and documento != NOMBRE:
        yield from _sueltas(documento, valores.formatear_documento(tipo, documento))
    for campo in ("telefono", "telefono_alterno"):
        if numero := str(ficha.get(campo) or ""):
            nacional = numero.removeprefix(_PREFIJO)
            yield from _sueltas(numero, nacional, valores.formatear_telefono(numero))
            if len(nacional) == 10:  # noqa: PLR2004 - como se escribe un móvil a mano
                yield rf"(?<!\d)(?:\+?57[ .-]?)?{nacional[:3]}[ .-]?{nacional[3:6]}[ .-]?{nacional[6:]}(?!\d)"
    yield from (f"(?i:{re.escape(str(ficha[campo]))})" for campo in ("email", "direccion") if ficha.get(campo))


def _de_nombre(nombre: str, apellido: str) -> Iterable[str]:
    nombres, apellidos = nombre.split(), apellido.split()
    juntos = [f"{nombre} {apellido}".strip()]
    juntos += [f"{uno} {otro}" for uno in nombres for otro in apellidos]
    yield from (rf"(?i:\b{_sin_tildes(uno)}\b)" for uno in juntos)
    # La razón social de una empresa son palabras corrientes: solo entera.
    if apellidos:
        yield from (rf"(?i:\b{_sin_tildes(uno)}\b)" for uno in apellidos if len(uno) >= LARGO_DE_PALABRA)
        # Un nombre de pila solo, con su mayúscula: «Blanca» es ella; «la camisa blanca», no.
        yield from (rf"\b{re.escape(uno)}\b" for uno in nombres if len(uno) >= LARGO_DE_PALABRA and uno[0].isupper())


def _sueltas(*textos: str) -> Iterable[str]:
    """Cifras que no son parte de un número más largo."""
    yield from (rf"(?<![\w]){re.escape(uno)}(?!\w)" for uno in textos if uno)


def _sin_tildes(texto: str) -> str:
    """Una expresión que reconoce el texto con tildes o sin ellas, y con cualquier espacio."""
    letras = []
    for letra in texto:
        if letra.isspace():
            letras.append(r"\s+")
            continue
        base = unicodedata.normalize("NFD", letra.lower())[0]
        letras.append(f"[{_VARIANTES[base]}]" if base in _VARIANTES else re.escape(letra))
    return "".join(letras)
