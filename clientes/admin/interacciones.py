"""La pantalla de las consultas, reclamaciones y sugerencias."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from movistar_site.comun.admin_base import AdminBase
from movistar_site.comun.admin_intercambio import AdminIntercambio
from movistar_site.comun.presentacion import VACIO, columna_estado, columna_fecha

from .. import acciones, consultas, filtros_admin, operaciones
from ..forms import FormularioInteraccion
from ..models import EstadoInteraccion, Interaccion
from ..recursos import RecursoInteraccion
from .comunes import TONOS_INTERACCION, TONOS_TIPO, volverse

RADICADO = ("numero", "situacion", "cliente", "cuando", "registro")
QUE_SE_PIDE = ("cliente", "contrato", "tipo", "canal", "fecha", "asunto", "texto")


@admin.register(Interaccion)
class InteraccionAdmin(AdminIntercambio, AdminBase):
    """Lo que los clientes consultan, reclaman o sugieren."""

    resource_classes = (RecursoInteraccion,)
    form = FormularioInteraccion
    list_display = ("numero", "clase", "asunto", "cliente", "canal", "cuando", "situacion")
    list_filter = (
        filtros_admin.FiltroSinResponder,
        ("tipo", ChoicesDropdownFilter),
        ("estado", ChoicesDropdownFilter),
        ("canal", ChoicesDropdownFilter),
        ("fecha", filtros_admin.FiltroDias),
        ("respondida_el", filtros_admin.FiltroDias),
    )
    autocomplete_fields = ("cliente", "contrato")
    sortable_by = ("numero", "cuando")
    acciones = (acciones.TomarInteraccion, acciones.ResponderInteraccion)
    vacio_titulo = "Aún no hay interacciones"
    vacio_ayuda = "Registre aquí lo que un cliente consulta, reclama o sugiere; queda con su número de radicado."

    clase = columna_estado("tipo", TONOS_TIPO, "tipo")
    cuando = columna_fecha("fecha", "fecha", orden="fecha")
    situacion = columna_estado("estado", TONOS_INTERACCION)
    notificada = columna_fecha("respondida_el", "notificada el")

    class Media:
        css = {"all": ("clientes/cliente.css",)}

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return consultas.buscar_interacciones(queryset, search_term), False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Interaccion]:
        return Interaccion.objects.select_related("cliente", "contrato__servicio")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Respondida queda como está: se ve, y no hay nada que guardar.
        respondida = obj is not None and obj.estado == EstadoInteraccion.RESPONDIDA
        return not respondida and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ()
        if obj.estado == EstadoInteraccion.RESPONDIDA:
            return (*RADICADO, "tipo", "canal", "contrato", "asunto", "lo_dicho", "lo_respondido", "notificada")
        return RADICADO

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return (
                ("Quién", {"fields": ("cliente", "contrato")}),
                ("Qué", {"fields": (("tipo", "canal"), "fecha", "asunto", "texto")}),
            )
        respondida = obj.estado == EstadoInteraccion.RESPONDIDA
        respuesta = [("Respuesta", {"fields": ("lo_respondido", "notificada")})] if respondida else []
        texto = "lo_dicho" if respondida else "texto"
        return (
            ("Radicado", {"fields": (("numero", "situacion"), "cliente", "contrato", ("cuando", "registro"))}),
            ("Qué", {"fields": (("tipo", "canal"), "asunto", texto)}),
            *respuesta,
        )

    @admin.display(description="registrada por")
    def registro(self, interaccion: Interaccion) -> str:
        """Quién la radicó; el nombre queda aunque su cuenta se borre."""
        return interaccion.registrada_por_nombre or VACIO

    @admin.display(description="lo que dice el cliente")
    def lo_dicho(self, interaccion: Interaccion) -> str:
        """El texto con sus párrafos."""
        return _parrafos(interaccion.texto)

    @admin.display(description="respuesta")
    def lo_respondido(self, interaccion: Interaccion) -> str:
        """La respuesta con sus párrafos."""
        return _parrafos(interaccion.respuesta)

    def guardar(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            operaciones.corregir_interaccion(obj, usuario=request.user)
            return
        datos = {campo: form.cleaned_data[campo] for campo in QUE_SE_PIDE}
        volverse(obj, operaciones.registrar_interaccion(**datos, usuario=request.user, ahora=timezone.now()))

    def restaurar(self, request: HttpRequest, registro: Any, *, motivo: str) -> None:
        operaciones.corregir_interaccion(registro, usuario=request.user, motivo=motivo)


def _parrafos(texto: str) -> str:
    return render_to_string("admin/clientes/interaccion/texto.html", {"texto": texto}) if texto else VACIO
