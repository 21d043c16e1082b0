"""Direcciones del panel: el admin vive en la raíz."""

from django.contrib import admin
from django.urls import include, path

from . import vistas

handler400 = "movistar_site.vistas.peticion_mala"
handler403 = "movistar_site.vistas.prohibido"
handler404 = "movistar_site.vistas.no_encontrado"
handler500 = "movistar_site.vistas.error_interno"

urlpatterns = [
    path("salud/", vistas.salud, name="salud"),
    path("", include("movistar_site.comun.urls")),
    path("", include("movistar_site.intercambio.urls")),
    path("", include("clientes.urls")),
    path("", include("bonificaciones.urls")),
    path("", include("reportes.urls")),
    path("", admin.site.urls),
]
