"""Los ajustes de la atención que un administrador mantiene: canales, motivos, equipos y plantillas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, Q, QuerySet, TextField
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.widgets import UnfoldAdminTextareaWidget

from movistar_site.comun.admin_base import AdminBase
from movistar_site.comun.models import nombre_de
from movistar_site.comun.presentacion import columna_fecha, columna_numero, sello

from .. import acciones, operaciones
from ..filtros_admin import FiltroVigentes
from ..models import CanalAtencion, Equipo, MotivoInteraccion, PlantillaRespuesta

SOLO_LO_NUEVO = "Vale para lo que se radique desde ahora: no mueve el plazo ni el equipo de lo ya radicado."
TEXTO_DE_CARTA = {TextField: {"widget": UnfoldAdminTextareaWidget(attrs={"rows": 14})}}


class AdminDeAjuste(AdminBase):
    """Una pantalla de ajustes: pocos registros, que se buscan por su nombre y se guardan con su operación.

    `fijos`: lo que se escribe al crear y ya no cambia. `operacion`: la que guarda.
    """

    campos_busqueda = ()
    fijos: Sequence[str] = ()
    operacion: Any = None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        propios = super().get_readonly_fields(request, obj)
        return (*self.fijos, *propios) if obj is not None else propios

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        iniciales: dict[str, Any] = super().get_changeform_initial_data(request)
        if hasattr(self.model, "vigente_desde"):
            iniciales.setdefault("vigente_desde", timezone.localdate())
        return iniciales

    def guardar(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        type(self).operacion(obj, usuario=request.user)

    def restaurar(self, request: HttpRequest, registro: Any, *, motivo: str) -> None:
        type(self).operacion(registro, usuario=request.user, motivo=motivo)


class ConVigencia(AdminDeAjuste):
    """Lo que se ofrece entre dos fechas."""

    fijos = ("codigo",)
    accion_en_vez_de_borrar = "retirar"
    rige = columna_fecha("vigente_desde", "desde", orden="vigente_desde")
    hasta = columna_fecha("vigente_hasta", "hasta", orden="vigente_hasta")

    @admin.display(description="estado")
    def situacion(self, registro: Any) -> str:
        """Si se ofrece hoy."""
        hoy = timezone.localdate()
        if registro.vigente_desde > hoy:
            return sello("Futuro", "info")
        retirado = registro.vigente_hasta is not None and registro.vigente_hasta < hoy
        return sello("Retirado", "neutral") if retirado else sello("Vigente", "success")


@admin.register(MotivoInteraccion)
class MotivoAdmin(ConVigencia):
    """Por qué consultan y reclaman los clientes, y qué equipo los atiende."""

    list_display = ("nombre", "codigo", "cobro", "equipo", "norma", "situacion")
    list_filter = (
        FiltroVigentes,
        ("es_de_cobro", BooleanRadioFilter),
        ("equipo", RelatedDropdownFilter),
    )
    list_select_related = ("equipo",)
    search_fields = ("nombre", "codigo", "norma")
    fieldsets = (
        (
            "Motivo",
            {
                "fields": ("nombre", "codigo", "norma", "es_de_cobro", "equipo"),
                "description": SOLO_LO_NUEVO,
            },
        ),
        ("Cuándo se ofrece", {"fields": (("vigente_desde", "vigente_hasta"), "orden")}),
    )
    acciones = (acciones.RetirarMotivo, acciones.ReactivarMotivo)
    operacion = operaciones.guardar_motivo
    vacio_titulo = "Aún no hay motivos"
    vacio_ayuda = "Agregue por qué consultan y reclaman sus clientes: con el motivo, cada caso va a su equipo."

    @admin.display(description="discute una suma", ordering="es_de_cobro")
    def cobro(self, motivo: MotivoInteraccion) -> str:
        """Si mientras esté abierto no se puede suspender por esa suma."""
        return sello("Sí", "warning") if motivo.es_de_cobro else "No"

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "equipo":
            kwargs["queryset"] = Equipo.objects.filter(activo=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(CanalAtencion)
class CanalAdmin(ConVigencia):
    """Por dónde se recibe y se responde."""

    list_display = ("nombre", "codigo", "norma", "rige", "hasta", "situacion")
    list_filter = (FiltroVigentes,)
    search_fields = ("nombre", "codigo", "norma")
    fieldsets = (
        ("Canal", {"fields": ("nombre", "codigo", "norma"), "description": SOLO_LO_NUEVO}),
        ("Cuándo se ofrece", {"fields": (("vigente_desde", "vigente_hasta"), "orden")}),
    )
    acciones = (acciones.RetirarCanal, acciones.ReactivarCanal)
    operacion = operaciones.guardar_canal
    vacio_titulo = "Aún no hay canales"
    vacio_ayuda = "Mientras no haya ninguno, se ofrecen los ocho de siempre: teléfono, WhatsApp, página web, oficina…"

    # --- Borrar: las interacciones llevan su código, así que la base no lo impide ------------------------------------
    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        todas = super().get_actions(request)
        if "delete_selected" in todas:
            borrar = acciones.BorrarCanales()
            todas[borrar.nombre] = (self.funcion_de_lista(borrar), borrar.nombre, borrar.titulo)
        return todas

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        lineas, cuentas, sin_permiso, impedimentos = super().get_deleted_objects(objs, request)
        frases = [operaciones.por_que_no_se_borra_canal(canal) for canal in objs]
        return lineas, cuentas, sin_permiso, [frase for frase in frases if frase] + impedimentos

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        operaciones.borrar_canal(obj, usuario=request.user)  # type: ignore[arg-type]


@admin.register(Equipo)
class EquipoAdmin(AdminDeAjuste):
    """Quiénes atienden juntos y qué motivos les llegan."""

    list_display = ("nombre", "personas", "cuantos_motivos", "situacion")
    list_filter = (("activo", BooleanRadioFilter),)
    search_fields = ("nombre",)
    fields = ("nombre", "miembros")
    autocomplete_fields = ("miembros",)
    acciones = (acciones.DesactivarEquipo, acciones.ActivarEquipo)
    accion_en_vez_de_borrar = "desactivar"
    operacion = operaciones.guardar_equipo
    vacio_titulo = "Aún no hay equipos"
    vacio_ayuda = "Cree uno con las personas que atienden los mismos motivos: los casos les llegan a su bandeja."

    personas = columna_numero("total_miembros", "miembros", orden="total_miembros")
    cuantos_motivos = columna_numero("total_motivos", "motivos", orden="total_motivos")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Equipo]:
        activos = Count("miembros", filter=Q(miembros__is_active=True), distinct=True)
        return super().get_queryset(request).annotate(
            total_miembros=activos, total_motivos=Count("motivos", distinct=True)
        )  # fmt: skip

    @admin.display(description="estado", ordering="activo")
    def situacion(self, equipo: Equipo) -> str:
        """Si recibe casos."""
        return sello("Activo", "success") if equipo.activo else sello("Inactivo", "neutral")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        campo = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "miembros" and campo is not None:
            campo.label_from_instance = nombre_de
            campo.help_text = "Ven en su bandeja lo que llega al equipo. Búsquelos por su nombre o su cuenta."
        return campo

    def guardar(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        operaciones.guardar_equipo(obj, usuario=request.user, miembros=form.cleaned_data.get("miembros"))


@admin.register(PlantillaRespuesta)
class PlantillaAdmin(AdminDeAjuste):
    """Los textos con que se responde muchas veces."""

    list_display = ("nombre", "para", "motivo", "situacion")
    list_filter = (
        ("tipo", ChoicesDropdownFilter),
        ("motivo", RelatedDropdownFilter),
        ("activa", BooleanRadioFilter),
    )
    list_select_related = ("motivo",)
    search_fields = ("nombre", "texto")
    formfield_overrides = TEXTO_DE_CARTA
    fields = ("nombre", ("tipo", "motivo"), "texto")
    acciones = (acciones.DesactivarPlantilla, acciones.ActivarPlantilla)
    operacion = operaciones.guardar_plantilla
    vacio_titulo = "Aún no hay plantillas"
    vacio_ayuda = "Escriba una vez lo que se responde muchas: {cliente}, {numero} o {cun} se completan con cada caso."

    @admin.display(description="para", ordering="tipo")
    def para(self, plantilla: PlantillaRespuesta) -> str:
        """Qué clase de interacción se responde con ella."""
        return plantilla.get_tipo_display() if plantilla.tipo else "Cualquiera"

    @admin.display(description="estado", ordering="activa")
    def situacion(self, plantilla: PlantillaRespuesta) -> str:
        """Si se ofrece al responder."""
        return sello("Activa", "success") if plantilla.activa else sello("Inactiva", "neutral")
