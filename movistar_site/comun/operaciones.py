"""Escrituras que sirven a cualquier modelo: guardar con historia y borrar solo lo que nadie usa."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError

from .auditoria import auditar

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

    Lanza ValidationError con una frase que dice qué lo usa.
    """
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
    partes = [
        f"{cuenta} {modelo._meta.verbose_name if cuenta == 1 else modelo._meta.verbose_name_plural}"
        for modelo, cuenta in sorted(cuentas.items(), key=lambda par: -par[1])
    ]
    lista = " y ".join([", ".join(partes[:-1]), partes[-1]] if len(partes) > 1 else partes)
    verbo = "lo usa" if sum(cuentas.values()) == 1 else "lo usan"
    return f"«{registro}» no se puede borrar: {verbo} {lista}."
