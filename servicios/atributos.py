"""Las características de un servicio contra los atributos que define su tipo. Funciones puras."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models


class TipoDato(models.TextChoices):
    """Clase de dato de un atributo."""

    ENTERO = "entero", "Número entero"
    DECIMAL = "decimal", "Número con decimales"
    TEXTO = "texto", "Texto"
    SI_NO = "si_no", "Sí o no"
    OPCION = "opcion", "Una opción de una lista"


@dataclass(frozen=True)
class Definicion:
    """Un atributo de un tipo de servicio, como valor."""

    clave: str
    nombre: str
    tipo_dato: TipoDato
    unidad: str = ""
    obligatorio: bool = False
    minimo: Decimal | None = None
    maximo: Decimal | None = None
    opciones: tuple[str, ...] = ()


LARGO_MAXIMO_TEXTO = 200
SI_NO = {"si": True, "sí": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def _numero(valor: Any) -> Decimal:
    if isinstance(valor, bool):
        raise ValueError
    try:
        numero = Decimal(str(valor).strip())
    except InvalidOperation as error:
        raise ValueError from error
    if not numero.is_finite() or abs(numero) >= Decimal("1e12"):
        raise ValueError
    return numero


def _entero(valor: Any) -> int:
    numero = _numero(valor)
    if numero != numero.to_integral_value():
        raise ValueError
    return int(numero)


def _decimal(valor: Any) -> int | float:
    numero = _numero(valor)
    return int(numero) if numero == numero.to_integral_value() else float(numero)


def _texto(valor: Any) -> str:
    if not isinstance(valor, str | int | float) or isinstance(valor, bool):
        raise ValueError
    texto = str(valor).strip()
    if len(texto) > LARGO_MAXIMO_TEXTO:
        raise ValueError
    return texto


def _si_no(valor: Any) -> bool:
    if isinstance(valor, bool):
        return valor
    try:
        return SI_NO[str(valor).strip().lower()]
    except KeyError as error:
        raise ValueError from error


LECTORES = {
    TipoDato.ENTERO: (_entero, "un número entero"),
    TipoDato.DECIMAL: (_decimal, "un número"),
    TipoDato.TEXTO: (_texto, f"un texto de hasta {LARGO_MAXIMO_TEXTO} caracteres"),
    TipoDato.SI_NO: (_si_no, "«sí» o «no»"),
    TipoDato.OPCION: (_texto, "una de las opciones de la lista"),
}


def leer_valor(definicion: Definicion, valor: Any) -> Any:
    """Lee el valor de un atributo según su definición. Lanza ValueError con una frase que dice qué se esperaba."""
    leer, esperado = LECTORES[definicion.tipo_dato]
    try:
        leido = leer(valor)
    except ValueError as error:
        raise ValueError(f"{definicion.nombre}: se espera {esperado} y llegó «{valor}».") from error
    if definicion.tipo_dato == TipoDato.OPCION and leido not in definicion.opciones:
        raise ValueError(f"{definicion.nombre}: «{leido}» no está entre {', '.join(definicion.opciones)}.")
    if definicion.minimo is not None and definicion.tipo_dato in (TipoDato.ENTERO, TipoDato.DECIMAL):
        _exigir(leido >= definicion.minimo, f"{definicion.nombre}: el mínimo es {definicion.minimo.normalize():f}.")
    if definicion.maximo is not None and definicion.tipo_dato in (TipoDato.ENTERO, TipoDato.DECIMAL):
        _exigir(leido <= definicion.maximo, f"{definicion.nombre}: el máximo es {definicion.maximo.normalize():f}.")
    return leido


def _exigir(condicion: bool, mensaje: str) -> None:
    if not condicion:
        raise ValueError(mensaje)


def validar_caracteristicas(definiciones: Iterable[Definicion], caracteristicas: Any) -> dict[str, Any]:
    """Devuelve las características leídas y ordenadas según el tipo.

    Lanza ValidationError sobre el campo `caracteristicas` con *todas* las faltas: atributos obligatorios que no están,
    valores que no se pueden leer y claves que el tipo no define.
    """
    if not isinstance(caracteristicas, Mapping):
        raise ValidationError({"caracteristicas": "Se espera un objeto con un valor por atributo."})
    definiciones = list(definiciones)
    leidas: dict[str, Any] = {}
    faltas = []
    for definicion in definiciones:
        valor = caracteristicas.get(definicion.clave)
        if valor is None or valor == "":
            if definicion.obligatorio:
                faltas.append(f"{definicion.nombre}: es obligatorio para este tipo de servicio.")
            continue
        try:
            leidas[definicion.clave] = leer_valor(definicion, valor)
        except ValueError as error:
            faltas.append(str(error))
    conocidas = {definicion.clave for definicion in definiciones}
    faltas += [f"El tipo de servicio no tiene el atributo «{clave}»." for clave in caracteristicas if clave not in conocidas]
    if faltas:
        raise ValidationError({"caracteristicas": faltas})
    return leidas
