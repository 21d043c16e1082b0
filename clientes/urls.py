"""Direcciones de las páginas de la atención."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
