"""Lo que necesitan las plantillas de la ficha de un cliente."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.filter
def permitido(permiso: str, usuario: Any) -> bool:
    """Si la cuenta tiene el permiso."""
    return bool(usuario.has_perm(permiso))
