"""Los programas de fidelización: a quién premian, con qué y hasta qué costo."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery, TextField
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextareaWidget

from movistar_site.comun.admin_base import AdminBase
from movistar_site.comun.formularios import sin_atajos
from movistar_site.comun.presentacion import columna_fecha, sello
from movistar_site.comun.valores import contar
from movistar_site.comun.valores.fechas import MESES_POR_ANIO

from .. import acciones
from ..asignacion.criterios import de_centesimas, leer_escalones
from ..beneficios import en_palabras
from ..filtros.programas import FiltroVigenciaPrograma
from ..forms.programas import FormularioPrograma
from ..models import Calculo, Corrida, Programa, VigenciaPrograma
from ..operaciones.programas import guardar_programa

TONOS: dict[str, str] = {
    VigenciaPrograma.VIGENTE: "success",
    VigenciaPrograma.FUTURO: "info",
    VigenciaPrograma.TERMINADO: "warning",
    VigenciaPrograma.INACTIVO: "neutral",
}
DE_LO_ASIGNADO = "Lo que cambie vale para lo que se asigne desde ahora: cada bonificación ya asignada copió lo suyo."
ES_UN_REGALO = (
    "Una bonificación es un regalo: no crea deuda, condición ni permanencia, y el cliente puede no aceptarla."
)


@admin.register(Programa)
class ProgramaAdmin(AdminBase):
    """Los programas. Antes de guardar se ve a cuántos alcanzan, cuánto cuestan y una muestra."""

    form = FormularioPrograma
    formfield_overrides = {TextField: {"widget": UnfoldAdminTextareaWidget(attrs={"rows": 4})}}
    list_display = ("nombre", "a_quien", "da", "vigente_desde", "vigente_hasta", "buscado", "situacion")
    list_display_links = ("nombre",)
    list_filter = (FiltroVigenciaPrograma, ("beneficio", ChoicesDropdownFilter), ("frecuencia", ChoicesDropdownFilter))
    list_select_related = ("servicio",)
    autocomplete_fields = ("tipos", "municipios", "servicio", "segmento")
    acciones = (acciones.DesactivarPrograma, acciones.ActivarPrograma)
    accion_en_vez_de_borrar = "desactivar"
    change_form_after_template = "admin/fidelizacion/programa/alcance.html"
    vacio_titulo = "Aún no hay programas"
    vacio_ayuda = "Cree el primero: cuánta permanencia premia, a quiénes, con qué y hasta qué costo."

    buscado = columna_fecha("ultima_corrida", "última búsqueda", orden="ultima_corrida")

    class Media:
        css = {"all": ("fidelizacion/programas.css",)}
        js = ("fidelizacion/programa.js",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Programa]:
        corridas = Corrida.objects.filter(programa=OuterRef("pk"), simulada=False).order_by("-id")
        return super().get_queryset(request).annotate(ultima_corrida=Subquery(corridas.values("dia")[:1]))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return (
            (
                "Programa",
                {
                    "fields": (("nombre", "codigo"), "descripcion", "norma"),
                    "description": DE_LO_ASIGNADO if obj is not None else ES_UN_REGALO,
                },
            ),
            ("Permanencia que premia", {"fields": (("meses_minimos", "meses_maximos"), "estricto", "frecuencia")}),
            (
                "Otras condiciones",
                {
                    "fields": ("categorias", "con_contrato", "tipos", "municipios", "segmento"),
                    "description": "Con una PQR abierta nunca se asigna: se espera a que se le responda.",
                },
            ),
            (
                "Beneficio",
                {
                    "fields": (
                        ("beneficio", "calculo"),
                        "cantidad",
                        "escalones",
                        "servicio",
                        "equipo",
                        "costo_unitario",
                        "meses",
                    )
                },
            ),
            ("Vigencia y tope", {"fields": (("vigente_desde", "vigente_hasta"), "tope_mensual")}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        propios = super().get_readonly_fields(request, obj)
        return ("codigo", *propios) if obj is not None else propios

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"vigente_desde": timezone.localdate()} | super().get_changeform_initial_data(request)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        clase = super().get_form(request, obj, change, **kwargs)
        sin_atajos(clase, "tipos", "municipios", "servicio", "segmento")
        return clase

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, obj: Any = None, **kwargs: Any) -> Any:
        puede = self.has_change_permission(request, obj) if obj is not None else self.has_add_permission(request)
        context["mostrar_alcance"] = puede
        respuesta: HttpResponse = super().render_change_form(request, context, *args, obj=obj, **kwargs)
        return respuesta

    def botones_de_accion(self, request: HttpRequest, registro: Any) -> list[dict[str, Any]]:
        botones = super().botones_de_accion(request, registro)
        if request.user.has_perm("bonificaciones.add_bonificacion"):
            boton = {
                "title": "Buscar ahora",
                "icon": "person_search",
                "variant": ActionVariant.DEFAULT,
                "path": reverse("correr_programa", args=(registro.pk,)),
                "attrs": {},
            }
            botones.insert(0, boton)
        return botones

    def guardar(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        guardar_programa(
            obj,
            usuario=request.user,
            tipos=list(form.cleaned_data["tipos"]),
            municipios=list(form.cleaned_data["municipios"]),
        )

    # --- Columnas ----------------------------------------------------------------------------------------------------
    @admin.display(description="premia", ordering="meses_minimos")
    def a_quien(self, programa: Programa) -> str:
        """La permanencia que pide."""
        desde = f"{'Más de' if programa.estricto else 'Desde'} {_tiempo(programa.meses_minimos)}"
        hasta = f", hasta {_tiempo(programa.meses_maximos)}" if programa.meses_maximos else ""
        return f"{desde}{hasta}"

    @admin.display(description="con", ordering="beneficio")
    def da(self, programa: Programa) -> str:
        """El beneficio en palabras."""
        return dicho(programa)

    @admin.display(description="estado")
    def situacion(self, programa: Programa) -> str:
        """Vigente, futuro, terminado o inactivo hoy."""
        vigencia = programa.vigencia(timezone.localdate())
        return sello(vigencia.label, TONOS[vigencia])


def dicho(programa: Programa) -> str:
    """El beneficio de un programa en palabras; si va por escalones, el menor y el mayor."""
    otros = {"servicio": programa.servicio.nombre if programa.servicio else "", "equipo": programa.equipo}
    meses = programa.meses
    if programa.calculo == Calculo.FACTURA:
        frase = en_palabras("porcentaje", programa.cantidad, meses)
        return frase.replace("de descuento", "de la factura, de descuento,")
    if programa.calculo != Calculo.ESCALONES:
        return en_palabras(programa.beneficio, programa.cantidad, meses, **otros)
    escalones = leer_escalones(programa.escalones)
    extremos = [
        en_palabras(programa.beneficio, de_centesimas(uno.cantidad), meses) for uno in (escalones[0], escalones[-1])
    ]
    return format_html("{}, según los años; hasta {}", *extremos) if len(escalones) > 1 else extremos[0]


def _tiempo(meses: int) -> str:
    anios, sueltos = divmod(meses, MESES_POR_ANIO)
    return contar(anios, "año", "años") if anios and not sueltos else contar(meses, "mes", "meses")
