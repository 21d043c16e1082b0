"""Las reglas de oferta, con su editor, y las ofertas que se han hecho."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.enums import ActionVariant

from clientes.filtros_admin import FiltroDias
from movistar_site.comun.admin_base import AdminBase
from movistar_site.comun.admin_intercambio import AdminSoloExporta
from movistar_site.comun.paginas import pagina_de
from movistar_site.comun.presentacion import VACIO, columna_estado, columna_fecha, sello

from ..acciones.ofertas import AceptarOferta, ActivarRegla, DesactivarRegla, RechazarOferta
from ..forms.ofertas import FormularioRegla
from ..models import AccionRegla, EstadoOferta, Oferta, ReglaOferta
from ..ofertas.consultas import cubre, nombres_de_tipos
from ..ofertas.reglas import preparar
from ..operaciones.reglas import guardar_regla
from ..recursos import RecursoOferta

TONOS_DE_ACCION: dict[str, str] = {
    AccionRegla.NO_OFRECER: "danger",
    AccionRegla.SERVICIO: "info",
    AccionRegla.PROMOCION: "primary",
    AccionRegla.BENEFICIO: "success",
}
TONOS_DE_OFERTA: dict[str, str] = {
    EstadoOferta.PRESENTADA: "warning",
    EstadoOferta.ACEPTADA: "success",
    EstadoOferta.RECHAZADA: "neutral",
}


@admin.register(ReglaOferta)
class ReglaOfertaAdmin(AdminBase):
    """Qué se le ofrece a quién. Se miran por su orden; la primera que no deja ofrecer detiene a las que siguen."""

    form = FormularioRegla
    list_display = ("nombre", "que_ofrece", "cuando", "situacion", "orden")
    list_filter = (("accion", ChoicesDropdownFilter), ("activa", BooleanRadioFilter))
    list_select_related = ("tipo", "servicio", "promocion")
    ordering = ("orden", "codigo")
    ordering_field = "orden"
    hide_ordering_field = True
    list_per_page = 100
    autocomplete_fields = ("servicio", "promocion")
    readonly_fields = ("alcance",)
    acciones = (DesactivarRegla, ActivarRegla)
    accion_en_vez_de_borrar = "desactivar"

    class Media:
        css = {"all": ("panel/ofertas.css",)}

    fieldsets = (
        ("Regla", {"fields": (("nombre", "codigo"), ("orden", "norma"))}),
        ("A quién", {"fields": ("condiciones", "alcance")}),
        (
            "Qué se le ofrece",
            {
                "fields": ("accion", ("tipo", "servicio"), "promocion", "beneficio", "porque"),
                "description": "Con solo el tipo, se le ofrece el siguiente plan mejor que el que tiene o, si no tiene"
                " ninguno, el de entrada. «No ofrecer nada» detiene a las reglas que siguen.",
            },
        ),
    )
    vacio_titulo = "Aún no hay reglas"
    vacio_ayuda = "Agregue la primera: a quién, qué se le ofrece y por qué. Sin reglas no se sugiere nada."

    @admin.display(description="qué hace", ordering="accion")
    def que_ofrece(self, regla: ReglaOferta) -> str:
        """La acción y lo que da."""
        que = regla.servicio or regla.promocion or regla.tipo or regla.beneficio
        nombre = getattr(que, "nombre", que) or ""
        return format_html("{} {}", sello(regla.get_accion_display(), TONOS_DE_ACCION[regla.accion]), nombre)

    @admin.display(description="a quién")
    def cuando(self, regla: ReglaOferta) -> str:
        """Sus condiciones, como se leen."""
        lista = preparar(regla)
        if lista.rota:
            return format_html("{} {}", sello("No se puede mirar", "danger"), lista.rota)
        if not lista.condiciones:
            return "A cualquier cliente activo"
        nombres = getattr(regla, "nombres_de_tipos", None)
        filas = format_html_join("", "<li>{}</li>", ((una.en_palabras(nombres),) for una in lista.condiciones))
        return format_html('<ul class="oferta-condiciones">{}</ul>', filas)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        lista = super().get_changelist_instance(request)
        # Cómo se llaman los tipos que las condiciones nombran: una vez para todas las filas.
        nombres = nombres_de_tipos()
        for regla in lista.result_list:
            regla.nombres_de_tipos = nombres
        return lista

    @admin.display(description="estado", ordering="activa")
    def situacion(self, regla: ReglaOferta) -> str:
        """Si se mira."""
        return sello("Activa", "success") if regla.activa else sello("Inactiva", "neutral")

    @admin.display(description="quiénes la recibirían")
    def alcance(self, regla: ReglaOferta) -> str:
        """A cuántos se la sugirió la última pasada, con el camino a verlos."""
        if regla.pk is None:
            return "Se sabrá la próxima madrugada, cuando se calculen las ofertas de todos."
        if regla.accion == AccionRegla.NO_OFRECER:
            return "No ofrece nada: detiene a las que siguen."
        cuantos = f"{cubre(regla):,}".replace(",", ".")
        url = f"{reverse('sugerencias')}?regla={regla.pk}"
        return format_html(
            '<a class="panel-enlace" href="{}">{} clientes</a> la tienen de primera en la última pasada.', url, cuantos
        )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        clase = super().get_form(request, obj, change=change, **kwargs)
        for campo in ("tipo", "servicio", "promocion"):
            if campo in clase.base_fields:
                # El catálogo se mantiene en sus pantallas: aquí solo se elige.
                for atajo in ("add", "change", "delete", "view"):
                    setattr(clase.base_fields[campo].widget, f"can_{atajo}_related", False)
        return clase

    def guardar(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        guardar_regla(obj, usuario=request.user)

    def restaurar(self, request: HttpRequest, registro: Any, *, motivo: str) -> None:
        guardar_regla(registro, usuario=request.user, motivo=motivo)

    def botones_de_accion(self, request: HttpRequest, registro: Model) -> list[dict[str, Any]]:
        probar = {
            "title": "Probar con un cliente",
            "icon": "science",
            "variant": ActionVariant.DEFAULT,
            "path": f"{reverse('probar_reglas')}?regla={registro.pk}",
            "attrs": {},
        }
        return [probar, *super().botones_de_accion(request, registro)]


@admin.register(Oferta)
class OfertaAdmin(AdminSoloExporta, AdminBase):
    """Lo que se les ha ofrecido de verdad a los clientes y qué contestaron. Se hacen desde la ficha de cada uno."""

    resource_classes = (RecursoOferta,)
    list_display = ("titulo", "cliente", "regla", "cuando", "quien", "situacion", "respondida")
    list_filter = (
        ("estado", ChoicesDropdownFilter),
        ("regla", RelatedDropdownFilter),
        ("canal", ChoicesDropdownFilter),
        ("presentada_el", FiltroDias),
    )
    list_select_related = ("cliente", "regla")
    ordering = ("-presentada_el", "-id")
    campos_busqueda = ("cliente__busqueda",)
    acciones = (AceptarOferta, RechazarOferta)
    fieldsets = (
        ("Oferta", {"fields": ("titulo", "del_cliente", "porque", "regla", "servicio", "promocion")}),
        ("Qué contestó", {"fields": ("situacion", "respondida", "motivo")}),
        ("Cómo se hizo", {"fields": ("canal", "cuando", "quien")}),
    )
    readonly_fields = ("del_cliente", "situacion", "respondida", "cuando", "quien")
    vacio_titulo = "Aún no se ha ofrecido nada"
    vacio_ayuda = "En la ficha de cada cliente, «Perfil y ofertas» dice qué le conviene y deja presentárselo."

    situacion = columna_estado("estado", TONOS_DE_OFERTA)
    cuando = columna_fecha("presentada_el", "presentada", orden="presentada_el")
    respondida = columna_fecha("respondida_el", "respondida", orden="respondida_el")

    @admin.display(description="hecha por", ordering="hecha_por_nombre")
    def quien(self, oferta: Oferta) -> str:
        """Quién la presentó; el nombre queda aunque su cuenta se borre."""
        return oferta.hecha_por_nombre or VACIO

    @admin.display(description="cliente")
    def del_cliente(self, oferta: Oferta) -> str:
        """El cliente, con el camino a su ficha."""
        return format_html('<a class="panel-enlace" href="{}">{}</a>', pagina_de(oferta.cliente), oferta.cliente)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Oferta]:
        return super().get_queryset(request).select_related("cliente", "regla")

    def pagina_al_terminar(self, registro: Model) -> str:
        """Tras responder se vuelve a la ficha del cliente: es desde donde se hace."""
        return f"{pagina_de(registro.cliente)}#seccion-ofertas"  # type: ignore[attr-defined]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
