"""Direcciones de las páginas de la fidelización."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path

from .vistas import aniversarios, asesores, corridas, derivacion, derivaciones, ofertas, programas, segmentos


def _ruta(direccion: str, vista: Callable[..., Any]) -> URLPattern:
    """Una página del panel, que lleva a ingresar a quien no ha entrado y se llama como su función."""
    return path(direccion, admin.site.admin_view(vista), name=vista.__name__)


urlpatterns: list[URLPattern] = [
    # Segmentos y promociones
    _ruta("fidelizacion/segmentos/contar/", segmentos.contar_segmento),
    _ruta("fidelizacion/segmentos/de-la-lista/", segmentos.segmento_de_la_lista),
    _ruta("fidelizacion/segmentos/<int:pk>/cuenta/", segmentos.cuenta_de_segmento),
    _ruta("fidelizacion/segmentos/<int:pk>/muestra/", segmentos.muestra_de_segmento),
    _ruta("fidelizacion/promociones/<int:pk>/alcance/", segmentos.alcance_de_promocion),
    # Derivaciones.
    _ruta("fidelizacion/derivaciones/", derivaciones.entrar_a_las_derivaciones),
    _ruta("fidelizacion/derivaciones/<int:pk>/", derivacion.pagina_de_derivacion),
    _ruta("fidelizacion/derivaciones/<int:pk>/<slug:paso>/", derivacion.hacer_con_derivacion),
    _ruta("fidelizacion/derivaciones/<slug:slug>/", derivaciones.bandeja_de_derivaciones),
    _ruta("fidelizacion/asesores/", asesores.carga_de_asesores),
    # Programas, corridas y aniversarios.
    _ruta("fidelizacion/programas/alcance/", programas.alcance_de_programa),
    _ruta("fidelizacion/programas/<int:pk>/correr/", programas.correr_programa),
    _ruta("fidelizacion/corridas/<int:pk>/", corridas.corrida_de_fidelizacion),
    _ruta("fidelizacion/aniversarios/", aniversarios.aniversarios),
    # Ofertas.
    _ruta("fidelizacion/clientes/<int:pk>/ofertas/<int:regla>/presentar/", ofertas.presentar_oferta),
    _ruta("fidelizacion/reglas/probar/", ofertas.probar_reglas),
    _ruta("fidelizacion/sugerencias/", ofertas.sugerencias),
]
