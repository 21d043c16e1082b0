"""La página de una corrida: en qué va o cómo terminó, y el camino a las filas de cada cuenta."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..asignacion.presentacion import costo, cuentas, situacion
from ..models import Corrida

EN_CURSO = "En curso"
FILTROS = {"otorgadas": {}, "derivadas": {"derivada": "si"}, "sin_asesor": {"derivada": "no"}}
"""Las cuentas que tienen filas y el filtro que las abre."""


@require_safe
@never_cache
@permission_required("bonificaciones.view_corrida", raise_exception=True)
def corrida_de_fidelizacion(request: HttpRequest, pk: int) -> HttpResponse:
    """La corrida entera o, si la pide htmx, solo lo que cambia mientras está en curso."""
    corrida = get_object_or_404(Corrida.objects.select_related("programa"), pk=pk)
    ahora = timezone.now()
    estado, tono = situacion(corrida, ahora)
    contexto: dict[str, Any] = {
        "corrida": corrida,
        "estado": estado,
        "tono": tono,
        "en_curso": estado == EN_CURSO,
        "avance": _avance(corrida),
        "cuentas": [(una, _filas_de(corrida, una.clave) if una.valor else "") for una in cuentas(corrida)],
        "costo": costo(corrida),
        "segundos": corrida.terminada_el and (corrida.terminada_el - corrida.empezada_el).total_seconds(),
    }
    if request.headers.get("HX-Request"):
        return render(request, "admin/fidelizacion/corrida/_cuentas.html", contexto)
    contexto |= {**admin.site.each_context(request), "title": f"Corrida: {corrida.programa.nombre}"}
    return render(request, "admin/fidelizacion/corrida/corrida.html", contexto)


def _avance(corrida: Corrida) -> int:
    """Qué parte de lo que se va a asignar ya lo está, en porcentaje."""
    por_asignar = corrida.por_permanencia - corrida.ya_la_tenian - sum(corrida.excluidos.values())
    por_asignar -= corrida.fuera_del_tope
    return corrida.otorgadas * 100 // por_asignar if por_asignar > 0 else 0


def _filas_de(corrida: Corrida, clave: str) -> str:
    """La dirección de la lista con exactamente las filas de una cuenta; vacía si no quedaron filas."""
    if corrida.simulada or clave not in FILTROS:
        return ""
    filtros = {"corrida": corrida.pk, **FILTROS[clave]}
    return f"{reverse('admin:bonificaciones_bonificacion_changelist')}?{urlencode(filtros)}"
