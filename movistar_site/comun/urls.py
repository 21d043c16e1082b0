"""Direcciones de lo común: avisos y vistas guardadas."""

from django.contrib import admin
from django.urls import path

from . import vistas

_panel = admin.site.admin_view
urlpatterns = [
    path("avisos/", _panel(vistas.avisos), name="avisos"),
    path("avisos/leer/", _panel(vistas.leer_avisos), name="leer_avisos"),
    path("avisos/<int:pk>/", _panel(vistas.abrir_aviso), name="abrir_aviso"),
    path("vistas/<slug:pagina>/guardar/", _panel(vistas.guardar_vista), name="guardar_vista"),
    path("vistas/<int:pk>/<slug:que>/", _panel(vistas.cambiar_vista), name="cambiar_vista"),
]
