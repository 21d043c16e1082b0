"""Desde cuándo es cliente alguien, escrito de cualquiera de las maneras que se han visto.

Una antigüedad («7 años») no dice desde cuándo se cuenta: se resta de la fecha de referencia de la importación y queda
dicho de dónde salió. Nada aquí mira el reloj.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from movistar_site.comun.valores import formatear_fecha, normalizar, sumar_meses

from .vocabulario_valores import MESES, NO, NUMEROS, SI

MESES_POR_ANIO = 12
ANIOS_MAXIMOS = 100
PRIMER_ANIO = 1900
_UMBRAL_MESES = 120
_LARGO_MAXIMO = 80
_DIA_MES_ANIO = re.compile(r"([0-9]{1,2})\s?([-/. ])\s?([0-9]{1,2})\s?\2\s?([0-9]{2}|[0-9]{4})")
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[t ].*)?")
_COMPACTA = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_CON_MES = re.compile(r"([0-9]{1,2})(?: de|[-/ ]) ?([a-z]+)\.?(?: del?|[-/ ,]*) ?([0-9]{4})")
_MES_Y_ANIO = re.compile(r"([a-z]+)\.?(?: del?)?[ -/]([0-9]{4})|([0-9]{1,2})[-/]([0-9]{4})")
_CANTIDAD = re.compile(r"([0-9]+(?:[.,][0-9]+)?|[a-z]+) ?(anos?|a|years?|meses|mes|m|dias?|d|semanas?)\b")
_NUMERO = re.compile(r"[0-9]{1,4}(?:[.,][0-9]{1,3})?")
_ANIO_SOLO = re.compile(r"(?:(?:desde|en|del|el|ano) )*([0-9]{4})")
_CIFRAS_DE_UN_ANIO = 4
_PARTES_DE_UNA_FECHA = 3


class Vinculacion(NamedTuple):
    """Desde cuándo; `pendiente` dice qué se dedujo para saberlo, o nada si el archivo da la fecha."""

    fecha: date
    pendiente: str = ""


def leer_fecha(valor: Any, referencia: date) -> Vinculacion | None:  # noqa: PLR0911 - una salida por forma
    """Una fecha de calendario: DD-MM-AAAA, DD/MM/AAAA, DD-MM-AA, ISO, «15 de marzo de 2012» o ["DD", "MM", "AAAA"]."""
    if isinstance(valor, list):
        return _de_partes(valor, referencia)
    if isinstance(valor, bool) or not isinstance(valor, str | int) or (isinstance(valor, int) and abs(valor) > 10**8):
        return None
    texto = normalizar(str(valor))
    if len(texto) > _LARGO_MAXIMO:
        return None
    if iso := _ISO.fullmatch(texto) or _COMPACTA.fullmatch(texto):
        return _fecha(iso[1], iso[2], iso[3], referencia)
    if corta := _DIA_MES_ANIO.fullmatch(texto):
        return _fecha(corta[4], corta[3], corta[1], referencia)
    if larga := _CON_MES.fullmatch(texto):
        return _fecha(larga[3], str(MESES.get(larga[2], 0)), larga[1], referencia)
    if mes := _MES_Y_ANIO.fullmatch(texto):
        numero = mes[3] or str(MESES.get(mes[1], 0))
        hallada = _fecha(mes[2] or mes[4], numero, "1", referencia)
        return hallada and Vinculacion(hallada.fecha, f"El archivo solo dice el mes: «{str(valor).strip()}»")
    return None


def _de_partes(partes: list[Any], referencia: date) -> Vinculacion | None:
    textos = [str(parte).strip() for parte in partes]
    if len(textos) != _PARTES_DE_UNA_FECHA or not all(t.isascii() and t.isdigit() for t in textos):
        return None
    if len(textos[0]) == _CIFRAS_DE_UN_ANIO:
        textos.reverse()
    return _fecha(textos[2], textos[1], textos[0], referencia)


def _fecha(anio: str, mes: str, dia: str, referencia: date) -> Vinculacion | None:
    try:
        if len(anio) == _CIFRAS_DE_UN_ANIO:
            return Vinculacion(date(int(anio), int(mes), int(dia)))
        # El siglo más reciente que no cae después de la fecha de referencia.
        siglo = referencia.year // 100 * 100
        completo = siglo + int(anio) - (100 if siglo + int(anio) > referencia.year else 0)
        hallada = date(completo, int(mes), int(dia))
    except ValueError:
        return None
    return Vinculacion(hallada, f"El archivo trae el año con dos cifras, «{anio}»: se tomó {completo}")


def leer_vinculacion(  # noqa: PLR0911 - una salida por clase de valor
    valor: Any, referencia: date, *, meses: bool = False
) -> Vinculacion | None:
    """La fecha que dice o de la que se deduce un valor cualquiera; None si no se entiende.

    Un número suelto es un año de ingreso si pasa de 1900 y, si no, años de antigüedad (o meses, con `meses`).
    """
    if isinstance(valor, bool):
        return _mas_de_diez(valor, valor, referencia)
    if hallada := leer_fecha(valor, referencia):
        return hallada
    if isinstance(valor, list | dict) or valor is None:
        return None
    texto = normalizar(str(valor))
    if not texto or len(texto) > _LARGO_MAXIMO:
        return None
    if texto in SI - {"1"} or texto in NO - {"0"}:
        return _mas_de_diez(texto in SI, valor, referencia)
    try:
        return _de_texto(texto, valor, referencia, meses)
    except (ValueError, OverflowError, InvalidOperation):
        return None


def _mas_de_diez(lleva: bool, valor: Any, referencia: date) -> Vinculacion:
    """«s» o «n»: lleva más de diez años o no. Más de diez es, al menos, diez y un día."""
    escrito = "sí" if valor is True else "no" if valor is False else str(valor).strip()
    if lleva:
        desde = _antes(referencia, _UMBRAL_MESES, 1)
        return Vinculacion(desde, f"El archivo solo dice que lleva más de diez años («{escrito}»)")
    return Vinculacion(referencia, f"El archivo solo dice que no lleva más de diez años («{escrito}»)")


def _de_texto(texto: str, valor: Any, referencia: date, meses: bool) -> Vinculacion | None:
    escrito = str(valor).strip()
    if solo := _ANIO_SOLO.fullmatch(texto):
        anio = int(solo[1])
        if not PRIMER_ANIO <= anio <= referencia.year + 1:
            return None
        return Vinculacion(date(anio, 1, 1), f"El archivo solo dice el año de ingreso: «{escrito}»")
    numero = _NUMERO.fullmatch(texto)
    if numero:
        total, dias = _a_meses(Decimal(texto.replace(",", ".")), meses), 0
    else:
        cuenta = _sumar(texto)
        if cuenta is None:
            return None
        total, dias = cuenta
    if total > ANIOS_MAXIMOS * MESES_POR_ANIO or dias > ANIOS_MAXIMOS * 366:
        return None
    cuanto = f"{escrito} meses" if numero and meses else f"{escrito} años" if numero else escrito
    desde = _antes(referencia, total, dias)
    return Vinculacion(desde, f"Derivada de «{cuanto}» contados hasta el {formatear_fecha(referencia)}")


def _a_meses(cantidad: Decimal, en_meses: bool) -> int:
    return int(cantidad if en_meses else cantidad * MESES_POR_ANIO)


def _sumar(texto: str) -> tuple[int, int] | None:
    """Meses y días de «1 año y 6 meses», «hace siete años», «más de 10 años»; None si sobra algo que no se entiende."""
    total, dias = Decimal(0), 0
    halladas = 0
    for cantidad, unidad in _CANTIDAD.findall(texto):
        numero = NUMEROS.get(cantidad) if cantidad.isalpha() else Decimal(cantidad.replace(",", "."))
        if numero is None:
            return None
        halladas += 1
        if unidad[0] in "ay":
            total += Decimal(numero) * MESES_POR_ANIO
        elif unidad[0] == "m":
            total += Decimal(numero)
        else:
            dias += int(numero) * (7 if unidad[0] == "s" else 1)
    resto = _CANTIDAD.sub(" ", texto)
    if not halladas or set(re.findall(r"\w+", resto)) - _PALABRAS_DE_RELLENO:
        return None
    if {"mas", "de"} <= set(resto.split()):
        dias += 1
    return int(total), dias


_PALABRAS_DE_RELLENO = {
    "y", "hace", "de", "mas", "con", "movistar", "desde", "en", "la", "empresa", "afiliado", "afiliada", "como",
    "cliente", "lleva", "aproximadamente", "unos", "casi", "antiguedad", "permanencia", "nosotros",
}  # fmt: skip


def _antes(referencia: date, meses: int, dias: int = 0) -> date:
    return sumar_meses(referencia, -meses) - timedelta(days=dias)
