"""Importar y exportar desde una lista del panel, con lo que a las pantallas de django-import-export les falta.

Permisos propios, archivo en espera firmado y atado a la cuenta, un tope de filas en pantalla, una revisión que no pinta
todas las filas, exportación por trozos y constancia de cada movimiento.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.forms import MultipleChoiceField, MultipleHiddenInput
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from import_export.admin import ImportExportMixin
from import_export.forms import ConfirmImportForm
from unfold.contrib.import_export.forms import ImportForm, SelectableFieldsExportForm

from .almacen import AlmacenFirmado
from .formatos_archivo import FORMATOS, ArchivoIlegible, comprobar_peso
from .models import Exportacion
from .recursos_base import TIPOS_DE_RESULTADO, Contexto, RecursoBase, ResultadoDeTabla
from .registro_intercambio import registrar
from .salida import Cuenta, escribir_consulta, exigir_que_quepa
from .salida.constancia import con_constancia
from .salida.filtros import filtros_legibles
from .salida.instantanea import instantanea
from .salida.respuesta import descarga

FILAS_EN_REVISION = 25
MAX_SELECCIONADOS = 1_000


def _en_espanol(campo: Any) -> None:
    """Nombra el campo de formato y su opción vacía; lo que no se elige se dice."""
    campo.label = "Formato"
    campo.error_messages["required"] = "Elija el formato."
    campo.widget.choices = [
        ("", "Elija el formato") if not valor else (valor, nombre) for valor, nombre in campo.choices
    ]


class FormularioImportar(ImportForm):
    """El archivo y su formato."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["import_file"].label = "Archivo"
        self.fields["import_file"].error_messages["empty"] = "El archivo está vacío."
        _en_espanol(self.fields["format"])


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

    import_form_class = FormularioImportar
    export_form_class = FormularioExportar
    confirm_form_class = ConfirmImportForm
    import_template_name = "admin/import_export/importar.html"
    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
    formats = FORMATOS
    import_formats = FORMATOS
    export_formats = FORMATOS
    resource_classes: Any = []

    # --- Importar ----------------------------------------------------------------------------------------------------

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Lee el archivo y enseña qué pasaría; no escribe nada."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = self.create_import_form(request)
        contexto: dict[str, Any] = {"form": form}
        if request.method == "POST" and form.is_valid():
            archivo, numero = form.cleaned_data["import_file"], form.cleaned_data["format"]
            try:
                datos = self._leer_subido(archivo)
                resultado = self._procesar(request, datos, int(numero), archivo.name, simular=True)
            except ArchivoIlegible as error:
                form.add_error("import_file", str(error))
            else:
                contexto |= self._revision(resultado)
                if not resultado.base_errors and not resultado.faltas:
                    contexto["confirm_form"] = self._confirmacion(request, datos, archivo.name, numero)
        return self._pagina(request, contexto)

    @staticmethod
    def _leer_subido(archivo: Any) -> bytes:
        if archivo.size > settings.IMPORTACION_MAX_BYTES:
            maximo = settings.IMPORTACION_MAX_BYTES / 1e6
            raise ArchivoIlegible(f"El archivo pesa {archivo.size / 1e6:.1f} MB y el máximo es {maximo:.0f} MB.")
        datos: bytes = archivo.read()
        comprobar_peso(datos)
        return datos

    def _procesar(
        self, request: HttpRequest, datos: bytes, formato: int, nombre: str, *, simular: bool
    ) -> ResultadoDeTabla:
        tabla = FORMATOS[formato]().create_dataset(datos)
        if not len(tabla):
            raise ArchivoIlegible("El archivo no tiene filas de datos.")
        maximo = settings.IMPORTACION_MAX_FILAS_EN_PANTALLA
        if len(tabla) > maximo:
            raise ArchivoIlegible(
                f"El archivo tiene {len(tabla)} filas y en esta pantalla caben {maximo}: use «Importar datos» o la"
                " orden «manage.py importar»."
            )
        return self._recurso().import_data(tabla, dry_run=simular, file_name=nombre, user=request.user)

    def _recurso(self) -> RecursoBase:
        return self.resource_classes[0](Contexto(hoy=self.hoy()))  # type: ignore[no-any-return]

    @staticmethod
    def hoy() -> date:
        """El día con que se calculan precios y categorías."""
        return timezone.localdate()

    @staticmethod
    def _revision(resultado: ResultadoDeTabla) -> dict[str, Any]:
        cambian = [fila for fila in resultado.resultados if fila.tipo not in ("igual", "error")]
        return {
            "revisado": True,
            "errores_de_archivo": [str(error.error) for error in resultado.base_errors],
            "cuentas": [(tipo, resultado.cuentas[tipo]) for tipo in TIPOS_DE_RESULTADO],
            "faltas": [
                {"lugar": lugar, "campo": falta.campo, "valor": falta.valor, "motivo": falta.motivo}
                for lugar, falta in resultado.faltas[:FILAS_EN_REVISION]
            ],
            "total_faltas": len(resultado.faltas),
            "desconocidos": resultado.desconocidos,
            "filas": cambian[:FILAS_EN_REVISION],
            "total_filas": len(cambian),
        }

    def _confirmacion(self, request: HttpRequest, datos: bytes, nombre: str, formato: str) -> Any:
        almacen = AlmacenFirmado(usuario=request.user)
        almacen.save(datos)
        inicial = {"import_file_name": almacen.name, "original_file_name": nombre, "format": formato, "resource": "0"}
        return self.confirm_form_class(initial=inicial)

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Aplica el archivo revisado: todo o nada."""
        return require_POST(self._process_import)(request)

    def _process_import(self, request: HttpRequest) -> HttpResponse:
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = self.confirm_form_class(request.POST)
        if not form.is_valid() or form.cleaned_data["format"] not in map(str, range(len(FORMATOS))):
            messages.error(request, "La confirmación no llegó completa: vuelva a subir el archivo.")
            return HttpResponseRedirect(self._direccion("import"))
        almacen = AlmacenFirmado(usuario=request.user, name=form.cleaned_data["import_file_name"])
        nombre = form.cleaned_data["original_file_name"]
        try:
            datos = almacen.read()
            resultado = self._procesar(request, datos, int(form.cleaned_data["format"]), nombre, simular=False)
            almacen.remove()
        except ArchivoIlegible as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(self._direccion("import"))
        if resultado.base_errors or resultado.faltas:
            # Entre la revisión y la confirmación alguien cambió la base.
            messages.error(request, "Los datos cambiaron desde la revisión: no se importó nada. Revise los errores.")
            return self._pagina(
                request, {"form": self.create_import_form(_sin_datos(request)), **self._revision(resultado)}
            )
        cuentas = resultado.cuentas
        frase = f"{cuentas['nuevo']} nuevos, {cuentas['cambiado']} cambiados y {cuentas['igual']} sin cambios"
        registrar(request.user, f"Importó {nombre}: {frase}.", modelo=self.model, que=self._plural())
        messages.success(request, f"Importación terminada: {frase}.")
        return HttpResponseRedirect(self._direccion("changelist"))

    def _pagina(self, request: HttpRequest, contexto: dict[str, Any]) -> TemplateResponse:
        columnas = [columna.titulo for columna in self._recurso().fields.values()]
        contexto = {
            **self.admin_site.each_context(request),
            **contexto,
            "title": f"Importar {self._plural()}",
            "opts": self.opts,
            "media": self.media + contexto["form"].media,
            "columnas": columnas,
            "maximo_filas": settings.IMPORTACION_MAX_FILAS_EN_PANTALLA,
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(request, [self.import_template_name], contexto)

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


def _sin_datos(request: HttpRequest) -> HttpRequest:
    """La misma petición sin lo enviado, para pintar un formulario en blanco."""
    from copy import copy

    from django.http import QueryDict
    from django.utils.datastructures import MultiValueDict

    limpia = copy(request)
    limpia.POST = QueryDict()  # type: ignore[assignment]
    limpia._files = MultiValueDict()  # type: ignore[attr-defined]
    return limpia
