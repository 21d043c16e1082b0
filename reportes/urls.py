"""Direcciones de los reportes y del tablero."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path

from .tablero.vistas import personalizar_tablero
from .vistas import archivos, envios, filas, reporte


def _ruta(direccion: str, vista: Callable[..., Any]) -> URLPattern:
    """Una página del panel, que lleva a ingresar a quien no ha entrado y se llama como su función."""
    return path(direccion, admin.site.admin_view(vista), name=vista.__name__)


urlpatterns: list[URLPattern] = [
    _ruta("reportes/", reporte.reportes),
    # Envíos programados; antes que los reportes, para que ninguno tome su dirección.
    _ruta("reportes/envios/", envios.envios),
    _ruta("reportes/envios/nuevo/", envios.nuevo_envio),
    _ruta("reportes/envios/<int:pk>/", envios.envio),
    _ruta("reportes/envios/<int:pk>/editar/", envios.editar_envio),
    _ruta("reportes/envios/<int:pk>/quitar/", envios.borrar_envio),
    _ruta("reportes/envios/<int:pk>/<slug:que>/", envios.hacer_con_envio),
    _ruta("reportes/<slug:clave>/", reporte.reporte),
    _ruta("reportes/<slug:clave>/filas/<slug:cifra>/", filas.filas_de_reporte),
    _ruta("reportes/<slug:clave>/archivo/<slug:formato>/", archivos.descargar_reporte),
    # Tablero.
    _ruta("tablero/", personalizar_tablero),
]
