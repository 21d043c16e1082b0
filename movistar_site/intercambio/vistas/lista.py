"""Todas las importaciones, de la más nueva a la más vieja."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from .. import consultas
from .comunes import direcciones_de_tramo, pagina, solo_quien_importa


@require_safe
@solo_quien_importa
def importaciones(request: HttpRequest) -> HttpResponse:
    """La lista, por páginas."""
    tramo = consultas.tramo(consultas.importaciones(), consultas.Posicion.de(request.GET), descendente=True)
    return pagina(request, "lista.html", "Importaciones", tramo=tramo, **direcciones_de_tramo("", tramo))
