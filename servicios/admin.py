"""Las pantallas del catálogo. Solo declaran: las reglas están en las operaciones y las lecturas en las consultas."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet, TextField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from unfold.admin import StackedInline, TabularInline
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    RangeDateFilter,
    RelatedDropdownFilter,
)
from unfold.widgets import UnfoldAdminTextareaWidget

from movistar_site.comun.admin_base import AdminBase
from movistar_site.comun.admin_intercambio import AdminIntercambio
from movistar_site.comun.formularios import nombrar_obligatorios, sin_atajos
from movistar_site.comun.presentacion import (
    VACIO,
    columna_dinero,
    columna_estado,
    columna_fecha,
    columna_numero,
    numero,
    sello,
)

from . import acciones, consultas, operaciones, reglas
from .atributos import mostrar_valor
from .filtros_admin import FiltroCategoria, FiltroPrecioVigente, FiltroVigencia
from .forms import FormularioAtributo, FormularioPromocion, FormularioTipo, formulario_de_servicio, nombre_de_campo
from .models import AtributoTipo, EstadoServicio, PrecioServicio, Promocion, Servicio, TipoServicio, VigenciaPromocion
from .recursos import RecursoPromocion, RecursoServicio, RecursoTipoServicio

TONOS_ACTIVO = {True: ("Activo", "success"), False: ("Inactivo", "neutral")}
TONOS_SERVICIO: dict[str, str] = {EstadoServicio.ACTIVO: "success", EstadoServicio.RETIRADO: "neutral"}
TONOS_VIGENCIA: dict[str, str] = {
    VigenciaPromocion.VIGENTE: "success",
    VigenciaPromocion.FUTURA: "info",
    VigenciaPromocion.VENCIDA: "warning",
    VigenciaPromocion.INACTIVA: "neutral",
}


def _lugar(orden: int | None, ultimo: int) -> int:
    """Un atributo sin número va después de todos."""
    return ultimo + 1 if orden is None else orden


TEXTOS_CORTOS = {TextField: {"widget": UnfoldAdminTextareaWidget(attrs={"rows": 3})}}


# --- Tipos -----------------------------------------------------------------------------------------------------------
class AtributosInline(StackedInline):
    """Los atributos del tipo, que se ordenan arrastrándolos o por su número."""

    model = AtributoTipo
    form = FormularioAtributo
    extra = 0
    ordering_field = "orden"
    fields = (
        ("nombre", "clave", "tipo_dato", "unidad"),
        ("minimo", "maximo", "orden", "obligatorio"),
        "opciones",
    )
    verbose_name_plural = "Atributos que describen a los servicios de este tipo"

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        nombrar_obligatorios(formset.form.base_fields.values())
        return formset


@admin.register(TipoServicio)
class TipoServicioAdmin(AdminIntercambio, AdminBase):
    """Los tipos de servicio y sus atributos."""

    resource_classes = (RecursoTipoServicio,)
    form = FormularioTipo
    formfield_overrides = TEXTOS_CORTOS
    inlines = (AtributosInline,)
    list_display = ("nombre", "codigo", "red", "modalidad", "cuantos_atributos", "cuantos_servicios", "situacion")
    list_filter = (
        ("red", ChoicesDropdownFilter),
        ("modalidad", ChoicesDropdownFilter),
        ("es_paquete", BooleanRadioFilter),
        ("activo", BooleanRadioFilter),
    )
    fieldsets = (
        ("Tipo de servicio", {"fields": ("nombre", "codigo", "descripcion", ("red", "modalidad"), "orden")}),
        ("Reglas", {"fields": ("es_paquete", "componentes_minimos", "aplica_sap")}),
    )
    acciones = (acciones.DesactivarTipo, acciones.ActivarTipo)
    accion_en_vez_de_borrar = "desactivar"
    vacio_titulo = "Aún no hay tipos de servicio"
    vacio_ayuda = "Agregue el primero con los atributos que lo describen; después podrá crear servicios de ese tipo."

    cuantos_atributos = columna_numero("total_atributos", "atributos", orden="total_atributos")
    cuantos_servicios = columna_numero("total_servicios", "servicios", orden="total_servicios")

    def get_queryset(self, request: HttpRequest) -> QuerySet[TipoServicio]:
        return consultas.tipos_con_totales()

    @admin.display(description="estado", ordering="activo")
    def situacion(self, tipo: TipoServicio) -> str:
        """Activo o inactivo."""
        return sello(*TONOS_ACTIVO[tipo.activo])

    def guardar(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        operaciones.guardar_tipo(obj, usuario=request.user)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.save(commit=False)  # llena lo que Django anota del cambio; quien escribe es la operación
        vivos = [
            hijo
            for hijo in formset.forms
            if hijo not in formset.deleted_forms and (hijo.instance.pk or hijo.has_changed())
        ]
        ordenes = [hijo.cleaned_data.get("orden") for hijo in vivos]
        ultimo = max((orden for orden in ordenes if orden is not None), default=0)
        vivos = [hijo for _, hijo in sorted(zip(ordenes, vivos, strict=True), key=lambda par: _lugar(par[0], ultimo))]
        operaciones.fijar_atributos(form.instance, atributos=[hijo.instance for hijo in vivos], usuario=request.user)


# --- Servicios -------------------------------------------------------------------------------------------------------
class PreciosInline(TabularInline):
    """La historia de precios: se lee, y cambia con «Cambiar precio»."""

    model = PrecioServicio
    extra = 0
    fields = ("vigente_desde", "precio", "situacion")
    readonly_fields = ("precio", "situacion")
    tab = True
    hide_title = True
    verbose_name_plural = "Precios"

    precio = columna_dinero("valor", "precio")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PrecioServicio]:
        return consultas.precios()

    @admin.display(description="estado")
    def situacion(self, precio: PrecioServicio) -> str:
        """Si rige hoy, regirá o rigió."""
        hoy = timezone.localdate()
        if precio.vigente_desde > hoy:
            return sello("Futuro", "info")
        hasta = precio.siguiente_desde  # type: ignore[attr-defined]
        return sello("Vigente", "success") if hasta is None or hasta > hoy else sello("Anterior", "neutral")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Servicio)
class ServicioAdmin(AdminIntercambio, AdminBase):
    """Los servicios que se venden, con las características de su tipo y sus precios."""

    resource_classes = (RecursoServicio,)
    inlines = (PreciosInline,)
    formfield_overrides = TEXTOS_CORTOS
    list_display = ("nombre", "codigo", "tipo", "precio", "periodicidad", "activos", "situacion")
    list_filter = (
        ("tipo", RelatedDropdownFilter),
        ("estado", ChoicesDropdownFilter),
        ("tipo__red", ChoicesDropdownFilter),
        ("tipo__modalidad", ChoicesDropdownFilter),
        ("periodicidad", ChoicesDropdownFilter),
        FiltroPrecioVigente,
        ("retirado_el", RangeDateFilter),
    )
    autocomplete_fields = ("componentes",)
    readonly_fields = ("situacion", "retirado", "precio", "activos", "ficha")
    acciones = (acciones.CambiarPrecio, acciones.Retirar, acciones.Reactivar)
    accion_en_vez_de_borrar = "retirar"
    vacio_titulo = "Aún no hay servicios"
    vacio_ayuda = "Agregue el primero: elija su tipo, sus características y su precio."

    precio = columna_dinero("precio_vigente", "precio", orden="precio_vigente")
    activos = columna_numero("contratos_activos", "contratos activos", orden="contratos_activos")
    situacion = columna_estado("estado", TONOS_SERVICIO)
    retirado = columna_fecha("retirado_el", "retirado el")

    class Media:
        js = ("servicios/servicio.js",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Servicio]:
        return consultas.catalogo(timezone.localdate())

    @admin.display(description="características")
    def ficha(self, servicio: Servicio) -> str:
        """Las características como se leen, para quien solo mira."""
        filas = [
            (definicion.nombre, mostrar_valor(definicion, servicio.caracteristicas[definicion.clave]))
            for definicion in servicio.tipo.definiciones()
            if definicion.clave in servicio.caracteristicas
        ]
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {}</li>", filas)) if filas else VACIO

    # --- Formulario --------------------------------------------------------------------------------------------------
    def _tipos(self, request: HttpRequest, obj: Any) -> list[TipoServicio]:
        """Los tipos que puede tener el servicio, con sus atributos; se leen una vez por petición."""
        if not hasattr(request, "_tipos_de_servicio"):
            elegibles = Q(activo=True) | Q(pk=obj.tipo_id if obj else None)
            request._tipos_de_servicio = list(  # type: ignore[attr-defined]
                TipoServicio.objects.filter(elegibles).prefetch_related("atributos")
            )
        return request._tipos_de_servicio  # type: ignore[attr-defined, no-any-return]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None or self.has_change_permission(request, obj):
            kwargs["form"] = formulario_de_servicio(self._tipos(request, obj), con_precio=obj is None)
        clase = super().get_form(request, obj, change, **kwargs)
        # Un tipo creado en otra ventana no tendría aquí sus campos.
        sin_atajos(clase, "tipo", "componentes")
        return clase

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        principal = ("Servicio", {"fields": ("tipo", "codigo", "nombre", "descripcion", "periodicidad")})
        retiro = ("retirado",) if obj is not None and obj.estado == EstadoServicio.RETIRADO else ()
        situacion: Any = ("Situación", {"fields": ("situacion", *retiro, "precio", "activos")})
        if obj is not None and not self.has_change_permission(request, obj):
            return (
                principal,
                ("Características", {"fields": ("ficha", "componentes")}),
                situacion,
            )
        tipos = self._tipos(request, obj)
        de_cada_tipo = [
            (
                f"Características de {tipo.nombre}",
                {"fields": campos, "classes": ("solo-tipos", f"tipo-{tipo.pk}")},
            )
            for tipo in tipos
            if (campos := [nombre_de_campo(tipo.pk, definicion.clave) for definicion in tipo.definiciones()])
        ]
        paquetes = ["solo-tipos", *(f"tipo-{tipo.pk}" for tipo in tipos if tipo.es_paquete)]
        composicion = ("Servicios que componen el paquete", {"fields": ("componentes",), "classes": paquetes})
        if obj is None:
            cierre: Any = ("Precio", {"fields": ("precio",)})
        else:
            cierre = situacion
        return (principal, *de_cada_tipo, composicion, cierre)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # Al crear, «precio» es el campo que se escribe y no la columna de la lista.
        return self.readonly_fields if obj is not None else ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj is not None else ()

    def guardar(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        operaciones.guardar_servicio(
            obj,
            usuario=request.user,
            hoy=timezone.localdate(),
            precio=form.cleaned_data.get("precio"),
            componentes=list(form.cleaned_data["componentes"]),
        )

    # --- Buscar y borrar ---------------------------------------------------------------------------------------------
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        consulta, repite = super().get_search_results(request, queryset, search_term)
        if request.GET.get("field_name") == "componentes":
            consulta = consulta.filter(estado=EstadoServicio.ACTIVO, tipo__es_paquete=False)
        return consulta, repite

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        todas = super().get_actions(request)
        if "delete_selected" in todas:
            borrar = acciones.BorrarServicios()
            todas[borrar.nombre] = (self.funcion_de_lista(borrar), borrar.nombre, borrar.titulo)
        return todas

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        lineas, cuentas, sin_permiso, impedimentos = super().get_deleted_objects(objs, request)
        for servicio in objs:
            try:
                reglas.validar_borrado(servicio)
            except ValidationError as error:
                impedimentos.extend(error.messages)
        return lineas, cuentas, sin_permiso, impedimentos

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        operaciones.borrar_servicio(obj, usuario=request.user)  # type: ignore[arg-type]


# --- Promociones -----------------------------------------------------------------------------------------------------
@admin.register(Promocion)
class PromocionAdmin(AdminIntercambio, AdminBase):
    """Las promociones, con su vigencia y lo que queda de su cupo."""

    resource_classes = (RecursoPromocion,)
    form = FormularioPromocion
    formfield_overrides = TEXTOS_CORTOS
    list_display = ("nombre", "codigo", "da", "vigente_desde", "vigente_hasta", "usos", "situacion")
    list_filter = (
        FiltroVigencia,
        ("beneficio", ChoicesDropdownFilter),
        ("exclusiva", BooleanRadioFilter),
        FiltroCategoria,
        ("vigente_desde", RangeDateFilter),
        ("vigente_hasta", RangeDateFilter),
        ("servicios", AutocompleteSelectFilter),
    )
    autocomplete_fields = ("servicios",)
    readonly_fields = ("situacion", "usos")
    # Cuántos clientes la pueden tener lo sabe la fidelización: su plantilla lo pide aparte.
    change_form_outer_after_template = "admin/fidelizacion/promociones/alcance.html"
    acciones = (acciones.DesactivarPromocion, acciones.ActivarPromocion)
    accion_en_vez_de_borrar = "desactivar"
    vacio_titulo = "Aún no hay promociones"
    vacio_ayuda = "Agregue la primera: qué da, sobre qué servicios, a quiénes y hasta cuándo."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Promocion]:
        return Promocion.objects.con_usos()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        clase = super().get_form(request, obj, change, **kwargs)
        sin_atajos(clase, "servicios")
        return clase

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        situacion = [("Situación", {"fields": ("situacion", "usos")})] if obj is not None else []
        return (
            ("Promoción", {"fields": ("codigo", "nombre", "descripcion")}),
            ("Qué da", {"fields": ("beneficio", "cantidad", "duracion_meses")}),
            ("Cuándo", {"fields": ("vigente_desde", "vigente_hasta", "cupo")}),
            ("A quiénes", {"fields": ("servicios", "categorias", "meses_minimos", "exclusiva", "condiciones")}),
            *situacion,
        )

    @admin.display(description="beneficio", ordering="beneficio")
    def da(self, promocion: Promocion) -> str:
        """El beneficio en palabras."""
        return promocion.en_palabras()

    @admin.display(description="vigencia")
    def situacion(self, promocion: Promocion) -> str:
        """Vigente, futura, vencida o inactiva hoy."""
        vigencia = promocion.vigencia(timezone.localdate())
        return sello(vigencia.label, TONOS_VIGENCIA[vigencia])

    @admin.display(description="usada", ordering="usadas")
    def usos(self, promocion: Promocion) -> str:
        """Cuántas veces se ha dado y, si hay cupo, de cuántas."""
        usadas = promocion.usadas  # type: ignore[attr-defined]
        if promocion.cupo is None:
            return numero(usadas)
        return format_html('<span class="panel-numero">{} de {}</span>', usadas, promocion.cupo)

    def guardar(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        operaciones.guardar_promocion(obj, usuario=request.user, servicios=list(form.cleaned_data["servicios"]))
