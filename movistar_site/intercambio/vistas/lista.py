"""Todas las importaciones, de la más nueva a la más vieja."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from .. import consultas
from .comunes import direcciones_de_tramo, pagina, solo_quien_importa

CUALES = {"": "Todas", consultas.POR_CONFIRMAR: "Por confirmar", consultas.FALLIDAS: "Fallidas"}


@require_safe
@solo_quien_importa
def importaciones(request: HttpRequest) -> HttpResponse:
    """La lista, por páginas; con `?cuales=`, solo las fallidas o las que hay que confirmar."""
    cuales = request.GET.get("cuales", "")
    cuales = cuales if cuales in CUALES else ""
    filas = consultas.importaciones(cuales, hoy=timezone.localdate())
    tramo = consultas.tramo(filas, consultas.Posicion.de(request.GET), descendente=True)
    base = f"?cuales={cuales}" if cuales else ""
    contexto = {"tramo": tramo, "cuales": cuales, "opciones": CUALES, **direcciones_de_tramo(base, tramo)}
    return pagina(request, "lista.html", "Importaciones", **contexto)
