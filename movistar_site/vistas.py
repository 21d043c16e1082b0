"""Páginas que no son del admin: salud del servicio y errores que ayudan."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def salud(request: HttpRequest) -> JsonResponse:
    """Responde 200 si el panel atiende y la base contesta; para el supervisor o el balanceador."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"estado": "bien"})


def prohibido(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: la cuenta no tiene el permiso."""
    return render(request, "403.html", status=403)


def no_encontrado(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: la página o el registro no existe."""
    return render(request, "404.html", status=404)


def error_interno(request: HttpRequest) -> HttpResponse:
    """500: algo falló de nuestro lado. La plantilla no consulta la base."""
    return render(request, "500.html", status=500)


def csrf_rechazado(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 cuando el formulario caducó o vino de otro sitio."""
    return render(request, "403.html", {"formulario_caducado": True}, status=403)


def ingreso_bloqueado(request: HttpRequest, credentials: dict[str, Any] | None = None, *args: Any) -> HttpResponse:
    """429: demasiados ingresos fallidos seguidos."""
    return render(request, "ingreso_bloqueado.html", status=429)
