"""Las restricciones de los modelos comprobadas en memoria.

`CheckConstraint.validate` pregunta a la base por cada restricción de cada fila: casi la mitad del tiempo de una
importación. Las condiciones del panel son comparaciones entre campos, y esas se responden sin salir de Python con la
lógica de tres valores de SQL (con un nulo, ni sí ni no). Lo que no se sabe responder se le pregunta a la base.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection
from typing import Any

from django.core.exceptions import FieldDoesNotExist
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


def _comparar(parte: tuple[str, Any], instancia: Model, sin: Collection[str]) -> bool | None:
    nombre, *resto = parte[0].split("__")
    modo = resto[0] if resto else "exact"
    if len(resto) >= _PARTES or (modo not in _COMPARACIONES and modo != "isnull"):
        raise NoSeSabe
    derecha = parte[1]
    if nombre in sin or (isinstance(derecha, F) and _nombre(derecha) in sin):
        return None
    izquierda = _valor(instancia, nombre)
    if modo == "isnull":
        return (izquierda is None) == derecha
    if isinstance(derecha, F):
        derecha = _valor(instancia, _nombre(derecha))
    elif hasattr(derecha, "resolve_expression"):
        raise NoSeSabe
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
    try:
        campo: Any = instancia._meta.get_field(nombre)
    except FieldDoesNotExist as error:
        raise NoSeSabe from error
    return getattr(instancia, campo.attname)
