"""Las columnas de un recurso preparadas para leer y validar miles de celdas sin repetir trabajo.

Leer una celda y probarla contra las reglas de su campo cuesta mucho más que recordar lo que salió la última vez: casi
todas las columnas repiten pocos valores. Aquí cada una guarda lo que ya leyó, y las reglas del campo quedan reducidas a
una función. Las frases son las de la celda y las del campo: no hay otras.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from typing import Any

import orjson
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models

from .campos import CampoTelefono
from .celdas import Telefono
from .lectura_de_golpe import CORREO_COMUN, es_correo_corriente, lector_de_golpe, solo_largo
from .piezas_intercambio import Columna
from .valores import cifras_de_fijo_incompleto, normalizar_telefono

_RECORDADOS = 4_096
_LARGO_RECORDADO = 1_000
_NO_SE_ENTIENDE = "No se entiende lo que trae la celda: revísela y escríbala de nuevo."


class Marca:
    """Algo que no es ningún valor de una celda."""

    def __init__(self, nombre: str) -> None:
        self.nombre = nombre

    def __repr__(self) -> str:
        return self.nombre


AUSENTE = Marca("AUSENTE")
"""La fila no trae esa columna."""
CONSERVA = Marca("CONSERVA")
"""La celda está vacía y eso no toca lo que hay."""
MALA = Marca("MALA")
"""La celda no se pudo leer."""

# De una celda: su valor (o una marca) y, si no es un valor bueno, (por qué no se lee, qué no le gusta al campo).
Problema = tuple[str, tuple[str, ...]]
Lectura = tuple[Any, Problema | None]
_SIN_PROBLEMA: Problema = ("", ())
Motivos = Callable[[Any], tuple[str, ...]]


def motivos_de(campo: Any) -> Motivos:
    """Lo que `clean_fields` diría de un valor de ese campo: una función que devuelve sus frases, vacía si vale.

    Una referencia puesta vale siempre: que exista lo comprueba quien la buscó. Un fijo incompleto también: si el
    registro puede tenerlo lo dice el recurso, que conoce la fila.
    """
    recordados: dict[Any, tuple[str, ...]] = {}
    vale, largo, corto = _vale_de(campo), solo_largo(campo), 0 if campo.blank else 1

    def de_texto(valor: Any) -> tuple[str, ...]:
        return () if valor.__class__ is str and corto <= len(valor) <= largo else _preguntar(campo, valor)

    def motivos(valor: Any) -> tuple[str, ...]:
        # Solo textos y enteros: como clave, 1, 1.0 y True son lo mismo.
        if valor.__class__ is not str and valor.__class__ is not int:
            return () if vale(valor) else _preguntar(campo, valor)
        dichos = recordados.get(valor)
        if dichos is None:
            if vale(valor):
                return ()
            if len(recordados) >= _RECORDADOS:
                recordados.clear()
            dichos = recordados[valor] = _preguntar(campo, valor)
        return dichos

    return de_texto if largo else motivos


def _preguntar(campo: Any, valor: Any) -> tuple[str, ...]:
    if campo.blank and valor in campo.empty_values:
        return ()
    try:
        campo.clean(valor, None)
    except ValidationError as error:
        return tuple(error.messages)
    return ()


def _vale_de(campo: Any) -> Callable[[Any], bool]:
    """Cómo se reconocen de un vistazo los valores buenos más comunes de un campo. Ante la duda, no."""
    clase = type(campo)
    vale: Callable[[Any], bool] = partial(operator.is_, AUSENTE)
    if isinstance(campo, models.ForeignKey):
        vale = partial(operator.is_not, None)
    elif isinstance(campo, CampoTelefono):
        vale = _es_telefono
    elif isinstance(campo, models.JSONField):
        # Lo que sale de una celda JSON se puede escribir como JSON: no hace falta escribirlo para saberlo.
        vale = partial(_es_json, campo.blank)
    elif clase in _FECHAS and not campo.choices and not campo.validators:
        vale = _FECHAS[clase]
    elif es_correo_corriente(campo):
        vale = _es_correo
    return vale


def _es_json(vacio_vale: bool, valor: Any) -> bool:
    return isinstance(valor, dict | list) and bool(valor or vacio_vale)


_CORREO = re.compile(CORREO_COMUN)


def _es_correo(valor: Any) -> bool:
    return valor.__class__ is str and _CORREO.fullmatch(valor) is not None


_FECHAS: dict[Any, Callable[[Any], bool]] = {
    models.DateField: lambda valor: valor.__class__ is date,
    models.DateTimeField: lambda valor: valor.__class__ is datetime and valor.tzinfo is not None,
}


def _es_telefono(valor: Any) -> bool:
    try:
        return valor.__class__ is str and normalizar_telefono(valor) == valor
    except ValueError:
        return bool(valor == cifras_de_fijo_incompleto(valor))


class ColumnaCompilada:
    """Una columna con su campo, lo que ya leyó y cómo se prueba."""

    def __init__(self, nombre: str, columna: Columna, modelo: type[models.Model]) -> None:
        self.nombre, self.columna = nombre, columna
        self.atributo = str(columna.attribute)
        self.campo: Any = None
        with suppress(FieldDoesNotExist):
            self.campo = modelo._meta.get_field(self.atributo)
        self.referencia = isinstance(self.campo, models.ForeignKey)
        self.attname = self.campo.attname if self.campo is not None else self.atributo
        # Lo que sale de la celda de un teléfono siempre le sirve a su campo.
        probar = self.campo is not None and not (type(columna.widget) is Telefono and type(self.campo) is CampoTelefono)
        self.motivos: Motivos = motivos_de(self.campo) if probar else lambda _: ()
        self.vacia_conserva = columna.conserva
        self.de_golpe = lector_de_golpe(columna, self.campo)
        self.recordadas: dict[Any, Lectura] = {}
        self.olvidar()

    def olvidar(self) -> None:
        """Olvida lo leído: una referencia que ayer no existía hoy puede existir."""
        self.recordadas = {AUSENTE: (AUSENTE, _SIN_PROBLEMA)}

    def leer_todas(self, crudas: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Problema | None]]:
        """El valor de cada celda y su problema; sin problemas, la segunda lista va vacía. No falla con ningún valor."""
        if self.de_golpe is not None and (valores := self.de_golpe(crudas)) is not None:
            return valores, ()
        buscar, leer = self.recordadas.get, self.leer
        try:
            leidas = [buscar(cruda) or leer(cruda) for cruda in crudas]
        except TypeError:
            # Listas y objetos no se pueden recordar.
            leidas = [leer(cruda) for cruda in crudas]
        leidos, problemas = zip(*leidas, strict=True)
        return leidos, problemas if any(problemas) else ()

    def leer(self, cruda: Any) -> Lectura:
        """Lo que se lee de una celda, recordado si se puede: dos celdas iguales dan el mismo objeto. No falla."""
        if cruda is AUSENTE:
            return (AUSENTE, _SIN_PROBLEMA)
        clave = _como_clave(cruda)
        if clave is AUSENTE:
            return self._leer(cruda)
        leida = self.recordadas.get(clave)
        if leida is None:
            if len(self.recordadas) >= _RECORDADOS:
                self.olvidar()
            leida = self.recordadas[clave] = self._leer(cruda)
        return leida

    def _leer(self, cruda: Any) -> Lectura:
        try:
            valor = self.columna.widget.clean(cruda)
        except ValueError as error:
            return (MALA, (str(error), ()))
        except (TypeError, ArithmeticError, AttributeError, LookupError, RecursionError):
            return (MALA, (_NO_SE_ENTIENDE, ()))
        if (self.vacia_conserva and cruda in (None, "")) or (valor in (None, "") and self._no_se_borra(valor)):
            return (CONSERVA, _SIN_PROBLEMA)
        motivos = self.motivos(valor)
        return (valor, ("", motivos) if motivos else None)

    def _no_se_borra(self, valor: Any) -> bool:
        """Una celda vacía no borra lo que no puede quedar vacío y tiene un valor por omisión."""
        campo = self.campo
        return bool(campo is not None and campo.has_default() and not campo.null and not (campo.blank and valor == ""))


def _como_clave(cruda: Any) -> Any:
    """Con qué se recuerda una celda; AUSENTE si con nada. Como clave, 1, 1.0 y True son lo mismo: no sirven."""
    clase = cruda.__class__
    if cruda is None or (clase is str and len(cruda) <= _LARGO_RECORDADO):
        return cruda
    if clase is int:
        return ("entero", cruda)
    if clase is dict or clase is list:
        with suppress(TypeError, ValueError, RecursionError):
            texto = orjson.dumps(cruda)
            return texto if len(texto) <= _LARGO_RECORDADO else AUSENTE
    return AUSENTE


def crudas_de(nombre: str, filas: Sequence[dict[str, Any]]) -> list[Any]:
    """Lo que cada fila trae para una columna."""
    return [fila.get(nombre, AUSENTE) for fila in filas]


__all__ = ["AUSENTE", "CONSERVA", "MALA", "ColumnaCompilada", "Lectura", "Marca", "crudas_de", "motivos_de"]
