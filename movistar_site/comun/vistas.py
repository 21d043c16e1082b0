"""Las páginas de lo común: los avisos de cada quien y lo que se hace con una vista guardada."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from . import avisos as de_avisos
from . import vistas_guardadas
from .models import Aviso, VistaGuardada
from .tramos import Orden, Posicion, tramo

ORDEN_DE_AVISOS = Orden(("creado_el", "id"), descendente=True)


# --- Avisos ----------------------------------------------------------------------------------------------------------
@require_safe
def avisos(request: HttpRequest) -> HttpResponse:
    """Los avisos de quien entra, del más nuevo al más viejo; con `?ver=sin-leer`, los que le faltan por leer."""
    solo_nuevos = request.GET.get("ver") == "sin-leer"
    suyos = de_avisos.avisos_de(request.user)
    if solo_nuevos:
        suyos = suyos.filter(leido_el__isnull=True)
    pagina = tramo([suyos], ORDEN_DE_AVISOS, Posicion.de(request.GET, ORDEN_DE_AVISOS, Aviso))
    por_clave = suyos.in_bulk(pagina.filas)
    union = "?ver=sin-leer&" if solo_nuevos else "?"
    contexto = {
        **admin.site.each_context(request),
        "title": "Avisos",
        "avisos": [por_clave[clave] for clave in pagina.filas if clave in por_clave],
        "solo_nuevos": solo_nuevos,
        "primera": "?ver=sin-leer" if solo_nuevos else "?",
        "anterior": pagina.anterior and f"{union}antes={pagina.anterior}",
        "siguiente": pagina.siguiente and f"{union}despues={pagina.siguiente}",
    }
    return render(request, "admin/comun/avisos.html", contexto)


@require_safe
def abrir_aviso(request: HttpRequest, pk: int) -> HttpResponse:
    """Lo da por leído y va a donde lleva; si no lleva a ninguna parte, vuelve a la lista. El ajeno no existe."""
    aviso = get_object_or_404(Aviso, pk=pk, usuario_id=request.user.pk)
    de_avisos.marcar_leidos([aviso.pk], usuario=request.user, ahora=timezone.now())
    return HttpResponseRedirect(de_avisos.enlace_propio(aviso) or reverse("avisos"))


@require_POST
def leer_avisos(request: HttpRequest) -> HttpResponse:
    """Da por leído el aviso que se nombra o, sin nombrar ninguno, todos los de la persona."""
    clave = request.POST.get("aviso", "")
    if clave and not (clave.isascii() and clave.isdigit() and len(clave) < 19):  # noqa: PLR2004 - cabe en la clave
        raise Http404
    cuantos = de_avisos.marcar_leidos([int(clave)] if clave else None, usuario=request.user, ahora=timezone.now())
    if not clave:
        messages.success(request, "Avisos marcados como leídos." if cuantos else "No tenía avisos sin leer.")
    return HttpResponseRedirect(_volver(request, reverse("avisos")))


# --- Vistas guardadas ------------------------------------------------------------------------------------------------
@require_POST
def guardar_vista(request: HttpRequest, pagina: str) -> HttpResponse:
    """Guarda los filtros puestos con un nombre y vuelve a ellos."""
    if pagina not in vistas_guardadas.PAGINAS:
        raise Http404
    if not vistas_guardadas.PAGINAS[pagina].permitida(request.user):
        raise PermissionDenied
    try:
        vista = vistas_guardadas.guardar_vista(
            usuario=request.user,
            pagina=pagina,
            nombre=request.POST.get("nombre", ""),
            parametros=request.POST.get("parametros", ""),
            compartida="compartida" in request.POST,
            predeterminada="predeterminada" in request.POST,
        )
    except ValidationError as error:
        return _con_faltas(request, error)
    messages.success(request, f"Vista «{vista.nombre}» guardada.")
    return HttpResponseRedirect(vistas_guardadas.direccion(vista))


@require_POST
def cambiar_vista(request: HttpRequest, pk: int, que: str) -> HttpResponse:
    """Renombra, comparte, borra o hace predeterminada una vista propia. La ajena no existe."""
    if que not in _CAMBIOS:
        raise Http404
    vista = get_object_or_404(VistaGuardada, pk=pk, usuario_id=request.user.pk)
    try:
        frase = _CAMBIOS[que](request, vista)
    except ValidationError as error:
        return _con_faltas(request, error)
    messages.success(request, frase)
    return HttpResponseRedirect(_volver(request, reverse("admin:index")))


def _renombrar(request: HttpRequest, vista: VistaGuardada) -> str:
    nueva = vistas_guardadas.renombrar_vista(vista, usuario=request.user, nombre=request.POST.get("nombre", ""))
    return f"La vista se llama ahora «{nueva.nombre}»."


def _compartir(request: HttpRequest, vista: VistaGuardada) -> str:
    vistas_guardadas.compartir_vista(vista, usuario=request.user, compartida=not vista.compartida)
    return f"La vista «{vista.nombre}» {'la ven todos' if vista.compartida else 'ya solo la ve usted'}."


def _predeterminar(request: HttpRequest, vista: VistaGuardada) -> str:
    vistas_guardadas.abrir_sola(vista, usuario=request.user, sola=not vista.predeterminada)
    return f"La vista «{vista.nombre}» {'se abrirá al entrar' if vista.predeterminada else 'ya no se abre sola'}."


def _borrar(request: HttpRequest, vista: VistaGuardada) -> str:
    vistas_guardadas.borrar_vista(vista, usuario=request.user)
    return f"Vista «{vista.nombre}» borrada."


_CAMBIOS: dict[str, Callable[[HttpRequest, VistaGuardada], str]] = {
    "renombrar": _renombrar,
    "compartir": _compartir,
    "predeterminar": _predeterminar,
    "borrar": _borrar,
}


def _con_faltas(request: HttpRequest, error: ValidationError) -> HttpResponse:
    for frase in error.messages:
        messages.error(request, frase)
    return HttpResponseRedirect(_volver(request, reverse("admin:index")))


def _volver(request: HttpRequest, si_no: str) -> str:
    """La página desde la que se pidió, si es de este panel."""
    destino: Any = request.POST.get("volver", "")
    propio = destino.startswith("/") and url_has_allowed_host_and_scheme(destino, allowed_hosts=None)
    return destino if propio else si_no
