"""Quién puede importar y exportar qué."""

from __future__ import annotations

from typing import Any

from .entidades import ENTIDADES


def permitidas(usuario: Any, accion: str) -> set[str]:
    """Las entidades que la cuenta puede importar o exportar."""
    return {nombre for nombre, entidad in ENTIDADES.items() if usuario.has_perm(entidad.permiso(accion))}


def puede_importar(usuario: Any) -> bool:
    """Verdadero si la cuenta puede importar alguna clase de registro."""
    return bool(permitidas(usuario, "importar"))


def puede_exportar(usuario: Any) -> bool:
    """Verdadero si la cuenta puede exportar todo: el par lleva todo."""
    return permitidas(usuario, "exportar") == set(ENTIDADES)
