"""Las derivaciones, abiertas y cerradas, y los asesores que las reciben."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import AutocompleteSelectFilter, BooleanRadioFilter, ChoicesDropdownFilter

from clientes.filtros_admin import FiltroDias
from movistar_site.comun.admin_base import AdminBase
from movistar_site.comun.admin_intercambio import AdminSoloExporta
from movistar_site.comun.models import nombre_de
from movistar_site.comun.paginas import pagina_de
from movistar_site.comun.presentacion import VACIO, columna_fecha, columna_numero, sello

from .. import acciones
from ..derivaciones.presentacion import estado_de
from ..derivaciones.reparto import asesores
from ..models import Asesor, Derivacion
from ..operaciones.asesores import guardar_asesor
from ..recursos import RecursoDerivacion


@admin.register(Derivacion)
class DerivacionAdmin(AdminSoloExporta, AdminBase):
    """Todas las derivaciones. Nadie las agrega ni las cambia a mano: se trabajan desde su página."""

    resource_classes = (RecursoDerivacion,)
    list_display = ("quien", "programa", "situacion", "de", "vence", "cerrada")
    list_filter = (
        ("estado", ChoicesDropdownFilter),
        ("resultado", ChoicesDropdownFilter),
        ("asesor", AutocompleteSelectFilter),
        ("vence_el", FiltroDias),
        ("cerrada_el", FiltroDias),
    )
    campos_busqueda = ("cliente__busqueda",)
    list_select_related = ("cliente", "programa", "asesor")
    fields = ("quien", "programa", "situacion", "de", ("derivada", "vence"), ("volver", "cerrada"), "motivo")
    readonly_fields = ("quien", "programa", "situacion", "de", "derivada", "vence", "volver", "cerrada", "motivo")
    acciones = (acciones.ReasignarDerivacion, acciones.AnularDerivacion)
    vacio_titulo = "Aún no hay derivaciones"
    vacio_ayuda = "Cuando un programa asigna una bonificación, el cliente se le deriva a un asesor."

    derivada = columna_fecha("derivada_el", "derivada el")
    vence = columna_fecha("vence_el", "vence el")
    volver = columna_fecha("volver_el", "volver el")
    cerrada = columna_fecha("cerrada_el", "cerrada")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        lista = super().get_changelist_instance(request)
        lista.url_for_result = pagina_de  # type: ignore[method-assign]
        return lista

    @admin.display(description="cliente")
    def quien(self, derivacion: Derivacion) -> str:
        """A quién se le ofrece."""
        return str(derivacion.cliente)

    @admin.display(description="estado")
    def situacion(self, derivacion: Derivacion) -> str:
        """En qué va, o cómo se cerró."""
        return sello(*estado_de(derivacion))

    @admin.display(description="asesor")
    def de(self, derivacion: Derivacion) -> str:
        """Quién la lleva."""
        return nombre_de(derivacion.asesor) or VACIO

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Asesor)
class AsesorAdmin(AdminBase):
    """Cómo recibe cada asesor: quien no tiene ajustes recibe de cualquier parte y sin tope."""

    list_display = ("nombre", "cuantos_municipios", "maximo", "situacion")
    list_filter = (("recibe", BooleanRadioFilter),)
    campos_busqueda = ()
    search_fields = ("usuario__first_name", "usuario__last_name", "usuario__username")
    fields = ("usuario", "municipios", "tope", "recibe")
    autocomplete_fields = ("municipios",)
    list_select_related = ("usuario",)
    vacio_titulo = "Ningún asesor tiene ajustes propios"
    vacio_ayuda = "Sin ellos, cada asesor recibe clientes de cualquier municipio y sin límite."

    maximo = columna_numero("tope", "máximo abiertas", orden="tope")
    cuantos_municipios = columna_numero("total_municipios", "municipios")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Asesor]:
        return super().get_queryset(request).annotate(total_municipios=Count("municipios"))

    @admin.display(description="asesor", ordering="usuario__first_name")
    def nombre(self, asesor: Asesor) -> str:
        """Quién es."""
        return str(asesor)

    @admin.display(description="estado", ordering="recibe")
    def situacion(self, asesor: Asesor) -> str:
        """Si recibe derivaciones."""
        return sello("Recibe", "success") if asesor.recibe else sello("En pausa", "warning")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("usuario",) if obj is not None else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "usuario":
            kwargs["queryset"] = asesores().filter(asesor__isnull=True)
        campo = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if campo is not None:
            campo.label_from_instance = nombre_de
        return campo

    def guardar(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        guardar_asesor(obj, usuario=request.user)
