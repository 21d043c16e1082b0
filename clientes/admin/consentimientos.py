"""La pantalla de los consentimientos: se agregan y se revocan; no se editan ni se borran."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from movistar_site.comun.admin_base import AdminBase
from movistar_site.comun.admin_intercambio import AdminIntercambio
from movistar_site.comun.presentacion import VACIO, columna_fecha, sello

from .. import acciones, consultas, filtros_admin, operaciones
from ..models import Consentimiento
from ..recursos import RecursoConsentimiento
from .comunes import volverse

CAMPOS = ("cliente", "finalidad", "canal", "version_texto", "otorgado_el", "medio", "evidencia")


@admin.register(Consentimiento)
class ConsentimientoAdmin(AdminIntercambio, AdminBase):
    """Lo que los clientes han autorizado."""

    resource_classes = (RecursoConsentimiento,)
    list_display = ("cliente", "finalidad", "canal", "otorgado", "medio", "vigencia")
    list_display_links = ("cliente",)
    list_filter = (
        filtros_admin.FiltroVigente,
        ("finalidad", ChoicesDropdownFilter),
        ("canal", ChoicesDropdownFilter),
        ("medio", ChoicesDropdownFilter),
        ("otorgado_el", filtros_admin.FiltroDias),
    )
    autocomplete_fields = ("cliente",)
    sortable_by = ("otorgado",)
    acciones = (acciones.RevocarConsentimiento,)
    vacio_titulo = "Aún no hay consentimientos"
    vacio_ayuda = "Registre aquí lo que un cliente autoriza, con su prueba. El silencio no es consentimiento."

    otorgado = columna_fecha("otorgado_el", "otorgado", orden="otorgado_el")
    revocado = columna_fecha("revocado_el", "revocado el")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return consultas.buscar_por_cliente(queryset, search_term), False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consentimiento]:
        return Consentimiento.objects.select_related("cliente")

    @admin.display(description="estado")
    def vigencia(self, consentimiento: Consentimiento) -> str:
        """Vigente o revocado."""
        return sello("Vigente", "success") if consentimiento.revocado_el is None else sello("Revocado", "neutral")

    @admin.display(description="registrado por")
    def registro(self, consentimiento: Consentimiento) -> str:
        """Quién lo registró; el nombre queda aunque su cuenta se borre."""
        return consentimiento.registrado_por_nombre or VACIO

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        que = ("Qué autoriza", {"fields": ("cliente", ("finalidad", "canal"), "version_texto")})
        como = ("Cómo lo dio", {"fields": ("otorgado_el", "medio", "evidencia")})
        estado = ("Estado", {"fields": (("vigencia", "revocado"), "registro")})
        return (que, como) if obj is None else (estado, que, como)

    # Ver un consentimiento no lo cambia nunca: solo la acción «Revocar» le pone su fecha.
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False if obj is not None else super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*CAMPOS, "vigencia", "revocado", "registro") if obj is not None else ()

    def puede_restaurar(self, request: HttpRequest, registro: Any) -> bool:
        return False

    def guardar(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        datos = {campo: form.cleaned_data[campo] for campo in CAMPOS}
        volverse(obj, operaciones.otorgar_consentimiento(**datos, usuario=request.user, ahora=timezone.now()))
