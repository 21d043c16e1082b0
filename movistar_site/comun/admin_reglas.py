"""Las reglas con número y fecha: los parámetros, con lo que rige hoy a la vista, y los festivos adicionales."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from .admin_base import AdminBase
from .models import Festivo, Parametro
from .parametros import CATALOGO, GRUPOS, DefinicionParametro
from .presentacion import columna_fecha

NO_MUEVE = "No mueve el plazo de lo ya radicado: cada caso conserva el que se le fijó ese día."


@dataclass(frozen=True)
class Regla:
    """Un parámetro como rige hoy: de fábrica o desde cuándo y por qué."""

    definicion: DefinicionParametro
    valor: str
    desde: date | None
    norma: str
    futuro: date | None
    enlace: str


def reglas_de_hoy(hoy: date) -> list[tuple[str, list[Regla]]]:
    """Todos los parámetros por grupo, con lo que rige hoy y el próximo cambio. Una consulta."""
    vigentes: dict[str, Parametro] = {}
    futuros: dict[str, date] = {}
    for fila in Parametro.objects.order_by("vigente_desde"):
        if fila.vigente_desde <= hoy:
            vigentes[fila.clave] = fila
        else:
            futuros.setdefault(fila.clave, fila.vigente_desde)
    agregar = reverse("admin:comun_parametro_add")
    grupos: dict[str, list[Regla]] = {grupo: [] for grupo in GRUPOS}
    for clave, definicion in CATALOGO.items():
        fila_vigente = vigentes.get(clave)
        grupos[definicion.grupo].append(
            Regla(
                definicion,
                fila_vigente.valor if fila_vigente else definicion.por_defecto,
                fila_vigente.vigente_desde if fila_vigente else None,
                fila_vigente.norma if fila_vigente else definicion.norma,
                futuros.get(clave),
                f"{agregar}?clave={clave}",
            )
        )
    return list(grupos.items())


@admin.register(Parametro)
class ParametroAdmin(AdminBase):
    """Los valores de las reglas, con su fecha y su norma. Lo que nadie ha fijado vale lo que trae el panel."""

    list_display = ("clave", "valor", "rige", "norma")
    list_filter = (("clave", ChoicesDropdownFilter),)
    search_fields = ("clave", "valor", "norma")
    campos_busqueda = ()
    list_before_template = "admin/comun/parametro/reglas.html"
    fieldsets = ((None, {"fields": ("clave", "valor", "vigente_desde", "norma"), "description": NO_MUEVE}),)
    vacio_titulo = "Nadie ha cambiado una regla"
    vacio_ayuda = "Agregue un valor solo si una regla cambia: diga desde qué fecha y con qué norma."

    rige = columna_fecha("vigente_desde", "vigente desde", orden="vigente_desde")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        respuesta = super().changelist_view(request, extra_context)
        if isinstance(respuesta, TemplateResponse) and respuesta.context_data is not None:
            respuesta.context_data["reglas"] = reglas_de_hoy(timezone.localdate())
            respuesta.context_data["puede_cambiar"] = self.has_add_permission(request)
        return respuesta

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"vigente_desde": timezone.localdate()} | super().get_changeform_initial_data(request)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        formulario = super().get_form(request, obj, change=change, **kwargs)
        campos = formulario.base_fields
        if "clave" in campos:
            campos["clave"].choices = [("", "—"), *_por_grupos()]
        if "valor" in campos:
            definicion = CATALOGO.get(obj.clave if obj else request.GET.get("clave", ""))
            campos["valor"].help_text = (
                f"Se espera {definicion.esperado}. El panel trae {definicion.por_defecto} ({definicion.norma})."
                if definicion
                else "En la lista de parámetros, «Cambiar» abre este formulario con lo que se espera de cada uno."
            )
        return formulario


def _por_grupos() -> list[tuple[str, list[tuple[str, str]]]]:
    return [(grupo, [(clave, uno.nombre) for clave, uno in CATALOGO.items() if uno.grupo == grupo]) for grupo in GRUPOS]


@admin.register(Festivo)
class FestivoAdmin(AdminBase):
    """Los días que no se trabajan y el calendario nacional no conoce."""

    list_display = ("dia", "nombre", "norma")
    list_display_links = ("dia", "nombre")
    search_fields = ("nombre", "norma")
    campos_busqueda = ()
    fieldsets = (
        (
            None,
            {
                "fields": ("fecha", "nombre", "norma"),
                "description": "Los festivos nacionales ya están, también los que trasladan al lunes: agregue solo los"
                f" que una ley o un decreto añada. {NO_MUEVE}",
            },
        ),
    )
    vacio_titulo = "Rige el calendario nacional"
    vacio_ayuda = "Agregue un día solo si una ley o un decreto lo declara festivo y el calendario aún no lo trae."

    dia = columna_fecha("fecha", "fecha", orden="fecha")


__all__ = ["FestivoAdmin", "ParametroAdmin"]
