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


__all__ = ["nombrar_obligatorios"]
