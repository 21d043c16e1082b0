"""Importar y exportar desde una lista del panel, con lo que a las pantallas de django-import-export les falta.

Importar es la puerta de «Importar datos», que revisa, aplica y deshace cualquier archivo. Exportar tiene permiso
propio, sale por trozos y deja constancia.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.forms import MultipleChoiceField, MultipleHiddenInput
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from import_export.admin import ImportExportMixin
from unfold.contrib.import_export.forms import SelectableFieldsExportForm

from .formatos_archivo import FORMATOS
from .models import Exportacion
from .recursos_base import Contexto, RecursoBase
from .salida import Cuenta, escribir_consulta, exigir_que_quepa
from .salida.constancia import con_constancia
from .salida.filtros import filtros_legibles
from .salida.instantanea import instantanea
from .salida.respuesta import descarga

MAX_SELECCIONADOS = 1_000


def _en_espanol(campo: Any) -> None:
    """Nombra el campo de formato y su opción vacía; lo que no se elige se dice."""
    campo.label = "Formato"
    campo.error_messages["required"] = "Elija el formato."
    campo.widget.choices = [
        ("", "Elija el formato") if not valor else (valor, nombre) for valor, nombre in campo.choices
    ]


class FormularioExportar(SelectableFieldsExportForm):
    """El formato y las columnas que salen, con su nombre en español."""

    def __init__(self, formats: Any, resources: Any, **kwargs: Any) -> None:
        super().__init__(formats, resources, **kwargs)
        _en_espanol(self.fields["format"])

    def _get_field_label(self, resource: Any, field_name: str) -> str:
        return str(resource().fields[field_name].titulo)

    def _validate_any_field_selected(self, resource: Any) -> None:
        if not any(self.cleaned_data.get(nombre) for nombre in resource.fields):
            self.add_error(None, "Elija al menos una columna.")


class AdminIntercambio(ImportExportMixin):
    """Se antepone a la base de cada pantalla: `class ClienteAdmin(AdminIntercambio, AdminBase)`.

    La pantalla declara `resource_classes = [RecursoCliente]`.
    """

    export_form_class = FormularioExportar
    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
    formats = FORMATOS
    import_formats = FORMATOS
    export_formats = FORMATOS
    resource_classes: Any = []

    # --- Importar ----------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        """Sin la dirección con que django-import-export confirma: eso lo hace la página de la importación."""
        return [ruta for ruta in super().get_urls() if not str(ruta.name).endswith("_process_import")]

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """La puerta de «Importar datos» desde esta lista. Lo enviado va con su archivo: un 307 no lo pierde."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        destino = f"{reverse('importar_datos')}?{urlencode({'modelo': self.opts.label_lower})}"
        return HttpResponseRedirect(destino, preserve_request=request.method == "POST")

    def _recurso(self) -> RecursoBase:
        return self.resource_classes[0](Contexto(hoy=self.hoy()))  # type: ignore[no-any-return]

    @staticmethod
    def hoy() -> date:
        """El día con que se calculan precios y categorías."""
        return timezone.localdate()

    def _plural(self) -> str:
        return str(self.opts.verbose_name_plural)

    def _direccion(self, vista: str) -> str:
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{vista}")

    # --- Exportar ----------------------------------------------------------------------------------------------------

    def get_valid_export_item_pks(self, request: HttpRequest) -> list[str]:
        """Los elegidos que tienen forma de clave; la consulta de la pantalla decide cuáles existen."""
        return [clave for clave in request.POST.getlist("export_items") if self._es_clave(clave)]

    def _es_clave(self, clave: str) -> bool:
        try:
            self.opts.pk.to_python(clave)
        except Exception:  # ValidationError y parecidos: no es una clave
            return False
        return True

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """Pide formato y columnas y envía el archivo. Un filtro que no se entiende se dice, como en la lista."""
        try:
            return super().export_action(request)  # type: ignore[no-any-return]
        except IncorrectLookupParameters:
            messages.warning(request, "Un filtro de la dirección no se entendió: se exporta la lista completa.")
            return HttpResponseRedirect(request.path)

    def export_admin_action(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        """Lleva a elegir formato y columnas para los seleccionados (o para todo lo filtrado, si se eligió todo)."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        todos = request.POST.get("select_across") == "1"
        elegidos = [] if todos else [str(pk) for pk in queryset.values_list("pk", flat=True)[:MAX_SELECCIONADOS]]
        form = self.get_export_form_class()(
            self.get_export_formats(), self.get_export_resource_classes(request), initial={"export_items": elegidos}
        )
        if elegidos:
            form.fields["export_items"] = MultipleChoiceField(
                widget=MultipleHiddenInput, required=False, choices=[(pk, pk) for pk in elegidos]
            )
        consulta = f"?{urlencode(list(request.GET.lists()), doseq=True)}" if request.GET else ""
        contexto = self.init_request_context_data(request, form) | {"export_url": self._direccion("export") + consulta}
        return TemplateResponse(request, [self.export_template_name], contexto)

    def get_actions(self, request: HttpRequest) -> Any:
        acciones = super().get_actions(request)
        if self.has_export_permission(request) and "_popup" not in request.GET:
            acciones["export_admin_action"] = (
                type(self).export_admin_action, "export_admin_action", "Exportar los seleccionados"
            )  # fmt: skip
        return acciones

    def init_request_context_data(self, request: HttpRequest, form: Any) -> dict[str, Any]:
        contexto: dict[str, Any] = super().init_request_context_data(request, form)
        contexto["title"] = f"Exportar {self._plural()}"
        return contexto

    def get_export_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        return {}

    def get_export_filename(self, request: HttpRequest, queryset: Any, file_format: Any) -> str:
        return f"{self._plural().replace(' ', '-')}-{self.hoy():%Y-%m-%d}.{file_format.get_extension()}"

    def _do_file_export(self, file_format: Any, request: HttpRequest, queryset: Any, export_form: Any = None) -> Any:
        """Envía el archivo por trozos, sin tener la lista entera en memoria. Queda constancia de quién se lo llevó."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        nombres = self.get_export_resource_fields_from_form(export_form)
        recurso, extension, cuenta = self._recurso(), file_format.get_extension(), Cuenta()
        if extension == "xlsx":
            exigir_que_quepa(recurso, queryset, nombres)

        def trozos() -> Iterator[bytes]:
            with instantanea() as base:
                yield from escribir_consulta(recurso, queryset, extension, nombres=nombres, base=base, cuenta=cuenta)

        contenido = con_constancia(
            trozos(),
            que=self._plural().capitalize(),
            formato=extension,
            puerta=Exportacion.Puerta.LISTA,
            usuario=request.user,
            filtro=self._filtro(request),
            cuenta=cuenta,
        )
        return descarga(contenido, self.get_export_filename(request, queryset, file_format))

    def _filtro(self, request: HttpRequest) -> str:
        """Qué filtros tenía la lista, como se ven en ella."""
        partes = filtros_legibles(request, self.get_changelist_instance(request)) if request.GET else []  # type: ignore[attr-defined]
        if elegidos := len(request.POST.getlist("export_items")):
            partes.append(f"{elegidos} elegidos en la lista" if elegidos > 1 else "uno elegido en la lista")
        return "; ".join(partes)


class AdminSoloExporta(AdminIntercambio):
    """La pantalla de lo que sale en archivos y no entra: lo que el panel calcula, o nace por su única puerta."""

    import_export_change_list_template = "admin/import_export/change_list_export.html"

    def get_urls(self) -> list[Any]:
        """Sin la dirección de importar: no hay qué importar."""
        return [ruta for ruta in super().get_urls() if not str(ruta.name).endswith("_import")]

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Nadie, ni quien todo lo puede."""
        return False
