"""Direcciones de «Importar datos» y «Exportar datos»."""

from django.contrib import admin
from django.urls import path

from . import vistas, vistas_exportar

urlpatterns = [
    path("importar/", admin.site.admin_view(vistas.importar_datos), name="importar_datos"),
    path("importar/informe/", admin.site.admin_view(vistas.informe_de_importacion), name="informe_de_importacion"),
    path("exportar/", admin.site.admin_view(vistas_exportar.exportar_datos), name="exportar_datos"),
    path(
        "exportar/plantilla/<slug:entidad>.<slug:formato>",
        admin.site.admin_view(vistas_exportar.plantilla_de_importacion),
        name="plantilla_de_importacion",
    ),
]
