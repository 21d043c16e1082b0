"""Direcciones de las páginas de la atención."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path

from .vistas import bandeja, casos, duplicados, ficha, fusion, rne


def _ruta(direccion: str, vista: Callable[..., Any]) -> URLPattern:
    """Una página del panel, que lleva a ingresar a quien no ha entrado y se llama como su función."""
    return path(direccion, admin.site.admin_view(vista), name=vista.__name__)


urlpatterns: list[URLPattern] = [
    _ruta("clientes/cliente/<int:pk>/ficha/", ficha.ficha_de_cliente),
    _ruta("atencion/bandeja/", bandeja.entrar_a_la_bandeja),
    _ruta("atencion/bandeja/<slug:slug>/", bandeja.bandeja),
    _ruta("casos/<int:pk>/constancia/", casos.constancia),
    _ruta("casos/<int:pk>/constancia.pdf", casos.constancia_pdf),
    _ruta("casos/<int:pk>/adjuntos/<int:adjunto_pk>/", casos.adjunto),
    _ruta("casos/<int:pk>/plantilla/", casos.texto_de_plantilla),
    _ruta("fidelizacion/numeros-excluidos/<int:pk>/avance/", rne.avance_del_rne),
    _ruta("duplicados/", duplicados.posibles_duplicados),
    _ruta("fusionar/<int:pk>/", fusion.fusionar_cliente),
    _ruta("fusionar/<int:pk>/<int:otro_pk>/", fusion.comparar_fichas),
    _ruta("fusiones/", fusion.fusiones),
    _ruta("fusiones/<int:pk>/deshacer/", fusion.deshacer_fusion),
]
