"""Filtros propios de las listas del catálogo en el admin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import DropdownFilter, RangeNumericListFilter

from movistar_site.comun.opciones import Categoria
from movistar_site.comun.valores import a_pesos

from .models import VigenciaPromocion


class FiltroPrecioVigente(RangeNumericListFilter):
    """El precio que rige hoy, entre dos valores escritos a la colombiana."""

    title = "precio vigente"
    parameter_name = "precio_vigente"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for extremo, comparacion in (("from", "gte"), ("to", "lte")):
            texto = self.used_parameters.get(f"{self.parameter_name}_{extremo}") or ""
            if not str(texto).strip():
                continue
            try:
                queryset = queryset.filter(**{f"{self.parameter_name}__{comparacion}": a_pesos(str(texto))})
            except ValueError as error:
                messages.warning(request, f"No se filtró por precio. {error}")
        return queryset


class FiltroVigencia(DropdownFilter):
    """Vigentes, futuras, vencidas o inactivas hoy."""

    title = "vigencia"
    parameter_name = "vigencia"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return VigenciaPromocion.choices

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() in VigenciaPromocion.values:
            return queryset.en_vigencia(self.value(), timezone.localdate())
        return queryset


class FiltroCategoria(DropdownFilter):
    """Las que valen para una categoría de cliente."""

    title = "categoría de cliente"
    parameter_name = "categoria"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Categoria.choices

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.para_categoria(self.value()) if self.value() in Categoria.values else queryset
