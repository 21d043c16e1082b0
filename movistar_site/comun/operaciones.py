"""Escrituras que sirven a cualquier modelo: guardar con historia y borrar solo lo que nadie usa."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError

from .auditoria import auditar
from .usos import Uso, frase_de, usos_que_impiden_borrar

M = TypeVar("M", bound=models.Model)


@transaction.atomic
def guardar(registro: M, *, usuario: Any = None, motivo: str = "") -> M:
    """Valida y guarda un registro, con su fila de historia a nombre de `usuario`.

    Lanza ValidationError con una frase por campo si algo no cumple sus reglas.
    """
    registro.full_clean()
    with auditar(usuario=usuario, motivo=motivo):
        registro.save()
    return registro


@transaction.atomic
def borrar(registro: models.Model, *, usuario: Any = None, motivo: str = "") -> None:
    """Borra un registro que nada usa.

    Lanza ValidationError con una frase que dice qué lo usa. Los usos se cuentan hasta un límite antes de intentarlo:
    el borrado de Django los traería todos a la memoria para decir que no.
    """
    if usos := usos_que_impiden_borrar(registro):
        raise ValidationError(frase_de(registro, usos))
    try:
        with transaction.atomic(), auditar(usuario=usuario, motivo=motivo):
            registro.delete()
    except ProtectedError as error:
        raise ValidationError(frase_de_uso(registro, error.protected_objects)) from error


def frase_de_uso(registro: models.Model, usos: Any) -> str:
    """«Fibra 300» no se puede borrar: lo usan 3 contratos y 1 promoción."""
    cuentas: dict[type[models.Model], int] = {}
    for uso in usos:
        cuentas[type(uso)] = cuentas.get(type(uso), 0) + 1
    return frase_de(registro, [Uso(*par) for par in sorted(cuentas.items(), key=lambda par: -par[1])])
