"""Las bonificaciones asignadas y las corridas que las asignaron: se miran; las escribe el sistema."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter, RelatedDropdownFilter

from clientes.filtros_admin import FiltroDias, FiltroSiNo
from movistar_site.comun.admin import FILAS_POR_PAGINA
from movistar_site.comun.admin_base import AdminBase, AdminComun
from movistar_site.comun.admin_intercambio import AdminSoloExporta
from movistar_site.comun.models import nombre_de
from movistar_site.comun.paginas import pagina_de
from movistar_site.comun.presentacion import (
    VACIO,
    columna_dinero,
    columna_estado,
    columna_fecha,
    columna_numero,
    sello,
)

from .. import acciones
from ..asignacion.presentacion import situacion
from ..beneficios import en_palabras
from ..derivaciones.presentacion import estado_de
from ..filtros.programas import FiltroAsignada, FiltroCorrida, FiltroRepartida
from ..models import Bonificacion, Corrida, EstadoBonificacion
from ..recursos import RecursoBonificacion

TONOS: dict[str, str] = {
    EstadoBonificacion.ASIGNADA: "info",
    EstadoBonificacion.ACEPTADA: "success",
    EstadoBonificacion.RECHAZADA: "neutral",
    EstadoBonificacion.VENCIDA: "danger",
    EstadoBonificacion.ANULADA: "neutral",
}


class SoloLectura:
    """Nadie lo agrega, lo cambia ni lo borra a mano."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Bonificacion)
class BonificacionAdmin(SoloLectura, AdminSoloExporta, AdminBase):
    """Lo que se le asignó a cada cliente, como era el programa ese día."""

    resource_classes = (RecursoBonificacion,)
    list_display = ("quien", "nombre_del_programa", "da", "asignada", "de", "cuesta", "situacion")
    list_filter = (
        ("programa", RelatedDropdownFilter),
        ("estado", ChoicesDropdownFilter),
        ("otorgada_el", FiltroAsignada),
        ("derivacion__asesor", AutocompleteSelectFilter),
        FiltroCorrida,
        FiltroRepartida,
        ("beneficio", ChoicesDropdownFilter),
    )
    campos_busqueda = ("cliente__busqueda",)
    list_select_related = ("cliente", "programa", "servicio", "derivacion__asesor")
    FIJOS = (
        ("Bonificación", {"fields": ("del_cliente", "da", "situacion", ("asignada", "premia"))}),
        (
            "De dónde sale",
            {
                "fields": (("del_programa", "de_la_corrida"), ("cliente_desde", "anios"), ("facturaba", "cuesta")),
                "description": "Se copió el día en que se asignó: un cambio posterior del programa no la toca.",
            },
        ),
        ("Derivación", {"fields": ("la_derivacion", "de")}),
    )
    DEL_CIERRE = ("Cierre", {"fields": (("cerrada", "cerrada_por_nombre"), "motivo", ("medio", "evidencia"))})
    acciones = (acciones.AnularBonificacion,)
    vacio_titulo = "Aún no hay bonificaciones"
    vacio_ayuda = "Las asigna cada programa vigente, todos los días o con «Buscar ahora»."

    asignada = columna_fecha("otorgada_el", "asignada el", orden="id")
    cerrada = columna_fecha("cerrada_el", "cerrada")
    cuesta = columna_dinero("costo_mensual", "costo mensual")
    facturaba = columna_dinero("factura", "factura mensual ese día")
    situacion = columna_estado("estado", TONOS)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        cerrada = obj is not None and obj.estado != EstadoBonificacion.ASIGNADA
        grupos = (*self.FIJOS, self.DEL_CIERRE) if cerrada else self.FIJOS
        if request.user.has_perm("bonificaciones.view_corrida"):
            return grupos
        # Sin poder abrirla, la corrida no dice nada.
        return [(titulo, {**grupo, "fields": tuple("del_programa" if fila == ("del_programa", "de_la_corrida") else fila
                                                   for fila in grupo["fields"])})
                for titulo, grupo in grupos]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [campo for _, grupo in self.get_fieldsets(request, obj) for fila in grupo["fields"]
                for campo in ((fila,) if isinstance(fila, str) else fila)]  # fmt: skip

    @admin.display(description="cliente")
    def quien(self, bono: Bonificacion) -> str:
        """A quién se le asignó."""
        return str(bono.cliente)

    @admin.display(description="programa", ordering="programa")
    def nombre_del_programa(self, bono: Bonificacion) -> str:
        """El programa que la asignó, sin su código."""
        return bono.programa.nombre

    @admin.display(description="beneficio", ordering="beneficio")
    def da(self, bono: Bonificacion) -> str:
        """Lo que se le da, en palabras."""
        servicio = bono.servicio.nombre if bono.servicio else ""
        return en_palabras(bono.beneficio, bono.cantidad, bono.meses, servicio=servicio, equipo=bono.equipo)

    @admin.display(description="asesor")
    def de(self, bono: Bonificacion) -> str:
        """Quién la lleva."""
        return nombre_de(bono.derivacion.asesor) or VACIO if hasattr(bono, "derivacion") else VACIO

    @admin.display(description="premia")
    def premia(self, bono: Bonificacion) -> str:
        """Un aniversario, o la permanencia una sola vez."""
        return f"El aniversario {bono.hito}" if bono.hito else "Su permanencia, una sola vez"

    @admin.display(description="cliente")
    def del_cliente(self, bono: Bonificacion) -> str:
        """El cliente, con el camino a su ficha."""
        return _enlace(bono.cliente)

    @admin.display(description="programa")
    def del_programa(self, bono: Bonificacion) -> str:
        """El programa que la asignó."""
        return _enlace(bono.programa)

    @admin.display(description="corrida")
    def de_la_corrida(self, bono: Bonificacion) -> str:
        """La búsqueda en que se asignó."""
        return _enlace(bono.corrida) if bono.corrida_id else VACIO

    @admin.display(description="en qué va")
    def la_derivacion(self, bono: Bonificacion) -> str:
        """Su derivación, con el camino a la página del asesor."""
        if not hasattr(bono, "derivacion"):
            return "No tiene derivación."
        texto, tono = estado_de(bono.derivacion)
        return format_html(
            '{} <a class="panel-enlace" href="{}">Abrir la derivación</a>',
            sello(texto, tono),
            pagina_de(bono.derivacion),
        )

    @admin.display(description="aceptada por")
    def medio(self, bono: Bonificacion) -> str:
        """Por dónde aceptó el cliente."""
        return bono.get_aceptada_por_display() if bono.aceptada_por else VACIO


