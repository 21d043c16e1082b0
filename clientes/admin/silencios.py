"""Los silencios positivos: se miran; los anota el reloj y se cumplen desde su caso."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from movistar_site.comun.admin_base import AdminBase
from movistar_site.comun.presentacion import VACIO, columna_fecha, sello

from ..filtros_admin import FiltroCumplido, FiltroDias
from ..models import SilencioPositivo


@admin.register(SilencioPositivo)
class SilencioAdmin(AdminBase):
    """Lo que hay que cumplirle a quien no recibió respuesta a tiempo. Nadie lo agrega, lo cambia ni lo quita."""

    list_display = ("numero", "cliente", "ocurrio", "limite", "situacion", "cumplido")
    list_filter = (FiltroCumplido, ("ocurrio_el", FiltroDias), ("cumplir_antes_de", FiltroDias))
    # Lo que hay que cumplir es lo último; lo viejo ya se cumplió.
    ordering = ("-cumplir_antes_de", "-id")
    campos_busqueda = ("interaccion__busqueda",)
    fields = ("caso", "cliente", ("ocurrio", "limite"), "situacion", ("cumplido", "quien"), "como")
    readonly_fields = ("caso", "cliente", "ocurrio", "limite", "situacion", "cumplido", "quien", "como")
    vacio_titulo = "Ningún silencio positivo"
    vacio_ayuda = "Aquí aparece lo que no se respondió a tiempo: se resuelve a favor del cliente y se le cumple."

    ocurrio = columna_fecha("ocurrio_el", "ocurrió el", orden="ocurrio_el")
    limite = columna_fecha("cumplir_antes_de", "cumplir antes de", orden="cumplir_antes_de")
    cumplido = columna_fecha("cumplido_el", "cumplido el", orden="cumplido_el")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SilencioPositivo]:
        return super().get_queryset(request).select_related("interaccion__cliente")

    @admin.display(description="caso")
    def numero(self, silencio: SilencioPositivo) -> str:
        """El radicado de su caso; la fila abre el silencio, y desde ahí se llega al caso."""
        return silencio.interaccion.numero

    @admin.display(description="caso")
    def caso(self, silencio: SilencioPositivo) -> str:
        """El radicado, con el camino a su página."""
        url = reverse("admin:clientes_interaccion_change", args=(silencio.interaccion_id,))
        return format_html('<a class="panel-enlace" href="{}">{}</a>', url, silencio.interaccion.numero)

    @admin.display(description="cliente")
    def cliente(self, silencio: SilencioPositivo) -> str:
        """De quién es el caso."""
        return str(silencio.interaccion.cliente)

    @admin.display(description="estado")
    def situacion(self, silencio: SilencioPositivo) -> str:
        """Si se cumplió, y a tiempo."""
        if silencio.cumplido_el is not None:
            tarde = silencio.cumplido_el > silencio.cumplir_antes_de
            return sello("Cumplido tarde", "warning") if tarde else sello("Cumplido", "success")
        atrasado = silencio.cumplir_antes_de < timezone.now()
        return sello("Atrasado", "danger") if atrasado else sello("Por cumplir", "warning")

    @admin.display(description="cumplido por")
    def quien(self, silencio: SilencioPositivo) -> str:
        """Quién lo cumplió; el nombre queda aunque su cuenta se borre."""
        return silencio.cumplido_por_nombre or VACIO

    @admin.display(description="cómo se cumplió")
    def como(self, silencio: SilencioPositivo) -> str:
        """Lo que se hizo por el cliente."""
        return silencio.cumplimiento or VACIO

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
