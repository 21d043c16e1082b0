"""El sitio del panel: marca, navegación y tablero."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from unfold.sites import UnfoldAdminSite


class SitioPanel(UnfoldAdminSite):
    """El admin del operador, con su marca."""

    site_title = f"Panel {settings.MARCA_NOMBRE}"
    site_header = f"Panel {settings.MARCA_NOMBRE}"
    index_title = "Tablero"


def marca(request: HttpRequest) -> dict[str, str]:
    """El nombre de la marca, para las plantillas."""
    return {"marca": settings.MARCA_NOMBRE}


def hoja_de_estilo(request: HttpRequest) -> str:
    """La hoja de estilo propia, con la huella que le da whitenoise."""
    return static("panel/panel.css")


def tablero(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Añade los indicadores a la primera página."""
    return context
