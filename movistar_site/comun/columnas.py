"""Los valores de una columna entera llevados a la forma que guarda la base.

Da lo mismo que `campo.get_db_prep_save`, valor por valor, y sin pasar por él más que una vez por valor distinto.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from .campos import CampoBusqueda, CampoJson, texto_de_busqueda
from .valores import normalizar

_NADA = type(None)
_TEXTOS = (models.CharField, models.TextField)


@cache
def adaptador(campo: Any, alias: str) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """La función que adapta una columna de ese campo para esa base."""
    conexion = connections[alias]
    while isinstance(campo, models.ForeignKey):
        campo = campo.target_field
    if isinstance(campo, models.JSONField | CampoJson):
        return lambda valores: _por_identidad(valores, _volcador(campo))
    directos = _tipos_directos(campo, conexion.vendor)

    def adaptar(valores: Sequence[Any]) -> Sequence[Any]:
        if directos.issuperset(map(type, valores)):
            return valores
        listos = {valor: campo.get_db_prep_save(valor, connections[alias]) for valor in set(valores)}
        return list(map(listos.__getitem__, valores))

    return adaptar


def _tipos_directos(campo: Any, base: str) -> frozenset[type]:
    """Los tipos de Python que ese campo guarda tal cual."""
    if isinstance(campo, _TEXTOS):
        return frozenset({str, _NADA})
    if isinstance(campo, models.BooleanField):
        return frozenset({bool, _NADA})
    if isinstance(campo, models.IntegerField):
        return frozenset({int, _NADA})
    return frozenset({_NADA})


def _volcador(campo: Any) -> Callable[[Any], Any]:
    if isinstance(campo, CampoJson):
        return campo.get_prep_value
    return lambda valor: None if valor is None else json.dumps(valor, cls=campo.encoder)


def _por_identidad(valores: Sequence[Any], preparar: Callable[[Any], Any]) -> list[Any]:
    """Los objetos JSON no se pueden comparar de prisa; el mismo objeto en muchas filas sí se vuelca una vez."""
    vacio = preparar({})
    listos: dict[int, Any] = {}
    salida = []
    for valor in valores:
        if valor == {} and type(valor) is dict:
            salida.append(vacio)
            continue
        identidad = id(valor)
        if identidad not in listos:
            listos[identidad] = preparar(valor)
        salida.append(listos[identidad])
    return salida


def textos_de_busqueda(campo: CampoBusqueda, instancias: Sequence[Any]) -> list[str]:
    """El texto de búsqueda de cada instancia, que queda también puesto en ella."""
    textos = textos_de([[getattr(instancia, fuente, "") for instancia in instancias] for fuente in campo.fuentes])
    for instancia, texto in zip(instancias, textos, strict=True):
        instancia.__dict__[campo.attname] = texto
    return textos


def textos_de(columnas: Sequence[Sequence[Any]]) -> list[str]:
    """El texto de búsqueda de cada fila de esas columnas."""
    if all({str}.issuperset(map(type, columna)) for columna in columnas):
        return [normalizar(" ".join(filter(None, partes))) for partes in zip(*columnas, strict=True)]
    return [texto_de_busqueda(*partes) for partes in zip(*columnas, strict=True)]


def de_arreglo(conexion: BaseDatabaseWrapper, claves: Collection[Any]) -> tuple[str, Any]:
    """La condición SQL «está entre estas claves», con un solo parámetro, y ese parámetro."""
    if conexion.vendor == "sqlite":
        return "IN (SELECT value FROM json_each(%s))", json.dumps(list(claves))
    return "= ANY(%s)", list(claves)
