"""Direcciones de «Importar datos» y «Exportar datos»."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path

from . import vistas, vistas_exportar


def _ruta(direccion: str, vista: Callable[..., Any]) -> URLPattern:
    """Una página del panel, que lleva a ingresar a quien no ha entrado y se llama como su función."""
    return path(direccion, admin.site.admin_view(vista), name=vista.__name__)


_importar = [
    _ruta("importar/", vistas.importar_datos),
    _ruta("importaciones/", vistas.importaciones),
    _ruta("importar/<int:pk>/", vistas.importacion),
    _ruta("importar/<int:pk>/avance/", vistas.avance_de_importacion),
    _ruta("importar/<int:pk>/mapa/", vistas.mapa_de_importacion),
    _ruta("importar/<int:pk>/mapa/guardar/", vistas.guardar_mapa_de_importacion),
    _ruta("importar/<int:pk>/registro/<int:registro_pk>/", vistas.registro_de_importacion),
    _ruta("importar/<int:pk>/rechazados/", vistas.rechazados_de_importacion),
    _ruta("importar/<int:pk>/no-reconocido/", vistas.avisos_de_importacion),
    _ruta("importar/<int:pk>/deshacer/", vistas.deshacer_importacion),
    path("importar/<int:pk>/<slug:accion>/", admin.site.admin_view(vistas.hacer), name="hacer_con_importacion"),
]
_exportar = [
    _ruta("exportar/", vistas_exportar.exportar_datos),
    _ruta("exportar/plantilla/<slug:entidad>.<slug:formato>", vistas_exportar.plantilla_de_importacion),
]
urlpatterns = [*_importar, *_exportar]
