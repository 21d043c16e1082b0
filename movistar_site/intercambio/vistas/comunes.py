"""Lo que comparten las pantallas: quién entra, qué importación es y con qué marco se pinta."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from ..consultas import Tramo
from ..models import Importacion
from ..permisos import permitidas, puede_importar


def solo_quien_importa(vista: Callable[..., Any]) -> Callable[..., Any]:
    """Responde 403 a quien no puede importar nada."""

    @wraps(vista)
    def con_permiso(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not puede_importar(request.user):
            raise PermissionDenied
        return vista(request, *args, **kwargs)

    return con_permiso


def con_importacion(vista: Callable[..., Any]) -> Callable[..., Any]:
    """Entrega a la vista la importación de la dirección; 404 si no existe o la cuenta no importa lo que trae."""

    @wraps(vista)
    def con_ella(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> Any:
        propias = permitidas(request.user, "importar")
        importacion = Importacion.objects.select_related("mapa").prefetch_related("archivos").filter(pk=pk).first()
        # Con solo el catálogo permitido, una importación de clientes ni se ve ni se confirma.
        if importacion is None or not propias or not set(importacion.cuentas or ()) <= propias:
            raise Http404
        return vista(request, importacion, *args, **kwargs)

    return con_ella


def pagina(request: HttpRequest, plantilla: str, titulo: str, estado: int = 200, **contexto: Any) -> HttpResponse:
    """Una página del panel con su menú."""
    base = {**admin.site.each_context(request), "title": titulo}
    return render(request, f"admin/intercambio/{plantilla}", {**base, **contexto}, status=estado)


def direccion(importacion: Importacion, resto: str = "") -> str:
    """La página de una importación."""
    return reverse("importacion", args=(importacion.pk,)) + resto


def volver(importacion: Importacion, resto: str = "") -> HttpResponseRedirect:
    """De vuelta a la página de la importación."""
    return HttpResponseRedirect(direccion(importacion, resto))


def avisar(request: HttpRequest, error: ValidationError) -> None:
    """Lo que no se pudo hacer, arriba de la página siguiente."""
    for mensaje in error.messages:
        messages.error(request, mensaje)


def es_trozo(request: HttpRequest) -> bool:
    """Si htmx pide un trozo de la página y no la página."""
    return request.headers.get("HX-Request") == "true"


def direcciones_de_tramo(base: str, tramo: Tramo) -> dict[str, Any]:
    """Las direcciones de la primera página, la anterior y la siguiente."""
    union = "&" if base.startswith("?") and len(base) > 1 else "?"
    return {
        "primera": base or "?",
        "anterior": tramo.anterior and f"{base}{union}antes={tramo.anterior}",
        "siguiente": tramo.siguiente and f"{base}{union}despues={tramo.siguiente}",
    }
