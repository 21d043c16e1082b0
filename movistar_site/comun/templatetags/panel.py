"""Lo que las plantillas del panel necesitan y no trae Unfold."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.admin.utils import label_for_field
from django.contrib.admin.views.main import PAGE_VAR
from django.db.models import DecimalField, FloatField, IntegerField
from django.db.models.fields.related import RelatedField

from .. import avisos
from ..presentacion import decimal

register = template.Library()


@register.simple_tag
def alineacion_de_columna(lista: Any, posicion: int) -> str:
    """La clase que alinea un encabezado igual que sus celdas: a la derecha si la columna es de números."""
    nombre = lista.list_display[posicion]
    if nombre == "action_checkbox":
        return ""
    _, atributo = label_for_field(nombre, lista.model, model_admin=lista.model_admin, return_attr=True)
    if atributo is not None:
        return "panel-derecha" if getattr(atributo, "alineacion", "") == "derecha" else ""
    campo = lista.lookup_opts.get_field(nombre)
    es_numero = isinstance(campo, DecimalField | FloatField | IntegerField) and not isinstance(campo, RelatedField)
    return "panel-derecha" if es_numero and not campo.choices else ""


@register.simple_tag
def direccion_de_pagina(lista: Any, pagina: int) -> str:
    """La dirección de otra página de la misma lista, con su búsqueda y sus filtros."""
    return lista.get_query_string({PAGE_VAR: pagina})


@register.filter
def miles(cantidad: Any) -> str:
    """Un número con punto de miles: 1.234."""
    from decimal import Decimal

    return decimal(Decimal(cantidad)) if cantidad is not None else "—"


@register.simple_tag
def avisos_sin_leer(usuario: Any) -> str:
    """Cuántos avisos le faltan por leer a quien entró: «3», «9+» o vacío. Una consulta."""
    if not getattr(usuario, "pk", None):
        return ""
    cuantos = avisos.sin_leer(usuario)
    return avisos.en_palabras(cuantos) if cuantos else ""
