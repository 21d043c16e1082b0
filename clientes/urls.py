"""Direcciones de las páginas de la atención."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, path

from .vistas import ficha

urlpatterns: list[URLPattern] = [
    path("clientes/cliente/<int:pk>/ficha/", admin.site.admin_view(ficha.ficha_de_cliente), name="ficha_de_cliente"),
]
