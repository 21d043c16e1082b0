"""La pantalla de los contratos."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RelatedDropdownFilter,
)

from movistar_site.comun.admin_base import AdminBase
from movistar_site.comun.admin_intercambio import AdminIntercambio
from movistar_site.comun.presentacion import columna_dinero, columna_estado, columna_fecha

from .. import acciones, consultas, consultas_contratos, filtros_admin, operaciones
from ..forms import FormularioContrato
from ..models import Contrato, EstadoContrato
from ..recursos import RecursoContrato
from .comunes import TONOS_CONTRATO, volverse

FIRMADO = ("numero", "situacion", "cliente", "servicio", "valor", "periodicidad", "promocion", "condiciones_firmadas")

VER_MOVIMIENTOS = ("clientes.view_suspension", "clientes.view_cambioplan")
QUE_SE_PIDE = (
    "cliente",
    "servicio",
    "fecha_inicio",
    "precio",
    "promocion",
    "permanencia_meses",
    "anexo_permanencia",
    "activar",
)


@admin.register(Contrato)
class ContratoAdmin(AdminIntercambio, AdminBase):
    """Los contratos de los clientes."""

    resource_classes = (RecursoContrato,)
    list_display = ("numero", "cliente", "servicio", "valor", "situacion", "desde", "hasta")
    list_filter = (
        ("estado", ChoicesDropdownFilter),
        ("servicio__tipo", RelatedDropdownFilter),
        ("servicio", AutocompleteSelectFilter),
        ("fecha_inicio", filtros_admin.FiltroDias),
        ("fecha_fin", filtros_admin.FiltroDias),
        filtros_admin.FiltroPrecio,
        ("periodicidad", ChoicesDropdownFilter),
        ("promocion", AutocompleteSelectFilter),
        filtros_admin.FiltroMovimiento,
    )
    list_select_related = ("cliente", "servicio")
    autocomplete_fields = ("cliente",)
    sortable_by = ("numero", "desde")
    acciones = (
        acciones.ActivarContrato,
        acciones.SuspenderContrato,
        acciones.ReanudarContrato,
        acciones.CambiarPlan,
        acciones.AnularCambio,
        acciones.CederContrato,
        acciones.TerminarContrato,
    )
    accion_en_vez_de_borrar = "terminar"
    change_form_outer_after_template = "admin/clientes/contrato/movimientos.html"
    vacio_titulo = "Aún no hay contratos"
    vacio_ayuda = "Abra la ficha de un cliente y elija «Nuevo contrato», o agréguelo desde aquí."

    valor = columna_dinero("precio", "precio")
    situacion = columna_estado("estado", TONOS_CONTRATO)
    desde = columna_fecha("fecha_inicio", "desde", orden="fecha_inicio")
    hasta = columna_fecha("fecha_fin", "hasta")

    class Media:
        css = {"all": ("clientes/cliente.css", "clientes/movimientos.css")}

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return consultas.buscar_contratos(queryset, search_term), False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contrato]:
        return Contrato.objects.select_related("cliente", "servicio__tipo", "promocion")

    # --- Formulario --------------------------------------------------------------------------------------------------
    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = FormularioContrato
        return super().get_form(request, obj, change, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Terminado ya no cambia: se ve, y no hay nada que guardar.
        terminado = obj is not None and obj.estado == EstadoContrato.TERMINADO
        return not terminado and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ()
        fijos = {
            EstadoContrato.PENDIENTE: (),
            EstadoContrato.TERMINADO: ("fecha_inicio", "hasta", "permanencia_meses", "anexo_permanencia"),
        }.get(obj.estado, ("fecha_inicio", "permanencia_meses"))
        return (*FIRMADO, *fijos)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return (
                ("Contrato", {"fields": ("cliente", "servicio", "fecha_inicio", "precio", "promocion", "activar")}),
                ("Permanencia", {"fields": (("permanencia_meses", "anexo_permanencia"),)}),
            )
        fechas = ("fecha_inicio", "hasta") if obj.estado == EstadoContrato.TERMINADO else ("fecha_inicio",)
        return (
            ("Contrato", {"fields": (("numero", "situacion"), "cliente", "servicio", fechas)}),
            ("Lo que se firmó", {"fields": (("valor", "periodicidad"), "promocion", "condiciones_firmadas")}),
            ("Permanencia", {"fields": (("permanencia_meses", "anexo_permanencia"),)}),
        )

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, obj: Any = None, **kwargs: Any) -> Any:
        if obj is not None and request.user.has_perms(VER_MOVIMIENTOS):
            context["movimientos"] = consultas_contratos.movimientos_de(obj, timezone.localdate())
            if super().has_change_permission(request, obj):
                context["anular"] = self.url_de_accion(obj, acciones.AnularCambio.nombre)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @admin.display(description="condiciones")
    def condiciones_firmadas(self, contrato: Contrato) -> str:
        """Lo que el servicio ofrecía al firmar, con los nombres de su tipo."""
        nombre = contrato.condiciones.get("servicio", "") if isinstance(contrato.condiciones, dict) else ""
        contexto = {"servicio": nombre, "pares": consultas.condiciones_legibles(contrato)}
        return render_to_string("admin/clientes/contrato/condiciones.html", contexto)

    def guardar(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            operaciones.corregir_contrato(obj, usuario=request.user, hoy=timezone.localdate())
            return
        datos = {campo: form.cleaned_data[campo] for campo in QUE_SE_PIDE}
        volverse(obj, operaciones.crear_contrato(**datos, usuario=request.user, hoy=timezone.localdate()))

    def restaurar(self, request: HttpRequest, registro: Any, *, motivo: str) -> None:
        operaciones.corregir_contrato(registro, usuario=request.user, hoy=timezone.localdate(), motivo=motivo)

    # --- Borrar ------------------------------------------------------------------------------------------------------
    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        todas = super().get_actions(request)
        if "delete_selected" in todas:
            borrar = acciones.BorrarContratos()
            todas[borrar.nombre] = (self.funcion_de_lista(borrar), borrar.nombre, borrar.titulo)
        return todas

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        lineas, cuentas, sin_permiso, impedimentos = super().get_deleted_objects(objs, request)
        frases = [operaciones.por_que_no_se_borra(contrato) for contrato in objs]
        return lineas, cuentas, sin_permiso, [frase for frase in frases if frase] + impedimentos

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        operaciones.borrar_contrato(obj, usuario=request.user)  # type: ignore[arg-type]
