"""La pantalla de los segmentos. Solo declara: lo que dicen los filtros está en `bonificaciones.segmentos`."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, IntegerField, Model, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Coalesce
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.widgets import UnfoldAdminTextareaWidget

from clientes import filtros_admin
from movistar_site.comun.admin_base import AdminBase
from movistar_site.comun.presentacion import VACIO, columna_numero, sello

from ..acciones.segmentos import ActivarSegmento, BorrarSegmentos, DesactivarSegmento
from ..filtros.listas_segmentos import FiltroDeSegmento, FiltroPuedeTener
from ..forms.segmentos import FormularioSegmento, iniciales
from ..models import Programa, Segmento
from ..operaciones import segmentos as operaciones
from ..segmentos import en_palabras, leer

filtros_admin.DE_OTRAS_APLICACIONES += [FiltroDeSegmento, FiltroPuedeTener]

FILTROS_POR_GRUPO = (
    (
        "Quién es",
        (
            "busqueda",
            ("categoria", "categoria_asignada"),
            ("permanencia_desde", "permanencia_hasta"),
            ("fecha_vinculacion", "aniversario"),
            ("estado", "tipo_persona"),
            "tipo_documento",
            "inactivo_desde",
        ),
    ),
    ("Dónde vive", ("departamento", "municipio", "estrato")),
    (
        "Qué tiene",
        (("con_tipo", "sin_tipo"), ("con_servicio", "sin_servicio"), ("gasto", "contratos")),
    ),
    (
        "Qué ha pasado",
        (("reclamaciones", "reclamaciones_meses"), ("con_interaccion_abierta", "pendientes")),
    ),
    ("Ofertas y bonificaciones", (("riesgo", "bonificacion"), "autoriza", "autoriza_por")),
)


@admin.register(Segmento)
class SegmentoAdmin(AdminBase):
    """Grupos de clientes dichos por sus filtros."""

    form = FormularioSegmento
    formfield_overrides = {TextField: {"widget": UnfoldAdminTextareaWidget(attrs={"rows": 2})}}
    list_display = ("nombre", "clientes", "para_que", "cuantos_programas", "cuantas_promociones", "situacion")
    list_filter = (("activo", BooleanRadioFilter),)
    autocomplete_fields = ("promociones",)
    change_form_before_template = "admin/fidelizacion/segmentos/vivo.html"
    acciones = (DesactivarSegmento, ActivarSegmento)
    accion_en_vez_de_borrar = "desactivar"
    vacio_titulo = "Aún no hay segmentos"
    vacio_ayuda = (
        "Cree el primero con los filtros que lo forman, o desde la lista de clientes con los que tenga puestos."
    )

    cuantos_programas = columna_numero("total_programas", "programas", orden="total_programas")
    cuantas_promociones = columna_numero("total_promociones", "promociones", orden="total_promociones")

    class Media:
        js = ("fidelizacion/segmento.js",)
        css = {"all": ("fidelizacion/segmento.css",)}

    # --- Lista -------------------------------------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[Segmento]:
        return Segmento.objects.annotate(
            total_programas=_total(Programa), total_promociones=_total(Segmento.promociones.through)
        )

    @admin.display(description="clientes")
    def clientes(self, segmento: Segmento) -> str:
        """Su cuenta exacta, que se pide cuando la fila ya está a la vista."""
        return format_html(
            '<span class="segmento-cuenta panel-cifras" hx-get="{}" hx-trigger="load" hx-sync="closest table:queue all"'
            ' hx-swap="innerHTML" aria-live="polite"><span class="panel-tenue">contando…</span></span>',
            reverse("cuenta_de_segmento", args=(segmento.pk,)),
        )

    clientes.alineacion = "derecha"  # type: ignore[attr-defined]

    @admin.display(description="para qué", ordering="descripcion")
    def para_que(self, segmento: Segmento) -> str:
        """Lo que su autor escribió."""
        return format_html('<span class="segmento-para">{}</span>', segmento.descripcion) or VACIO

    @admin.display(description="estado", ordering="activo")
    def situacion(self, segmento: Segmento) -> str:
        """Si se ofrece."""
        return sello("Activo", "success") if segmento.activo else sello("Inactivo", "neutral")

    @admin.display(description="filtros")
    def condiciones(self, segmento: Segmento) -> str:
        """Los filtros con su nombre, para quien solo mira."""
        pares = en_palabras(segmento.filtros, hoy=timezone.localdate())
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {}</li>", pares)) if pares else VACIO

    # --- Formulario --------------------------------------------------------------------------------------------------
    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        datos = ("Segmento", {"fields": ("nombre", "descripcion")})
        promociones = ("Promociones", {"fields": ("promociones",)})
        if not self._edita(request, obj):
            return (datos, ("Quiénes son", {"fields": ("condiciones",)}), promociones)
        grupos = [(titulo, {"fields": campos}) for titulo, campos in FILTROS_POR_GRUPO]
        return (datos, *grupos, promociones)

    def _edita(self, request: HttpRequest, obj: Any) -> bool:
        return self.has_change_permission(request, obj) if obj is not None else self.has_add_permission(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if self._edita(request, obj) else ("condiciones",)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        # Los filtros no son columnas: los pone el formulario, y el modelo solo tiene estas.
        return super().get_form(request, obj, change, **kwargs | {"fields": FormularioSegmento.Meta.fields})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        puestos = request.GET or QueryDict("estado=activo")
        return {**super().get_changeform_initial_data(request), **iniciales(puestos)}

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, obj: Any = None, **kwargs: Any) -> Any:
        edita = self._edita(request, obj)
        context["segmento_vivo"] = {
            "direccion": reverse("contar_segmento") if edita else reverse("muestra_de_segmento", args=(obj.pk,)),
            "edita": edita,
            "avisos": leer(obj.filtros, hoy=timezone.localdate()).avisos if obj is not None else (),
            "ver": f"{reverse('admin:clientes_cliente_changelist')}?segmento={obj.pk}" if obj is not None else "",
            "permitido": request.user.has_perm("clientes.view_cliente"),
        }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def guardar(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        operaciones.guardar_segmento(
            obj,
            filtros=form.filtros,
            promociones=list(form.cleaned_data["promociones"]),
            hoy=timezone.localdate(),
            usuario=request.user,
        )

    def restaurar(self, request: HttpRequest, registro: Any, *, motivo: str) -> None:
        operaciones.guardar_segmento(
            registro, filtros=registro.filtros, hoy=timezone.localdate(), usuario=request.user, motivo=motivo
        )

    # --- Borrar ------------------------------------------------------------------------------------------------------
    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        todas = super().get_actions(request)
        if "delete_selected" in todas:
            borrar = BorrarSegmentos()
            todas[borrar.nombre] = (self.funcion_de_lista(borrar), borrar.nombre, borrar.titulo)
        return todas

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        lineas, cuentas, sin_permiso, impedimentos = super().get_deleted_objects(objs, request)
        frases = [operaciones.por_que_no_se_borra(segmento) for segmento in objs]
        return lineas, cuentas, sin_permiso, [frase for frase in frases if frase] + impedimentos

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        operaciones.borrar_segmento(obj, usuario=request.user)  # type: ignore[arg-type]


def _total(modelo: Any) -> Coalesce:
    filas = modelo._default_manager.filter(segmento=OuterRef("pk")).order_by().values("segmento")
    return Coalesce(Subquery(filas.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)
