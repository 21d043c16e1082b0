"""Las restricciones de los modelos comprobadas en memoria.

`CheckConstraint.validate` pregunta a la base por cada restricción de cada fila: casi la mitad del tiempo de una
importación. Las condiciones del panel son comparaciones entre campos, y esas se responden sin salir de Python con la
lógica de tres valores de SQL (con un nulo, ni sí ni no). Lo que no se sabe responder se le pregunta a la base.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import CheckConstraint, F, Model, Q
from django.db.models.constraints import BaseConstraint


class NoSeSabe(Exception):
    """La condición usa algo que aquí no se interpreta."""


_COMPARACIONES: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "in": lambda valor, varios: valor in varios,
    "range": lambda valor, limites: limites[0] <= valor <= limites[1],
}
_PARTES = 2


def validar(restriccion: BaseConstraint, instancia: Model, *, sin: Collection[str] = ()) -> None:
    """Comprueba una restricción. Lanza ValidationError con su mensaje si no se cumple.

    `sin`: campos que ya se sabe que están mal; una condición que los use no se mira.
    """
    if isinstance(restriccion, CheckConstraint):
        try:
            if cumple(restriccion.condition, instancia, sin) is not False:
                return
        except NoSeSabe:
            pass
        else:
            raise ValidationError(
                restriccion.get_violation_error_message(), code=getattr(restriccion, "violation_error_code", None)
            )
    restriccion.validate(type(instancia), instancia, exclude=set(sin))


def cumple(condicion: Any, instancia: Model, sin: Collection[str] = ()) -> bool | None:
    """Verdadero, falso o None (no se sabe, por un nulo o un campo excluido). Lanza NoSeSabe si no la interpreta."""
    if not isinstance(condicion, Q):
        raise NoSeSabe
    respuestas = [
        _comparar(parte, instancia, sin) if isinstance(parte, tuple) else cumple(parte, instancia, sin)
        for parte in condicion.children
    ]
    if condicion.connector == Q.AND:
        junta = False if False in respuestas else (None if None in respuestas else True)
    elif condicion.connector == Q.OR:
        junta = True if True in respuestas else (None if None in respuestas else False)
    else:
        raise NoSeSabe
    return (None if junta is None else not junta) if condicion.negated else junta


def compilar(condicion: Any, modelo: type[Model]) -> Callable[[Mapping[str, Any]], bool | None]:
    """La condición como función de los datos de un registro (atributo → valor), para probar miles sin interpretarla.

    Responde lo mismo que `cumple`. Lanza NoSeSabe si no la interpreta; la función, TypeError si los datos no se dejan
    comparar.
    """
    if isinstance(condicion, tuple):
        return _comparacion(condicion, modelo)
    if not isinstance(condicion, Q) or condicion.connector not in (Q.AND, Q.OR):
        raise NoSeSabe
    partes = [compilar(parte, modelo) for parte in condicion.children]
    # Un Y termina con el primer no; un O, con el primer sí.
    decide = condicion.connector == Q.OR

    def juntar(datos: Mapping[str, Any]) -> bool | None:
        junta: bool | None = not decide
        for parte in partes:
            respuesta = parte(datos)
            if respuesta is decide:
                return decide
            if respuesta is None:
                junta = None
        return junta

    if not condicion.negated:
        return partes[0] if len(partes) == 1 else juntar

    def negar(datos: Mapping[str, Any]) -> bool | None:
        respuesta = juntar(datos)
        return None if respuesta is None else not respuesta

    return negar


def _comparacion(parte: tuple[str, Any], modelo: type[Model]) -> Callable[[Mapping[str, Any]], bool | None]:
    nombre, modo, derecha = _leer_parte(parte)
    izquierdo = _atributo(modelo, nombre)
    if modo == "isnull":
        return lambda datos: (datos[izquierdo] is None) == derecha
    comparar = _COMPARACIONES[modo]
    if isinstance(derecha, F):
        derecho = _atributo(modelo, _nombre(derecha))

        def entre_campos(datos: Mapping[str, Any]) -> bool | None:
            uno, otro = datos[izquierdo], datos[derecho]
            return None if uno is None or otro is None else bool(comparar(uno, otro))

        return entre_campos

    def con_valor(datos: Mapping[str, Any]) -> bool | None:
        valor = datos[izquierdo]
        return None if valor is None or derecha is None else bool(comparar(valor, derecha))

    return con_valor


def _leer_parte(parte: tuple[str, Any]) -> tuple[str, str, Any]:
    """Campo, comparación y con qué. Lanza NoSeSabe si aquí no se interpreta."""
    nombre, *resto = parte[0].split("__")
    modo = resto[0] if resto else "exact"
    if len(resto) >= _PARTES or (modo not in _COMPARACIONES and modo != "isnull"):
        raise NoSeSabe
    if hasattr(parte[1], "resolve_expression") and not isinstance(parte[1], F):
        raise NoSeSabe
    return nombre, modo, parte[1]


def _comparar(parte: tuple[str, Any], instancia: Model, sin: Collection[str]) -> bool | None:
    nombre, modo, derecha = _leer_parte(parte)
    if nombre in sin or (isinstance(derecha, F) and _nombre(derecha) in sin):
        return None
    izquierda = _valor(instancia, nombre)
    if modo == "isnull":
        return (izquierda is None) == derecha
    if isinstance(derecha, F):
        derecha = _valor(instancia, _nombre(derecha))
    if izquierda is None or derecha is None:
        return None
    try:
        return bool(_COMPARACIONES[modo](izquierda, derecha))
    except TypeError as error:
        raise NoSeSabe from error


def _nombre(referencia: F) -> str:
    # A los tipos de Django les falta este atributo.
    return str(referencia.name)  # type: ignore[attr-defined]


def _valor(instancia: Model, nombre: str) -> Any:
    return getattr(instancia, _atributo(type(instancia), nombre))


def _atributo(modelo: type[Model], nombre: str) -> str:
    try:
        campo: Any = modelo._meta.get_field(nombre)
    except FieldDoesNotExist as error:
        raise NoSeSabe from error
    return str(campo.attname)
