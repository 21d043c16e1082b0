"""Lo que los formularios del panel dicen cuando falta un dato."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

_DE_DJANGO = forms.Field.default_error_messages["required"]


def nombrar_obligatorios(campos: Iterable[forms.Field]) -> None:
    """A cada campo obligatorio sin frase propia le pone una que lo nombra: «Documento: es un dato obligatorio.»."""
    for campo in campos:
        if campo.label and campo.error_messages.get("required") == _DE_DJANGO:
            etiqueta = str(campo.label)
            campo.error_messages["required"] = f"{etiqueta[:1].upper()}{etiqueta[1:]}: es un dato obligatorio."


def sin_atajos(formulario: type[forms.ModelForm], *campos: str) -> None:
    """Quita los botones de crear o abrir en otra ventana los registros relacionados."""
    for campo in campos:
        if campo in formulario.base_fields:
            for permiso in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
                setattr(formulario.base_fields[campo].widget, permiso, False)


__all__ = ["nombrar_obligatorios", "sin_atajos"]
