"""Pasar de un cliente a otro todo lo que apunta a él, de cualquier modelo que exista o llegue a existir."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from movistar_site.comun import lotes

from ..llaves import llaves, nombre_de_llave
from ..models import Cliente

Movidos = dict[str, list[Any]]


def mover_todo(de: Cliente, a: Cliente, firma: lotes.Firma) -> Movidos:
    """Pasa todo lo de un cliente a otro y dice qué pasó. Lanza ValidationError si algo no puede ser de uno solo."""
    movidos: Movidos = {}
    for llave in llaves():
        claves = list(_filas(llave, de).values_list("pk", flat=True))
        if claves:
            _mover(llave, claves, a, firma)
            movidos[nombre_de_llave(llave)] = claves
    return movidos


def devolver(de: Cliente, a: Cliente, movidos: Mapping[str, Sequence[Any]], firma: lotes.Firma) -> None:
    """Devuelve lo que se movió y sigue siendo de `de`; lo que ya no está o pasó a otro dueño se deja."""
    for llave in llaves():
        suyas = movidos.get(nombre_de_llave(llave), ())
        claves = list(_filas(llave, de).filter(pk__en_lista=list(suyas)).values_list("pk", flat=True)) if suyas else []
        if claves:
            _mover(llave, claves, a, firma)


def _filas(llave: models.ForeignKey[Any, Any], dueno: Cliente) -> models.QuerySet[Any]:
    return llave.model._base_manager.filter(**{llave.name: dueno}).order_by("pk")


def _mover(llave: models.ForeignKey[Any, Any], claves: list[Any], a: Cliente, firma: lotes.Firma) -> None:
    modelo = llave.model
    try:
        with transaction.atomic():
            if hasattr(modelo._meta, "simple_history_manager_attribute"):
                filas = [modelo(pk=clave, **{llave.attname: a.pk}) for clave in claves]
                lotes.actualizar(modelo, filas, campos=[llave.name], firma=firma)
            else:
                modelo._base_manager.filter(pk__en_lista=claves).update(**{llave.name: a})
    except IntegrityError as error:
        raise ValidationError(
            f"No se pueden fusionar: las dos fichas tienen {modelo._meta.verbose_name_plural} que no pueden ser de un"
            " solo cliente. Corríjalo en una de las dos."
        ) from error
