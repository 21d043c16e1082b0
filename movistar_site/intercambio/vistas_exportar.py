"""La página «Exportar datos» y las plantillas para llenar."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminSelectWidget

from movistar_site.comun.models import Exportacion
from movistar_site.comun.paginadores import LIMITE_DE_CUENTA, PaginadorAcotado
from movistar_site.comun.presentacion import decimal
from movistar_site.comun.recursos_base import Contexto
from movistar_site.comun.salida import Cuenta, NoCabeEnExcel, exigir_que_quepa
from movistar_site.comun.salida.constancia import con_constancia
from movistar_site.comun.salida.respuesta import descarga

from .entidades import ENTIDADES
from .exportador import TODO, flujo
from .permisos import permitidas
from .salida.plantillas import FORMATOS_DE_PLANTILLA, plantilla

FORMATOS = (
    ("json", "JSON: se vuelve a importar sin perder nada"),
    ("csv", "CSV: texto que abre bien en Excel"),
    ("xlsx", "Excel (XLSX)"),
)


class FormularioExportacion(forms.Form):
    """Qué sale y en qué formato. Solo se ofrece lo que la cuenta puede exportar."""

    que = forms.ChoiceField(
        label="Qué exportar", widget=UnfoldAdminSelectWidget, error_messages={"required": "Elija qué exportar."}
    )
    formato = forms.ChoiceField(
        label="Formato",
        choices=FORMATOS,
        initial="json",
        widget=UnfoldAdminRadioSelectWidget,
        error_messages={"required": "Elija el formato."},
    )

    def __init__(self, *args: Any, propias: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        opciones = [(nombre, entidad.titulo) for nombre, entidad in ENTIDADES.items() if nombre in propias]
        if len(propias) == len(ENTIDADES):
            opciones.insert(0, (TODO, "Todo el panel"))
        self.fields["que"].choices = opciones  # type: ignore[attr-defined]
        for campo in self.fields.values():
            campo.error_messages["invalid_choice"] = "Elija una de las opciones."


@require_http_methods(["GET", "HEAD", "POST"])
def exportar_datos(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Elige qué sale y en qué formato, y lo envía mientras se lee."""
    propias = permitidas(request.user, "exportar")
    if not propias:
        raise PermissionDenied
    formulario = FormularioExportacion(request.POST if request.method == "POST" else None, propias=propias)
    if formulario.is_valid():
        try:
            return _enviar(request, formulario.cleaned_data["que"], formulario.cleaned_data["formato"])
        except NoCabeEnExcel as error:
            formulario.add_error("formato", str(error))
    importables = permitidas(request.user, "importar")
    contexto = {
        **admin.site.each_context(request),
        "title": "Exportar datos",
        "formulario": formulario,
        "filas": _filas(propias, importables),
        "importa": bool(importables),
        "ve_exportaciones": request.user.has_perm("comun.view_exportacion"),
    }
    return render(request, "admin/import_export/exportar_datos.html", contexto)


def _enviar(request: HttpRequest, que: str, formato: str) -> StreamingHttpResponse:
    hoy, cuenta = timezone.localdate(), Cuenta()
    nombres = list(ENTIDADES) if que == TODO else [que]
    if formato == "xlsx":
        for nombre in nombres:
            exigir_que_quepa(ENTIDADES[nombre].recurso(Contexto(hoy=hoy)), ENTIDADES[nombre].consulta())
    contenido = con_constancia(
        flujo(hoy=hoy, formato=formato, entidad=que, cuenta=cuenta),
        que="Todo el panel" if que == TODO else ENTIDADES[que].titulo,
        formato=formato,
        puerta=Exportacion.Puerta.PAGINA,
        usuario=request.user,
        cuenta=cuenta,
    )
    archivo = f"panel-{hoy:%Y-%m-%d}.zip" if que == TODO else f"{que}-{hoy:%Y-%m-%d}.{formato}"
    return descarga(contenido, archivo)


def _cuantos(nombre: str) -> str:
    """Cuántos registros hay, sin contar más de mil."""
    paginador = PaginadorAcotado(ENTIDADES[nombre].consulta(), 1)
    cuantos = decimal(Decimal(LIMITE_DE_CUENTA if paginador.desborda else paginador.count))
    return f"más de {cuantos}" if paginador.desborda else cuantos


def _filas(exportables: set[str], importables: set[str]) -> list[dict[str, Any]]:
    return [
        {
            "nombre": nombre,
            # Los de la DIVIPOLA ya están en todo panel: no salen ni se cuentan.
            "titulo": f"{entidad.titulo} añadidos" if entidad.filtro else entidad.titulo,
            "cuantos": _cuantos(nombre) if nombre in exportables else "",
            "plantilla": nombre in importables,
        }
        for nombre, entidad in ENTIDADES.items()
        if nombre in exportables | importables
    ]


@require_safe
def plantilla_de_importacion(request: HttpRequest, entidad: str, formato: str) -> StreamingHttpResponse:
    """Un archivo vacío con las columnas de una entidad, para llenarlo e importarlo."""
    if entidad not in ENTIDADES or formato not in FORMATOS_DE_PLANTILLA:
        raise Http404
    if entidad not in permitidas(request.user, "importar"):
        raise PermissionDenied
    return descarga(plantilla(ENTIDADES[entidad], formato), f"plantilla-{entidad}.{formato}")
