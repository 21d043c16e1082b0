"""A qué página lleva cada registro."""

from __future__ import annotations

from django.contrib.admin.utils import quote
from django.db.models import Model
from django.urls import reverse


def pagina_de(registro: Model) -> str:
    """La página que se abre para leer un registro: la suya, si la tiene, o su formulario."""
    if hasattr(registro, "get_absolute_url"):
        return str(registro.get_absolute_url())
    opciones = registro._meta
    return reverse(f"admin:{opciones.app_label}_{opciones.model_name}_change", args=(quote(registro.pk),))
