"""Direcciones de los reportes."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, path

from .tablero import vistas as tablero

urlpatterns: list[URLPattern] = [
    # Tablero.
    path("tablero/", admin.site.admin_view(tablero.personalizar_tablero), name="personalizar_tablero"),
]
