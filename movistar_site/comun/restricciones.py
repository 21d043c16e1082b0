"""Las restricciones de los modelos comprobadas en memoria.

`CheckConstraint.validate` pregunta a la base por cada restricción de cada fila: casi la mitad del tiempo de una
importación. Las condiciones del panel son comparaciones entre campos, y esas se responden sin salir de Python con la
lógica de tres valores de SQL (con un nulo, ni sí ni no). Lo que no se sabe responder se le pregunta a la base.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping
from functools import partial, reduce
from typing import Any, NamedTuple

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
Prueba = Callable[[Mapping[str, Any]], bool]


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


class Compilada(NamedTuple):
    """Una condición como dos preguntas sobre los datos de un registro (atributo → valor): si se cumple y si no.

    Con un nulo de por medio las dos responden que no. Lanzan TypeError si los datos no se dejan comparar.
    """

    cierta: Prueba
    falsa: Prueba


def compilar(condicion: Any, modelo: type[Model]) -> Compilada:
    """La condición lista para probar miles de registros sin interpretarla: lo mismo que `cumple`.

    Lanza NoSeSabe si no la interpreta.
    """
    if isinstance(condicion, tuple):
        return _comparacion(condicion, modelo)
    if not isinstance(condicion, Q) or condicion.connector not in (Q.AND, Q.OR) or not condicion.children:
        raise NoSeSabe
    partes = [compilar(parte, modelo) for parte in condicion.children]
    ciertas, falsas = [parte.cierta for parte in partes], [parte.falsa for parte in partes]
    if condicion.connector == Q.AND:
        junta = Compilada(reduce(_y, ciertas), reduce(_o, falsas))
    else:
        junta = Compilada(reduce(_o, ciertas), reduce(_y, falsas))
    return Compilada(junta.falsa, junta.cierta) if condicion.negated else junta


def _y(una: Prueba, otra: Prueba) -> Prueba:
    return lambda datos: una(datos) and otra(datos)


def _o(una: Prueba, otra: Prueba) -> Prueba:
    return lambda datos: una(datos) or otra(datos)


def _comparacion(parte: tuple[str, Any], modelo: type[Model]) -> Compilada:
    nombre, modo, derecha = _leer_parte(parte)
    izquierdo = _atributo(modelo, nombre)
    if modo == "isnull":
        nulo: Prueba = lambda datos: datos[izquierdo] is None  # noqa: E731
        puesto: Prueba = lambda datos: datos[izquierdo] is not None  # noqa: E731
        return Compilada(nulo, puesto) if derecha else Compilada(puesto, nulo)
    comparar = _COMPARACIONES[modo]
    if isinstance(derecha, F):
        derecho = _atributo(modelo, _nombre(derecha))

        def entre_campos(datos: Mapping[str, Any], *, es: bool) -> bool:
            uno, otro = datos[izquierdo], datos[derecho]
            return uno is not None and otro is not None and bool(comparar(uno, otro)) is es

        return Compilada(partial(entre_campos, es=True), partial(entre_campos, es=False))
    if derecha is None:
        raise NoSeSabe
    return Compilada(
        lambda datos: (valor := datos[izquierdo]) is not None and bool(comparar(valor, derecha)),
        lambda datos: (valor := datos[izquierdo]) is not None and not comparar(valor, derecha),
    )


def campos_de(condicion: Any) -> set[str]:
    """Los campos que mira una condición."""
    if isinstance(condicion, tuple):
        derecha = {_nombre(condicion[1])} if isinstance(condicion[1], F) else set()
        return {condicion[0].split("__")[0]} | derecha
    partes = condicion.children if isinstance(condicion, Q) else ()
    return set().union(*(campos_de(parte) for parte in partes))


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
