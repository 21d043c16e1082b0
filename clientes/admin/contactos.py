"""La lista de los contactos con los clientes: se mira. Nacen en la ficha y se cierran con su acción."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter

from movistar_site.comun.admin_base import AdminBase
from movistar_site.comun.admin_intercambio import AdminSoloExporta
from movistar_site.comun.paginas import pagina_de
from movistar_site.comun.presentacion import VACIO, columna_estado, columna_fecha

from .. import acciones, consultas, filtros_admin
from ..models import Contacto, FinalidadContacto, ResultadoContacto
from ..recursos import RecursoContacto

TONOS_RESULTADO: dict[str, str] = {
    ResultadoContacto.EN_CURSO: "info",
    ResultadoContacto.EFECTIVO: "success",
    ResultadoContacto.NO_RESPONDE: "neutral",
    ResultadoContacto.EQUIVOCADO: "warning",
}
TONOS_FINALIDAD: dict[str, str] = {FinalidadContacto.COMERCIAL: "primary", FinalidadContacto.SERVICIO: "neutral"}


@admin.register(Contacto)
class ContactoAdmin(AdminSoloExporta, AdminBase):
    """Todo lo que se habló con los clientes, o se intentó. Nadie lo agrega, lo cambia ni lo quita desde aquí."""

    resource_classes = (RecursoContacto,)
    list_display = (
        "cuando",
        "cliente",
        "canal",
        "para_que",
        "sentido",
        "situacion",
        "asunto_corto",
        "hecho_por_nombre",
    )
    list_filter = (
        ("resultado", ChoicesDropdownFilter),
        ("finalidad", ChoicesDropdownFilter),
        ("canal", ChoicesDropdownFilter),
        ("entrante", BooleanRadioFilter),
        ("momento", filtros_admin.FiltroDias),
    )
    sortable_by = ("cuando",)
    fields = (
        ("cliente", "cuando"),
        ("canal", "sentido"),
        ("para_que", "situacion"),
        "asunto",
        "nota",
        "hecho_por_nombre",
    )
    readonly_fields = ("cuando", "sentido", "para_que", "situacion")
    acciones = (acciones.CerrarContacto,)
    vacio_titulo = "Aún no hay contactos"
    vacio_ayuda = "Se registran desde la ficha del cliente, con «Contactar»: ahí se ve si es lícito hacerlo ahora."

    cuando = columna_fecha("momento", "cuándo", orden="momento")
    situacion = columna_estado("resultado", TONOS_RESULTADO, "resultado")
    para_que = columna_estado("finalidad", TONOS_FINALIDAD, "finalidad")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contacto]:
        return Contacto.objects.select_related("cliente")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return consultas.buscar_por_cliente(queryset, search_term), False

    @admin.display(description="quién empezó")
    def sentido(self, contacto: Contacto) -> str:
        """Si lo buscó el operador o vino el cliente."""
        return "El cliente" if contacto.entrante else "El operador"

    @admin.display(description="asunto")
    def asunto_corto(self, contacto: Contacto) -> str:
        """De qué se trató."""
        return contacto.asunto or VACIO

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def puede_restaurar(self, request: HttpRequest, registro: Any) -> bool:
        return False

    def pagina_al_terminar(self, registro: Any) -> str:
        """Al cerrar un contacto se vuelve a la ficha de su cliente: ahí se sigue trabajando."""
        return pagina_de(registro.cliente)