def _enlace(registro: Any) -> str:
    return format_html('<a class="panel-enlace" href="{}">{}</a>', pagina_de(registro), registro)


class FiltroSimulada(FiltroSiNo):
    """Las que solo se simularon."""

    title = "solo simulada"
    parameter_name = "simulada"

    def aplicar(self, queryset: Any, si: bool) -> Any:
        return queryset.filter(simulada=si)


@admin.register(Corrida)
class CorridaAdmin(SoloLectura, AdminComun, ModelAdmin):
    """Cada vez que se buscó a quiénes premia un programa."""

    list_display = (
        "cuando",
        "programa",
        "cumplen",
        "asignadas",
        "con_asesor",
        "cuesta",
        "hecha_por_nombre",
        "en_que_va",
    )
    list_display_links = ("cuando",)
    list_filter = (("programa", RelatedDropdownFilter), FiltroSimulada, ("empezada_el", FiltroDias))
    list_select_related = ("programa",)
    list_per_page = FILAS_POR_PAGINA
    ordering = ("-empezada_el", "-id")
    search_fields = ("programa__nombre", "programa__codigo", "hecha_por_nombre")
    campos_busqueda = ()
    fields = ("programa", "cuando", "cumplen", "asignadas", "con_asesor", "cuesta", "hecha_por_nombre", "en_que_va")
    readonly_fields = fields
    vacio_titulo = "Aún no se ha buscado a nadie"
    vacio_ayuda = "Cada programa vigente se busca solo, todos los días; también con «Buscar ahora» en el programa."

    cuando = columna_fecha("empezada_el", "empezada", orden="empezada_el")
    cumplen = columna_numero("por_permanencia", "cumplen")
    asignadas = columna_numero("otorgadas", "asignadas")
    con_asesor = columna_numero("derivadas", "con asesor")
    cuesta = columna_dinero("costo_mensual", "costo mensual")

    @admin.display(description="programa", ordering="programa")
    def nombre_del_programa(self, corrida: Corrida) -> str:
        """El programa que se buscó, sin su código."""
        return corrida.programa.nombre

    @admin.display(description="estado")
    def en_que_va(self, corrida: Corrida) -> str:
        """En curso, terminada, interrumpida o solo simulada."""
        return sello(*situacion(corrida, timezone.now()))
