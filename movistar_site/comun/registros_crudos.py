"""Registros armados sin el ORM: sus datos son un diccionario, y la instancia, ese mismo diccionario con su modelo.

Construir un modelo de Django, o traerlo de una consulta, cuesta decenas de microsegundos por registro, casi todos en
señales y conversiones que aquí no hacen falta. La instancia que sale es de verdad: se puede guardar y preguntar.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import models
from django.db.models.base import ModelState

from .campos import CampoBusqueda

Datos = dict[str, Any]


class PorCrear:
    """La clave primaria que tendrá un registro que viene en la misma importación y aún no está en la base.

    `tipo`: qué pasaría con él. Dos son el mismo si lo es su clave natural.
    """

    def __init__(self, clave: str, tipo: str) -> None:
        self.clave, self.tipo = clave, tipo

    def __eq__(self, otro: object) -> bool:
        return isinstance(otro, PorCrear) and otro.clave == self.clave

    def __hash__(self) -> int:
        return hash(self.clave)

    def __repr__(self) -> str:
        return f"PorCrear({self.clave!r})"


class Fabrica:
    """Arma registros de un modelo."""

    def __init__(self, modelo: type[models.Model]) -> None:
        self.modelo = modelo
        self.pk = str(modelo._meta.pk.attname)
        campos: Any = modelo._meta.concrete_fields
        self.de_sistema = [campo.attname for campo in campos if es_de_sistema(campo)]
        self.attnames = [campo.attname for campo in campos if not es_de_sistema(campo)]
        self._vivas = [(c.attname, c.default) for c in campos if c.has_default() and callable(c.default)]
        vivas = {attname for attname, _ in self._vivas}
        self._plantilla = {c.attname: None if c.attname in vivas else c.get_default() for c in campos}

    def nueva(self) -> Datos:
        """Los datos de un registro nuevo: cada campo con su valor por omisión."""
        datos = self._plantilla.copy()
        for attname, omision in self._vivas:
            datos[attname] = omision()
        datos["_state"] = ModelState()
        return datos

    def instancia(self, datos: Datos) -> Any:
        """El registro con esos datos; lo que se le ponga queda en ellos."""
        instancia = self.modelo.__new__(self.modelo)
        instancia.__dict__ = datos
        return instancia

    def guardados(self, consulta: models.QuerySet[Any], solo: Sequence[str] | None = None) -> Iterator[Datos]:
        """Los datos de los registros de una consulta: todos menos los que pone el sistema, o `solo` unos.

        Lo que no se trae, la instancia lo busca en la base si se le pregunta.
        """
        base, attnames = consulta.db, [self.pk, *solo] if solo is not None else self.attnames
        for fila in consulta.order_by().values_list(*attnames):
            datos = dict(zip(attnames, fila, strict=True))
            estado = datos["_state"] = ModelState()
            estado.adding, estado.db = False, base
            yield datos

    def completar(self, instancias: Sequence[Any]) -> None:
        """Trae, para guardar unos registros enteros, lo que `guardados` no trajo."""
        por_pk = {instancia.pk: instancia.__dict__ for instancia in instancias}
        filas = self.modelo._base_manager.filter(pk__in=por_pk).values_list(self.pk, *self.de_sistema)
        for pk, *valores in filas:
            por_pk[pk].update(zip(self.de_sistema, valores, strict=True))


def es_de_sistema(campo: Any) -> bool:
    """Verdadero si el campo lo llena el panel al guardar: cuándo se creó, cuándo cambió y cómo se busca."""
    return (
        isinstance(campo, CampoBusqueda) or getattr(campo, "auto_now", False) or getattr(campo, "auto_now_add", False)
    )
