"""Direcciones de las páginas de la fidelización."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path

from .vistas import ofertas


def _ruta(direccion: str, vista: Callable[..., Any]) -> URLPattern:
    """Una página del panel, que lleva a ingresar a quien no ha entrado y se llama como su función."""
    return path(direccion, admin.site.admin_view(vista), name=vista.__name__)


urlpatterns: list[URLPattern] = []
# --- Ofertas
urlpatterns += [
    _ruta("fidelizacion/clientes/<int:pk>/ofertas/<int:regla>/presentar/", ofertas.presentar_oferta),
    _ruta("fidelizacion/reglas/probar/", ofertas.probar_reglas),
    _ruta("fidelizacion/sugerencias/", ofertas.sugerencias),
]
