"""La base de todas las pantallas del panel: aspecto, historia, entrada y salida, y guardado por operaciones."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin

from . import busqueda
from .operaciones import guardar
from .paginadores import PaginadorAcotado

FILAS_POR_PAGINA = 25


class AdminBase(SimpleHistoryAdmin, ModelAdmin):
    """Declara una pantalla; las reglas están en las operaciones y el aspecto en las plantillas.

    `campos_busqueda`: columnas `CampoBusqueda` en que se busca, propias o de un registro relacionado.
    """

    list_per_page = FILAS_POR_PAGINA
    paginator = PaginadorAcotado
    show_full_result_count = False
    list_filter_submit = True
    list_filter_sheet = True
    compressed_fields = True
    warn_unsaved_form = True
    campos_busqueda: tuple[str, ...] = ("busqueda",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not self.campos_busqueda:
            return super().get_search_results(request, queryset, search_term)
        return busqueda.filtrar(queryset, search_term, self.campos_busqueda), False

    def get_search_fields(self, request: HttpRequest) -> Any:
        return self.search_fields or self.campos_busqueda

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        self.guardar(request, obj, form, change)

    def guardar(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Guarda con historia; las pantallas cuyo modelo tiene una operación propia la llaman aquí."""
        guardar(obj, usuario=request.user)


__all__ = ["AdminBase", "ValidationError"]
