"""La carga de los asesores: cuánto lleva cada uno, cuánto se le vence y cuánto le aceptan."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..derivaciones.asesores import carga_de_los_asesores
from ..operaciones.derivaciones_pasos import PERMISO_DE_TODAS

PERMISOS_DE_CARGA = (PERMISO_DE_TODAS, "bonificaciones.exportar_derivacion")
"""La ven quien los administra y quien analiza las cifras."""


def ve_la_carga(usuario: Any) -> bool:
    """Si la cuenta puede ver la carga de todos."""
    return any(usuario.has_perm(permiso) for permiso in PERMISOS_DE_CARGA)


@require_safe
def carga_de_asesores(request: HttpRequest) -> HttpResponse:
    """Un renglón por asesor activo, del que más abiertas tiene al que menos."""
    if not ve_la_carga(request.user):
        raise PermissionDenied
    contexto = {
        **admin.site.each_context(request),
        "title": "Asesores",
        "filas": [
            {"una": una, "ajustar": _ajustar(request, una.pk, una.fila), "bandeja": _bandeja(una.pk)}
            for una in carga_de_los_asesores(hoy=timezone.localdate())
        ],
        "sin_asesor": reverse("bandeja_de_derivaciones", args=("sin-asesor",)),
    }
    return render(request, "admin/fidelizacion/asesores.html", contexto)


def _ajustar(request: HttpRequest, usuario: int, fila: int | None) -> str:
    if not request.user.has_perm(PERMISO_DE_TODAS):
        return ""
    if fila is not None:
        return reverse("admin:bonificaciones_asesor_change", args=(fila,))
    return f"{reverse('admin:bonificaciones_asesor_add')}?usuario={usuario}"


def _bandeja(usuario: int) -> str:
    return f"{reverse('bandeja_de_derivaciones', args=('todas',))}?asesor={usuario}"
