"""Direcciones de los reportes y del tablero."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path

from .tablero.vistas import personalizar_tablero
from .vistas import archivos, filas, reporte


def _ruta(direccion: str, vista: Callable[..., Any]) -> URLPattern:
    """Una página del panel, que lleva a ingresar a quien no ha entrado y se llama como su función."""
    return path(direccion, admin.site.admin_view(vista), name=vista.__name__)


urlpatterns: list[URLPattern] = [
    _ruta("reportes/", reporte.reportes),
    _ruta("reportes/<slug:clave>/", reporte.reporte),
    _ruta("reportes/<slug:clave>/filas/<slug:cifra>/", filas.filas_de_reporte),
    _ruta("reportes/<slug:clave>/archivo/<slug:formato>/", archivos.descargar_reporte),
    # Tablero.
    _ruta("tablero/", personalizar_tablero),
]
