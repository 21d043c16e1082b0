"""Las páginas de un caso que no son su pantalla: la constancia, sus adjuntos y el texto de una plantilla."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from .. import consultas, plantillas
from ..constancia import constancia_de
from ..models import Adjunto, Interaccion

SIN_GUARDAR = "private, no-store"
AISLADO = "sandbox; default-src 'none'; frame-ancestors 'none'"


def _con_permiso(*permisos: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Responde 403 a quien no tenga todos los permisos."""

    def decorar(vista: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(vista)
        def con_ellos(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not request.user.has_perms(permisos):
                raise PermissionDenied
            return vista(request, *args, **kwargs)

        return con_ellos

    return decorar


def _caso(pk: int) -> Interaccion:
    consulta = Interaccion.objects.select_related("cliente", "contrato__servicio", "motivo", "recurso_de")
    caso = consulta.filter(pk=pk).first()
    if caso is None:
        raise Http404("Ese caso no existe.")
    return caso


@require_safe
@_con_permiso("clientes.view_interaccion")
def constancia(request: HttpRequest, pk: int) -> HttpResponse:
    """La constancia de un caso, para leerla o imprimirla en A4."""
    caso = _caso(pk)
    contenido = constancia_de(caso, marca=settings.MARCA_NOMBRE, ahora=timezone.now())
    respuesta = render(request, "admin/clientes/interaccion/constancia.html", {"caso": caso, "constancia": contenido})
    respuesta.headers["Cache-Control"] = SIN_GUARDAR
    return respuesta


@require_safe
@_con_permiso("clientes.view_interaccion")
def constancia_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """La misma constancia, en PDF."""
    # Solo quien pide un PDF carga con qué se hace.
    from ..constancia_pdf import escribir

    caso, ahora = _caso(pk), timezone.now()
    contenido = constancia_de(caso, marca=settings.MARCA_NOMBRE, ahora=ahora)
    pdf = escribir(contenido, color=settings.MARCA_COLOR, ahora=ahora)
    respuesta = HttpResponse(pdf, content_type="application/pdf")
    respuesta.headers["Content-Disposition"] = str(content_disposition_header(True, f"constancia-{caso.numero}.pdf"))
    respuesta.headers["Cache-Control"] = SIN_GUARDAR
    return respuesta


@require_safe
@_con_permiso("clientes.view_interaccion", "clientes.view_adjunto")
def adjunto(request: HttpRequest, pk: int, adjunto_pk: int) -> FileResponse:
    """Baja un adjunto. Siempre como archivo y nunca dentro de la página: lo subió alguien de fuera."""
    uno = Adjunto.objects.filter(pk=adjunto_pk, interaccion=pk).first()
    if uno is None:
        raise Http404("Ese archivo no existe.")
    try:
        archivo = uno.archivo.open("rb")
    except OSError as error:
        raise Http404("El archivo ya no está guardado: pídalo de nuevo a quien lo subió.") from error
    respuesta = FileResponse(archivo, content_type=uno.tipo)
    respuesta.headers["Content-Disposition"] = str(content_disposition_header(True, uno.nombre))
    respuesta.headers["X-Content-Type-Options"] = "nosniff"
    respuesta.headers["Content-Security-Policy"] = AISLADO
    respuesta.headers["Cache-Control"] = SIN_GUARDAR
    return respuesta


@require_safe
@_con_permiso("clientes.change_interaccion")
def texto_de_plantilla(request: HttpRequest, pk: int) -> HttpResponse:
    """El texto de una plantilla con los datos del caso."""
    caso = _caso(pk)
    clave = request.GET.get("plantilla", "")
    valida = clave.isdecimal() and len(clave) <= 18  # noqa: PLR2004 - más cifras no caben en la clave
    plantilla = consultas.plantillas_para(caso).filter(pk=int(clave)).first() if valida else None
    if plantilla is None:
        raise Http404("Esa plantilla no existe o no sirve para este caso.")
    texto = plantillas.completar(plantilla.texto, caso, request.user)
    return HttpResponse(texto, content_type="text/plain; charset=utf-8", headers={"Cache-Control": SIN_GUARDAR})
