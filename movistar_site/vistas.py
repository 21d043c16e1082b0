"""Páginas que no son del admin: salud del servicio y errores que ayudan."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.http import require_safe

SUELTA = "pagina_suelta.html"


@require_safe
def salud(request: HttpRequest) -> JsonResponse:
    """Responde 200 si el panel atiende y la base contesta; para el supervisor o el balanceador."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"estado": "bien"})


def prohibido(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: la cuenta no tiene el permiso."""
    return _pagina(request, "403.html", 403)


def no_encontrado(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: la página o el registro no existe."""
    return _pagina(request, "404.html", 404)


def peticion_mala(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: la dirección o el envío traen algo que no puede ser."""
    return render(request, "400.html", {"base": SUELTA}, status=400)


def error_interno(request: HttpRequest) -> HttpResponse:
    """500: algo falló de nuestro lado. Ni la base ni los procesadores de contexto se tocan: pueden ser lo que falló."""
    return HttpResponse(loader.render_to_string("500.html", _marca() | {"base": SUELTA}), status=500)


def csrf_rechazado(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 cuando el formulario caducó o vino de otro sitio."""
    return render(request, "403.html", {"formulario_caducado": True, "base": SUELTA}, status=403)


def ingreso_bloqueado(request: HttpRequest, credentials: dict[str, Any] | None = None, *args: Any) -> HttpResponse:
    """429: demasiados ingresos fallidos seguidos, y por cuánto tiempo."""
    plazo: Any = settings.AXES_COOLOFF_TIME
    espera = plazo if isinstance(plazo, timedelta) else timedelta(hours=plazo or 0)
    minutos = max(1, round(espera.total_seconds() / 60))
    contexto = {"minutos": minutos, "intentos": settings.AXES_FAILURE_LIMIT, "base": SUELTA}
    respuesta = render(request, "ingreso_bloqueado.html", contexto, status=429)
    respuesta["Retry-After"] = str(minutos * 60)
    return respuesta


def _pagina(request: HttpRequest, plantilla: str, estado: int) -> HttpResponse:
    """El error dentro del panel, con su menú, para quien ya entró; suelto para los demás."""
    try:
        if request.user.is_authenticated and request.user.is_staff:
            contexto = {**admin.site.each_context(request), "base": "admin/base_site.html"}
            return render(request, plantilla, contexto, status=estado)
    except (AttributeError, DatabaseError):
        # Falló antes de saber quién pide, o la base no contesta: la página suelta no los necesita.
        pass
    return HttpResponse(loader.render_to_string(plantilla, _marca() | {"base": SUELTA}), status=estado)


def _marca() -> dict[str, str]:
    return {"marca": settings.MARCA_NOMBRE, "marca_color": settings.PALETA_DE_MARCA["600"]}
