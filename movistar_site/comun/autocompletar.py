"""Campos que se autocompletan y no se caen si el navegador manda una clave que no lo es."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, ManyToManyField
from django.http import HttpRequest


class _SoloClaves:
    """Al volver a dibujar un formulario con faltas, Django busca lo elegido sin mirar si son claves: con «x» falla."""

    def optgroups(self, name: str, value: list[Any], attr: Any = None) -> Any:
        clave = self.field.remote_field.model._meta.pk  # type: ignore[attr-defined]
        return super().optgroups(name, [uno for uno in value if _es_clave(clave, uno)], attr)  # type: ignore[misc]


def _es_clave(clave: Any, valor: Any) -> bool:
    try:
        clave.clean(valor, None)  # también el rango: un entero enorme no cabe en la base
    except ValidationError:
        return False
    return True


class SelectorUno(_SoloClaves, AutocompleteSelect):
    """Elige un registro mientras se escribe."""


class SelectorVarios(_SoloClaves, AutocompleteSelectMultiple):
    """Elige varios registros mientras se escribe."""

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> Any:
        # Cada elegido se quita con su equis; la de quitarlos todos rompe la lista que oye el lector de pantalla.
        return super().build_attrs(base_attrs, extra_attrs) | {"data-allow-clear": "false"}


class AdminConAutocompletar:
    """La parte de `AdminBase` que dibuja los `autocomplete_fields`."""

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if "widget" not in kwargs and db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs["widget"] = SelectorUno(db_field, self.admin_site, using=kwargs.get("using"))  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any) -> Any:
        if "widget" not in kwargs and db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs["widget"] = SelectorVarios(db_field, self.admin_site, using=kwargs.get("using"))  # type: ignore[attr-defined]
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]
