"""«Cómo se entendió»: a qué dato va cada clave del archivo y a qué valor del panel cada valor."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from .. import correspondencias, operaciones
from ..formularios import FormularioNombreDeMapa
from ..models import EstadoImportacion, Importacion
from .comunes import avisar, con_importacion, volver

# Cada clave lleva la lista de datos de su entidad: más por página pasarían de lo que una página debe pesar.
POR_PAGINA = 25


def contexto(request: HttpRequest, importacion: Importacion) -> dict[str, Any]:
    """Lo que la pestaña muestra: primero lo que no se reconoció."""
    claves = sorted(importacion.claves_vistas or (), key=lambda una: not correspondencias.clave_sin_decidir(una))
    valores = sorted(importacion.valores_vistos or (), key=lambda uno: not correspondencias.valor_sin_decidir(uno))
    numero = _numero(request.GET.get("hoja", ""), max(len(claves), len(valores)))
    desde = (numero - 1) * POR_PAGINA
    de_la_hoja = valores[desde : desde + POR_PAGINA]
    listas = correspondencias.listas_de({str(visto.get("columna", "")) for visto in de_la_hoja})
    return {
        "claves": [correspondencias.clave_en_pagina(vista) for vista in claves[desde : desde + POR_PAGINA]],
        "valores": [correspondencias.valor_en_pagina(visto, listas) for visto in de_la_hoja],
        "para_escribir": correspondencias.para_escribir(listas),
        "claves_por_decidir": sum(correspondencias.clave_sin_decidir(una) for una in claves),
        "valores_por_decidir": sum(correspondencias.valor_sin_decidir(uno) for uno in valores),
        "hoja": numero,
        "hojas": max(1, -(-max(len(claves), len(valores)) // POR_PAGINA)),
        "editable": importacion.estado == EstadoImportacion.POR_CONFIRMAR,
        "nombre_de_mapa": FormularioNombreDeMapa(),
    }


def _numero(texto: str, cuantos: int) -> int:
    ultima = max(1, -(-cuantos // POR_PAGINA))
    return min(max(1, int(texto)), ultima) if texto.isascii() and texto.isdigit() and len(texto) < 6 else 1  # noqa: PLR2004


@require_POST
@con_importacion
def mapa_de_importacion(request: HttpRequest, importacion: Importacion) -> HttpResponse:
    """Aplica las correspondencias corregidas: se vuelve a leer con ellas."""
    try:
        claves, valores = correspondencias.mapa_corregido(importacion, request.POST)
        operaciones.cambiar_mapa(importacion, claves=claves, valores=valores)
    except ValidationError as error:
        avisar(request, error)
        return volver(importacion, "?ver=mapa")
    messages.success(request, "Cambios aplicados: el archivo se vuelve a leer con ellos.")
    return volver(importacion, "?ver=mapa")


@require_POST
@con_importacion
def guardar_mapa_de_importacion(request: HttpRequest, importacion: Importacion) -> HttpResponse:
    """Guarda cómo se entendió este archivo, para los que se le parezcan."""
    formulario = FormularioNombreDeMapa(request.POST)
    try:
        if not formulario.is_valid():
            raise ValidationError([str(error) for errores in formulario.errors.values() for error in errores])
        mapa = operaciones.guardar_mapa(importacion, nombre=formulario.cleaned_data["nombre"], usuario=request.user)
    except ValidationError as error:
        avisar(request, error)
    else:
        messages.success(
            request, f"Mapa «{mapa.nombre}» guardado: se usará solo con los archivos que se parezcan a este."
        )
    return volver(importacion, "?ver=mapa")
