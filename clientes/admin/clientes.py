"""La pantalla de los clientes: su lista, sus datos y lo que se le puede hacer a cada uno. La ficha va aparte."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Field, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.enums import ActionVariant

from movistar_site.comun import valores
from movistar_site.comun.admin_base import AdminBase
from movistar_site.comun.admin_intercambio import AdminIntercambio
from movistar_site.comun.paginas import pagina_de
from movistar_site.comun.parametros import parametros
from movistar_site.comun.presentacion import (
    columna_estado,
    columna_telefono,
    sello,
)

from .. import acciones, consultas, filtros_admin, operaciones
from ..forms import LARGO_AL_ESCRIBIR, FormularioCliente
from ..models import Cliente
from ..recursos import RecursoCliente
from .comunes import TONOS_CATEGORIA, TONOS_CLIENTE, en_una_linea
from .duplicados import ConDuplicados


@admin.register(Cliente)
class ClienteAdmin(ConDuplicados, AdminIntercambio, AdminBase):
    """Los clientes."""

    resource_classes = (RecursoCliente,)
    import_export_change_list_template = "admin/clientes/cliente/lista.html"
    list_before_template = "admin/clientes/cliente/cabeza.html"
    form = FormularioCliente
    list_display = (
        "nombre_y_apellido",
        "identificacion",
        "sello_categoria",
        "tiempo",
        "numero_de_telefono",
        "municipio",
        "situacion",
    )
    list_filter = (
        filtros_admin.FiltroCategoria,
        ("estado", ChoicesDropdownFilter),
        filtros_admin.FiltroPermanencia,
        filtros_admin.FiltroConAbierta,
        ("tipo_persona", ChoicesDropdownFilter),
        filtros_admin.FiltroDepartamento,
        ("municipio", AutocompleteSelectFilter),
        filtros_admin.FiltroEstrato,
        ("fecha_vinculacion", filtros_admin.FiltroDias),
        filtros_admin.FiltroAMano,
        filtros_admin.FiltroPorCompletar,
    )
    autocomplete_fields = ("municipio",)
    fieldsets = (
        (
            "Datos",
            {
                "fields": (
                    "tipo_persona",
                    ("tipo_documento", "documento"),
                    ("nombre", "apellido"),
                    "fecha_vinculacion",
                )
            },
        ),
        (
            "Contacto",
            {"fields": (("telefono", "telefono_alterno"), "email", "direccion", ("municipio", "estrato"))},
        ),
        ("Notas", {"fields": ("notas",)}),
    )
    acciones = (
        acciones.AsignarCategoria,
        acciones.LiberarCategoria,
        acciones.DesactivarCliente,
        acciones.ReactivarCliente,
        acciones.Contactar,
        acciones.NoContactar,
        acciones.AnonimizarCliente,
    )
    accion_en_vez_de_borrar = "desactivar"
    # Lo que se abre es la ficha; este formulario solo edita los datos. Su enlace va en «Ver la ficha».
    view_on_site = False
    vacio_titulo = "Aún no hay clientes"
    vacio_ayuda = "Agregue el primero, o importe los que ya tiene desde un archivo."

    situacion = columna_estado("estado", TONOS_CLIENTE)
    numero_de_telefono = columna_telefono("telefono")

    class Media:
        js = ("clientes/cliente.js",)
        css = {"all": ("clientes/cliente.css", "clientes/movimientos.css")}

    def get_list_filter(self, request: HttpRequest) -> Any:
        return (*super().get_list_filter(request), *filtros_admin.DE_OTRAS_APLICACIONES)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return consultas.buscar_clientes(queryset, search_term), False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cliente]:
        hoy = timezone.localdate()
        return Cliente.objects.select_related("municipio__departamento").con_categoria(hoy, parametros(hoy))

    @admin.display(description="nombre", ordering="apellido")
    def nombre_y_apellido(self, cliente: Cliente) -> str:
        """Nombre y apellido, o la razón social."""
        return cliente.nombre_completo

    @admin.display(description="documento", ordering="documento")
    def identificacion(self, cliente: Cliente) -> str:
        """Tipo y número, con sus puntos, en una línea."""
        return en_una_linea(f"{cliente.tipo_documento} {cliente.documento_visible}")

    @admin.display(description="categoría")
    def sello_categoria(self, cliente: Any) -> str:
        """La de hoy."""
        nombre = consultas.nombre_de_categoria(cliente.categoria)
        return sello(nombre, TONOS_CATEGORIA.get(cliente.categoria, "neutral"))

    @admin.display(description="permanencia", ordering="-fecha_vinculacion")
    def tiempo(self, cliente: Cliente) -> str:
        """Años y meses cumplidos."""
        tiempo = valores.permanencia(cliente.fecha_vinculacion, timezone.localdate())
        return str(tiempo._replace(dias=0)) if tiempo.anios or tiempo.meses else str(tiempo)

    # --- Editar datos ------------------------------------------------------------------------------------------------
    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not obj.pendientes:
            return fieldsets
        return (("Datos por completar", {"fields": ("datos_por_completar",)}), *fieldsets)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "datos_por_completar")

    @admin.display(description="por revisar")
    def datos_por_completar(self, cliente: Cliente) -> str:
        """Cada dato que una importación dedujo o recibió incompleto, y por qué."""
        return format_html_join(mark_safe("<br>"), "{}: {}", consultas.datos_por_completar(cliente))

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in LARGO_AL_ESCRIBIR:
            kwargs["max_length"] = LARGO_AL_ESCRIBIR[db_field.name]
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, obj: Any = None, **kwargs: Any) -> Any:
        if obj is not None:
            ficha = {"title": "Ver la ficha", "icon": "person", "path": pagina_de(obj)}
            context["actions_detail"] = [{**ficha, "variant": ActionVariant.PRIMARY, "attrs": {}}]
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def guardar(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        operaciones.guardar_cliente(obj, usuario=request.user, hoy=timezone.localdate())

    def restaurar(self, request: HttpRequest, registro: Any, *, motivo: str) -> None:
        operaciones.guardar_cliente(registro, usuario=request.user, hoy=timezone.localdate(), motivo=motivo)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self._a_su_ficha(request, obj, super().response_add(request, obj, post_url_continue))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._a_su_ficha(request, obj, super().response_change(request, obj))

    def _a_su_ficha(self, request: HttpRequest, obj: Any, respuesta: HttpResponse) -> HttpResponse:
        """Quien guarda un cliente sigue en su ficha, salvo que pida otra cosa: lo siguiente es contratarle algo."""
        if {"_addanother", "_continue", "_popup"} & set(request.POST) or not self.has_view_permission(request, obj):
            return respuesta
        return HttpResponseRedirect(pagina_de(obj))
