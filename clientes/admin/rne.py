"""Números excluidos (RNE): se sube una lista, se ve cómo va y qué no se entendió, y hasta cuándo vale la que rige."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import BigIntegerField, BooleanField, QuerySet, Value
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone

from movistar_site.comun.admin_base import AdminBase
from movistar_site.comun.paginas import pagina_de
from movistar_site.comun.presentacion import VACIO, columna_fecha, columna_numero, sello

from .. import consultas_contacto, operaciones, vigilancia_rne
from ..forms import FormularioRne
from ..models import CargaRne
from .comunes import volverse

QUE_PASA = (
    "La lista se lee renglón por renglón; cuando está completa reemplaza de una vez a la que rige. Si no se entiende,"
    " sigue rigiendo la anterior."
)


@admin.register(CargaRne)
class CargaRneAdmin(AdminBase):
    """Las listas que se han cargado. Se agregan subiendo el archivo; no se cambian ni se borran."""

    form = FormularioRne
    list_display = ("consultada", "situacion", "numeros", "mal", "archivo", "cargada", "cargada_por_nombre")
    list_display_links = ("consultada",)
    campos_busqueda = ()
    search_fields = ("archivo",)
    sortable_by = ()
    list_before_template = "admin/clientes/rne/estado.html"
    change_form_after_template = "admin/clientes/rne/carga.html"
    vacio_titulo = "Aún no se ha cargado ninguna lista"
    vacio_ayuda = "Baje la lista del registro de números excluidos (RNE) de la CRC y súbala aquí."

    consultada = columna_fecha("consultada_el", "consultada el", orden="consultada_el")
    cargada = columna_fecha("creado_en", "cargada")
    numeros = columna_numero("cuantos", "números y correos")
    mal = columna_numero("malos", "renglones malos")

    class Media:
        css = {"all": ("panel/intercambio.css", "clientes/rne.css")}

    @admin.display(description="estado")
    def situacion(self, carga: Any) -> str:
        """Si rige, si ya pasó, si se está leyendo o si no se pudo."""
        if carga.falla:
            return sello("No se cargó", "danger")
        if carga.en_curso:
            return sello(f"Leyendo, {carga.avance} %", "info")
        if carga.pk != carga.rige:
            return sello("Reemplazada", "neutral")
        return sello("Rige", "success") if carga.vale else sello("Vencida", "danger")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CargaRne]:
        estado = consultas_contacto.estado_del_rne(timezone.localdate())
        rige = estado.carga.pk if estado.carga is not None else None
        return CargaRne.objects.annotate(
            rige=Value(rige, BigIntegerField(null=True)), vale=Value(estado.vale, BooleanField())
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        estado = consultas_contacto.estado_del_rne(timezone.localdate())
        respuesta = super().changelist_view(request, extra_context)
        if isinstance(respuesta, TemplateResponse) and respuesta.context_data is not None:
            respuesta.context_data["rne"] = estado
        return respuesta

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ((None, {"fields": ("archivo", "consultada_el"), "description": QUE_PASA}),)
        return (
            (
                None,
                {"fields": (("consultada_el", "situacion"), ("archivo", "cargada", "cargada_por_nombre"), "huella")},
            ),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (
            () if obj is None else ("consultada_el", "situacion", "archivo", "cargada", "cargada_por_nombre", "huella")
        )

    # --- Ver una -----------------------------------------------------------------------------------------------------
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def puede_restaurar(self, request: HttpRequest, registro: Any) -> bool:
        return False

    @admin.display(description="huella del archivo (SHA-256)")
    def huella(self, carga: CargaRne) -> str:
        """Con qué se comprueba que un archivo guardado es el mismo."""
        return carga.sha256 or VACIO

    # --- Subir -------------------------------------------------------------------------------------------------------
    def guardar(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        subido = form.cleaned_data["archivo"]
        carga = operaciones.recibir_rne(
            nombre=subido.name,
            contenido=subido,
            consultada_el=form.cleaned_data["consultada_el"],
            usuario=request.user,
            hoy=timezone.localdate(),
        )
        volverse(obj, carga)
        # La lectura empieza cuando la carga ya está en la base: va por sus propias transacciones.
        transaction.on_commit(lambda: vigilancia_rne.empezar_lectura(carga, usuario=request.user))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        # Una lista se sube y se espera: no hay otra que agregar ni una que seguir cambiando.
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return HttpResponseRedirect(pagina_de(obj))
