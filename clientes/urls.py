"""Direcciones de las páginas de la atención."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, path

from .vistas import bandeja

urlpatterns: list[URLPattern] = [
    path("atencion/bandeja/", admin.site.admin_view(bandeja.entrar_a_la_bandeja), name="entrar_a_la_bandeja"),
    path("atencion/bandeja/<slug:slug>/", admin.site.admin_view(bandeja.bandeja), name="bandeja"),
]
"""Las páginas de la atención que no son de un solo modelo."""
