"""Direcciones de las páginas de la atención."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path

from .vistas import casos


def _ruta(direccion: str, vista: Callable[..., Any]) -> URLPattern:
    """Una página del panel, que lleva a ingresar a quien no ha entrado y se llama como su función."""
    return path(direccion, admin.site.admin_view(vista), name=vista.__name__)


urlpatterns: list[URLPattern] = [
    _ruta("casos/<int:pk>/constancia/", casos.constancia),
    _ruta("casos/<int:pk>/constancia.pdf", casos.constancia_pdf),
    _ruta("casos/<int:pk>/adjuntos/<int:adjunto_pk>/", casos.adjunto),
    _ruta("casos/<int:pk>/plantilla/", casos.texto_de_plantilla),
]
