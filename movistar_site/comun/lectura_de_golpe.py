"""Leer y validar de una vez las mil celdas de una columna, cuando todas son corrientes.

Una columna de textos, de correos o de teléfonos trae casi siempre valores que no tienen nada que decir: si con una sola
mirada se sabe que todos valen, valen; si no, o ante la duda, se leen uno por uno.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.core.validators import EmailValidator, MaxLengthValidator
from django.db import models

from .campos import CampoTelefono
from .celdas import Recortado, Telefono, Texto, es_guardable
from .piezas_intercambio import Columna

Lector = Callable[[Sequence[Any]], Sequence[str] | None]

# Un correo corriente, que cumple de sobra con lo que Django exige; los demás se le preguntan a él.
CORREO_COMUN = (
    r"(?=[^\n]{6,120}(?:\n|\Z))[a-z0-9_+-]++(?:\.[a-z0-9_+-]++)*+@(?:[a-z0-9]{1,63}+\.)+[a-z]{2,63}+(?=\n|\Z)"
)
_CORREOS = re.compile(rf"(?:(?:{CORREO_COMUN})?\n)*+")
_TELEFONOS = re.compile(r"(?:(?:(?:\+57)?(?:3[0-9]{9}|60[1245678][0-9]{7}))?\n)*+")


def lector_de_golpe(columna: Columna, campo: Any) -> Lector | None:
    """Cómo se lee entera esa columna, o None si hay que ir celda por celda.

    El lector devuelve los valores, o None si alguna celda no es corriente.
    """
    celda = columna.widget
    vacio_vale = campo is not None and campo.blank and not columna.conserva
    if type(celda) is Telefono and type(campo) is CampoTelefono and vacio_vale:
        return _telefonos
    if type(celda) not in (Texto, Recortado) or getattr(celda, "mayusculas", False):
        return None
    if es_correo_corriente(campo) and vacio_vale:
        return _correos
    if largo := solo_largo(campo):
        return partial(_textos, type(celda) is Recortado, 0 if vacio_vale else 1, largo)
    return None


def _textos(recorta: bool, minimo: int, maximo: int, crudas: Sequence[Any]) -> Sequence[str] | None:
    try:
        if not es_guardable("".join(crudas)):
            return None
    except TypeError:
        return None
    valores = [cruda.strip() for cruda in crudas] if recorta else crudas
    largos = [*map(len, valores)]
    return valores if min(largos) >= minimo and max(largos) <= maximo else None


def _correos(crudas: Sequence[Any]) -> Sequence[str] | None:
    return crudas if _en_lineas(_CORREOS, crudas) else None


def _telefonos(crudas: Sequence[Any]) -> Sequence[str] | None:
    if not _en_lineas(_TELEFONOS, crudas):
        return None
    return [cruda if not cruda or cruda[0] == "+" else f"+57{cruda}" for cruda in crudas]


def _en_lineas(patron: re.Pattern[str], crudas: Sequence[Any]) -> bool:
    try:
        lineas = "\n".join(crudas) + "\n"
    except TypeError:
        return False
    # Una celda con un salto de línea haría dos.
    return lineas.count("\n") == len(crudas) and patron.fullmatch(lineas) is not None


def es_correo_corriente(campo: Any) -> bool:
    """Si el campo es un correo con las reglas de Django y ninguna otra."""
    return type(campo) is models.EmailField and {*map(type, campo.validators)} == {EmailValidator, MaxLengthValidator}


def solo_largo(campo: Any) -> int:
    """Hasta qué largo vale cualquier texto en ese campo; cero si hay que mirar algo más que el largo."""
    if type(campo) not in (models.CharField, models.TextField) or campo.choices:
        return 0
    largos = [v.limit_value for v in campo.validators if type(v) is MaxLengthValidator]
    if len(largos) != len(campo.validators) or any(callable(largo) for largo in largos):
        return 0
    return min(largos, default=1 << 30)
