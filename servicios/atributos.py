"""Las características de un servicio contra los atributos que define su tipo. Funciones puras."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from movistar_site.comun.presentacion import decimal
from movistar_site.comun.valores import citar
from movistar_site.comun.valores import clave as clave_de


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
    texto = " ".join(str(valor).split())
    # Un carácter de control o un sustituto suelto no se puede guardar en PostgreSQL.
    if len(texto) > LARGO_MAXIMO_TEXTO or not texto.isprintable():
        raise ValueError
    return texto


def _si_no(valor: Any) -> bool:
    if isinstance(valor, bool):
        return valor
    try:
        return SI_NO[str(valor).strip().lower()]
    except KeyError as error:
        raise ValueError from error


LECTORES: dict[TipoDato, tuple[Callable[[Any], Any], str]] = {
    TipoDato.ENTERO: (_entero, "un número entero"),
    TipoDato.DECIMAL: (_decimal, "un número"),
    TipoDato.TEXTO: (_texto, f"un texto de una línea, de hasta {LARGO_MAXIMO_TEXTO} caracteres"),
    TipoDato.SI_NO: (_si_no, "«sí» o «no»"),
    TipoDato.OPCION: (_texto, "una de las opciones de la lista"),
}


def leer_valor(definicion: Definicion, valor: Any) -> Any:
    """Lee el valor de un atributo según su definición. Lanza ValueError con una frase que dice qué se esperaba."""
    leer, esperado = LECTORES[definicion.tipo_dato]
    try:
        leido = leer(valor)
    except ValueError as error:
        raise ValueError(f"{definicion.nombre}: se espera {esperado} y llegó {citar(valor)}.") from error
    if definicion.tipo_dato == TipoDato.OPCION and leido not in definicion.opciones:
        raise ValueError(f"{definicion.nombre}: {citar(leido)} no está entre {', '.join(definicion.opciones)}.")
    if definicion.minimo is not None and definicion.tipo_dato in (TipoDato.ENTERO, TipoDato.DECIMAL):
        _exigir(leido >= definicion.minimo, f"{definicion.nombre}: el mínimo es {definicion.minimo.normalize():f}.")
    if definicion.maximo is not None and definicion.tipo_dato in (TipoDato.ENTERO, TipoDato.DECIMAL):
        _exigir(leido <= definicion.maximo, f"{definicion.nombre}: el máximo es {definicion.maximo.normalize():f}.")
    return leido


def _exigir(condicion: bool, mensaje: str) -> None:
    if not condicion:
        raise ValueError(mensaje)


def leer_caracteristicas(
    definiciones: Iterable[Definicion], caracteristicas: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Las características leídas, en el orden del tipo, y las faltas por clave: obligatorias que no están, valores que
    no se entienden y claves que el tipo no define."""
    leidas: dict[str, Any] = {}
    faltas: dict[str, str] = {}
    conocidas = set()
    for definicion in definiciones:
        conocidas.add(definicion.clave)
        valor = caracteristicas.get(definicion.clave)
        if valor is None or (isinstance(valor, str) and not valor.strip()):
            if definicion.obligatorio:
                faltas[definicion.clave] = f"{definicion.nombre}: es obligatorio para este tipo de servicio."
            continue
        try:
            leidas[definicion.clave] = leer_valor(definicion, valor)
        except ValueError as error:
            faltas[definicion.clave] = str(error)
    for clave in caracteristicas:
        if clave not in conocidas:
            faltas[clave] = f"El tipo de servicio no tiene el atributo {citar(clave)}."
    return leidas, faltas


def validar_caracteristicas(definiciones: Iterable[Definicion], caracteristicas: Any) -> dict[str, Any]:
    """Devuelve las características leídas y ordenadas según el tipo.

    Lanza ValidationError sobre el campo `caracteristicas` con *todas* las faltas.
    """
    if not isinstance(caracteristicas, Mapping):
        raise ValidationError({"caracteristicas": "Se espera un objeto con un valor por atributo."})
    leidas, faltas = leer_caracteristicas(definiciones, caracteristicas)
    if faltas:
        raise ValidationError({"caracteristicas": list(faltas.values())})
    return leidas


def proponer_clave(nombre: str, *, largo: int, ocupadas: Collection[str] = ()) -> str:
    """La clave que corresponde a un nombre visible: «Velocidad de bajada» → «velocidad_de_bajada».

    Si ya está entre las `ocupadas` lleva un número detrás; si empezaría por cifra, un «dato_» delante.
    Lanza ValueError si del nombre no queda ninguna letra ni cifra.
    """
    base = clave_de(nombre)
    base = (f"dato_{base}" if base[0].isdigit() else base)[:largo].rstrip("_")
    propuesta, vez = base, 1
    while propuesta in ocupadas:
        vez += 1
        propuesta = f"{base[: largo - len(str(vez)) - 1]}_{vez}"
    return propuesta


def mostrar_valor(definicion: Definicion, valor: Any) -> str:
    """El valor de una característica como se lee en pantalla: «300 Mbps», «Sí», «1.000 GB»."""
    if isinstance(valor, bool):
        return "Sí" if valor else "No"
    texto = decimal(Decimal(str(valor))) if isinstance(valor, int | float) else str(valor)
    return f"{texto} {definicion.unidad}".strip()
