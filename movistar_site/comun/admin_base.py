"""La base de todas las pantallas del panel: aspecto, acciones, historia, borrado seguro y guardado por operaciones."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin

from . import busqueda
from .acciones import AdminConAcciones, trasladar_errores
from .admin_borrado import AdminConBorrado, BorrarVarios
from .admin_historia import AdminConHistoria
from .autocompletar import AdminConAutocompletar
from .formularios import nombrar_obligatorios
from .operaciones import guardar
from .paginadores import ListaAcotada, PaginadorAcotado

FILAS_POR_PAGINA = 25
_ERROR_DE_OPERACION = "_error_de_operacion"
_AL_TIEMPO = "No se guardó porque otra persona guardó lo mismo al tiempo: revise los datos y vuelva a intentarlo."


class AdminComun(AdminConAutocompletar, AdminConAcciones, AdminConBorrado):
    """Lo que comparten todas las pantallas, tengan historia o no. Va delante del ModelAdmin de Unfold.

    `campos_busqueda`: columnas `CampoBusqueda` en que se busca, propias o de un registro relacionado.
    `acciones`: lo que se le puede hacer a un registro o a varios (véase `comun.acciones`).
    `accion_en_vez_de_borrar`: la acción que se ofrece cuando un registro en uso no se puede borrar.
    `vacio_titulo`, `vacio_ayuda`: qué decir cuando aún no hay nada; sin ellos se dice algo general.
    """

    list_per_page = FILAS_POR_PAGINA
    paginator = PaginadorAcotado
    show_full_result_count = False
    # Los recuentos de cada filtro cuentan la tabla entera, una vez por opción.
    show_facets = ShowFacets.NEVER
    list_filter_submit = True
    compressed_fields = False
    warn_unsaved_form = True
    list_filter_sheet = True
    campos_busqueda: tuple[str, ...] = ("busqueda",)
    vacio_titulo = ""
    vacio_ayuda = ""
    empty_value_display = "—"

    def __init__(self, model: type[Model], admin_site: Any) -> None:
        # Las listas de autocompletar exigen `search_fields`, aunque aquí se busque de otra manera.
        self.search_fields = self.search_fields or self.campos_busqueda
        super().__init__(model, admin_site)  # type: ignore[call-arg]

    # --- Lista -------------------------------------------------------------------------------------------------------
    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ListaAcotada]:
        return ListaAcotada

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method == "GET" and ERROR_FLAG in request.GET:
            messages.warning(request, "Un filtro de la dirección no se entendió: se muestra la lista completa.")
            return HttpResponseRedirect(request.path)
        return super().changelist_view(request, extra_context)

    # --- Buscar ------------------------------------------------------------------------------------------------------
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not self.campos_busqueda:
            return super().get_search_results(request, queryset, search_term)
        return busqueda.filtrar(queryset, search_term, self.campos_busqueda), False

    # --- Guardar -----------------------------------------------------------------------------------------------------
    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        clase = super().get_form(request, obj, change=change, **kwargs)
        nombrar_obligatorios(clase.base_fields.values())
        error = getattr(request, _ERROR_DE_OPERACION, None)
        return clase if error is None else _con_error(clase, error)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as error:
            motivo = error
        except IntegrityError:
            motivo = ValidationError(_AL_TIEMPO)
        # La transacción ya se deshizo. Se repite la petición con el rechazo puesto en el formulario: así vuelve a la
        # pantalla con lo que la persona había escrito.
        setattr(request, _ERROR_DE_OPERACION, motivo)
        return super().changeform_view(request, object_id, form_url, extra_context)

    # --- Acciones ----------------------------------------------------------------------------------------------------
    def get_urls(self) -> Any:
        return self.urls_de_acciones() + super().get_urls()

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        acciones = super().get_actions(request)
        if "_popup" in request.GET:
            return acciones
        propias = self.acciones_de_lista(request)
        if acciones.pop("delete_selected", None):
            borrar = BorrarVarios()
            propias[borrar.nombre] = (self.funcion_de_lista(borrar), borrar.nombre, borrar.titulo)
        return propias | acciones

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, obj: Any = None, **kwargs: Any) -> Any:
        if obj is not None:
            context["actions_detail"] = [*context.get("actions_detail", ()), *self.botones_de_accion(request, obj)]
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


class AdminBase(AdminComun, AdminConHistoria, SimpleHistoryAdmin, ModelAdmin):
    """Declara la pantalla de un modelo con historia; las reglas están en las operaciones y el aspecto, en plantillas.

    Lo que se puede declarar está en `AdminComun`.
    """

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        self.guardar(request, obj, form, change)

    def guardar(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Guarda con historia; las pantallas cuyo modelo tiene una operación propia la llaman aquí.

        Lo que la operación rechace con ValidationError se muestra en el formulario, junto a su campo.
        """
        guardar(obj, usuario=request.user)


def _con_error(clase: type[forms.ModelForm], error: ValidationError) -> type[forms.ModelForm]:
    """El mismo formulario, con el rechazo de la operación como un error más."""

    class Formulario(clase):  # type: ignore[valid-type, misc]
        def _post_clean(self) -> None:
            super()._post_clean()
            trasladar_errores(self, error)

    return Formulario


__all__ = ["FILAS_POR_PAGINA", "AdminBase", "AdminComun", "ValidationError"]
