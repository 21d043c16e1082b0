"""Lo que las plantillas de las importaciones necesitan."""

from __future__ import annotations

from django import template

from .. import consultas, presentacion
from ..models import Importacion

register = template.Library()
_NOMBRES_VISIBLES = 3

register.filter("tamano", presentacion.tamano)


@register.filter
def nombres_de_archivos(importacion: Importacion) -> str:
    """«clientes.csv, servicios.json y 2 más»."""
    nombres = [presentacion.recortar(archivo.nombre, 60) for archivo in importacion.archivos.all()]  # type: ignore[attr-defined]
    if not nombres:
        return str(importacion)
    de_mas = len(nombres) - _NOMBRES_VISIBLES
    visibles = ", ".join(nombres[:_NOMBRES_VISIBLES])
    return f"{visibles} y {de_mas} más" if de_mas > 0 else visibles


@register.filter
def cuantos(importacion: Importacion) -> int:
    """Cuántos registros trae, según su plan."""
    return consultas.cuenta(importacion)
