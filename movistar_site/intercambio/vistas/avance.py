"""La barra de avance: cuánto va, cuánto falta y cuándo terminó."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .. import consultas
from ..models import EstadoImportacion, Importacion
from ..presentacion import duracion
from .comunes import con_importacion, es_trozo, volver

# A los cuantos segundos de no empezar se dice que quizás nadie atiende la cola.
_ESPERA_LARGA = 20


@require_safe
@never_cache
@con_importacion
def avance_de_importacion(request: HttpRequest, importacion: Importacion) -> HttpResponse:
    """El trozo que la página pide cada segundo; al terminar, manda a pedirla entera."""
    if importacion.estado not in consultas.EN_CURSO:
        if not es_trozo(request):
            return volver(importacion)
        respuesta = HttpResponse()
        respuesta["HX-Refresh"] = "true"
        return respuesta
    if not es_trozo(request):
        return volver(importacion)
    return render(request, "admin/intercambio/_barra.html", {"importacion": importacion, **contexto(importacion)})


def contexto(importacion: Importacion) -> dict[str, Any]:
    """Lo que la barra muestra."""
    ahora = timezone.now()
    segundos = consultas.segundos_que_faltan(importacion, ahora)
    esperado = (ahora - (importacion.paso_desde or importacion.creada_en)).total_seconds()
    return {
        "faltan": duracion(segundos),
        # Al leer, lo que se cuenta son bytes; al comparar, al aplicar y al deshacer, registros.
        "en_bytes": importacion.estado == EstadoImportacion.LEYENDO and importacion.paso.startswith("Leyendo"),
        "cancelable": importacion.estado in consultas.CANCELABLES,
        "sin_empezar": not importacion.hechos,
        "espera_larga": not importacion.hechos and esperado > _ESPERA_LARGA,
    }
