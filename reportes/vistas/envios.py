"""Las páginas de los envíos programados: los de cada quien, programar uno, sus entregas y lo que se le hace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from movistar_site.comun.acciones import trasladar_errores
from movistar_site.comun.tramos import Orden, Posicion, tramo

from ..envios import filtros, operaciones
from ..envios.formularios import FormularioEnvio, de_un_envio, iniciales
from ..envios.permisos import CAMBIAR_TODOS, VER_TODOS, por_que_no
from ..envios.presentacion import de_un_envio_en_la_lista, de_una_entrega, dichos_de
from ..envios.tareas import enviar_los_reportes
from ..marco import REPORTES, Lista, Reporte
from ..marco.enlaces import direccion
from ..marco.registro import permitidos, puede_llevar
from ..models import EntregaEnvio, Envio
from .reporte import reporte_permitido

ORDEN = Orden(("id",), descendente=True)
ORDEN_DE_ENTREGAS = Orden(("para", "id"), descendente=True)
ESCRIBIR = ["GET", "HEAD", "POST"]


# --- Los de cada quien -----------------------------------------------------------------------------------------------
@require_safe
def envios(request: HttpRequest) -> HttpResponse:
    """Los envíos de quien entra; con `?de=todos`, los de todos, si los administra."""
    ve_todos = request.user.has_perm(VER_TODOS)
    todos = ve_todos and request.GET.get("de") == "todos"
    suyos = Envio.objects.all() if todos else _propios(request)
    pagina = tramo([suyos], ORDEN, Posicion.de(request.GET, ORDEN, Envio))
    union = "?de=todos&" if todos else "?"
    contexto = {
        **admin.site.each_context(request),
        "title": "Envíos programados",
        "filas": _filas(pagina.filas),
        "todos": todos,
        "ve_todos": ve_todos,
        "primera": "?de=todos" if todos else "?",
        "anterior": pagina.anterior and f"{union}antes={pagina.anterior}",
        "siguiente": pagina.siguiente and f"{union}despues={pagina.siguiente}",
    }
    return render(request, "admin/reportes/envios/lista.html", contexto)


def _filas(claves: list[int]) -> list[dict[str, Any]]:
    """Los envíos de una página con su última entrega: dos consultas, sean los que sean."""
    ultima = EntregaEnvio.objects.filter(envio=OuterRef("pk")).order_by("-para").values("pk")[:1]
    hallados = (
        Envio.objects.filter(pk__in=claves).select_related("usuario").annotate(ultima=Subquery(ultima)).in_bulk(claves)
    )
    entregas = EntregaEnvio.objects.in_bulk([uno.ultima for uno in hallados.values()])  # type: ignore[attr-defined]
    ordenados = [hallados[clave] for clave in claves if clave in hallados]
    return [de_un_envio_en_la_lista(uno, entregas.get(uno.ultima)) for uno in ordenados]  # type: ignore[attr-defined]


# --- Programar y cambiar ---------------------------------------------------------------------------------------------
@require_http_methods(ESCRIBIR)
def nuevo_envio(request: HttpRequest) -> HttpResponse:
    """Programa el reporte de la dirección, con sus filtros: `?reporte=popularidad&periodo=mes_pasado`."""
    if not request.GET.get("reporte"):
        return _elegir_reporte(request)
    reporte = reporte_permitido(request, request.GET["reporte"])
    if not puede_llevar(request.user, reporte):
        raise PermissionDenied
    parametros = _parametros(request, reporte)
    if parametros is None:
        return _volver_al_reporte(request, reporte)
    formulario = _formulario(request, reporte, iniciales(reporte, parametros, usuario=request.user))
    if request.method == "POST" and formulario.is_valid():
        try:
            envio = operaciones.crear_envio(
                reporte, formulario.datos(parametros), usuario=request.user, ahora=timezone.now()
            )
        except ValidationError as error:
            trasladar_errores(formulario, error)
        else:
            messages.success(request, f"Programado: {_proxima(envio)}.")
            return HttpResponseRedirect(reverse("envio", args=(envio.pk,)))
    suyos = _propios(request).filter(reporte=reporte.clave).order_by("-pk")
    contexto = {
        "title": f"Programar el envío de «{reporte.titulo}»",
        "boton": "Programar",
        "icono": "schedule_send",
        "volver": direccion(reporte.clave, dict(QueryDict(parametros).lists())),
        "otros": [(uno, _cambiar_con(uno, parametros)) for uno in suyos],
    }
    return _pagina_del_formulario(request, reporte, formulario, parametros, contexto)


@require_http_methods(ESCRIBIR)
def editar_envio(request: HttpRequest, pk: int) -> HttpResponse:
    """Cambia un envío propio; con el reporte y sus filtros en la dirección, también los filtros."""
    envio = _al_alcance(request, pk)
    if envio.usuario_id != request.user.pk:
        raise PermissionDenied
    reporte = REPORTES.get(envio.reporte)
    if reporte is None or por_que_no(request.user, reporte):
        messages.error(request, "Ya no puede ver o exportar ese reporte: el envío no se cambia, pero puede quitarlo.")
        return HttpResponseRedirect(reverse("envio", args=(pk,)))
    con_otros = request.GET.get("reporte") == envio.reporte
    parametros = _parametros(request, reporte) if con_otros else envio.parametros
    if parametros is None:
        return _volver_al_reporte(request, reporte)
    formulario = _formulario(request, reporte, de_un_envio(envio, parametros))
    if request.method == "POST" and formulario.is_valid():
        try:
            operaciones.cambiar_envio(envio, formulario.datos(parametros), usuario=request.user, ahora=timezone.now())
        except ValidationError as error:
            trasladar_errores(formulario, error)
        else:
            messages.success(request, f"«{envio}» quedó cambiado.")
            return HttpResponseRedirect(reverse("envio", args=(pk,)))
    contexto = {
        "title": f"Cambiar el envío «{envio}»",
        "boton": "Guardar",
        "icono": "save",
        "volver": reverse("envio", args=(pk,)),
        "cambiar_filtros": direccion(reporte.clave, dict(QueryDict(envio.parametros).lists())),
        "con_otros": con_otros,
    }
    return _pagina_del_formulario(request, reporte, formulario, parametros, contexto)


def _elegir_reporte(request: HttpRequest) -> HttpResponse:
    propios = [uno for uno in permitidos(request.user) if puede_llevar(request.user, uno)]
    if not propios:
        raise PermissionDenied
    contexto = {**admin.site.each_context(request), "title": "¿Qué reporte se envía?", "reportes": propios}
    return render(request, "admin/reportes/envios/elegir.html", contexto)


def _parametros(request: HttpRequest, reporte: Reporte) -> str | None:
    """Los filtros de la dirección que un envío guarda; None, y queda dicho, si alguno no se entiende."""
    try:
        return filtros.limpiar(reporte, _puestos(request), hoy=timezone.localdate())
    except ValidationError as error:
        for frase in error.messages:
            messages.error(request, frase)
        return None


def _puestos(request: HttpRequest) -> QueryDict:
    puestos = request.GET.copy()
    del puestos["reporte"]
    return puestos


def _volver_al_reporte(request: HttpRequest, reporte: Reporte) -> HttpResponse:
    return HttpResponseRedirect(direccion(reporte.clave, dict(_puestos(request).lists())))


def _formulario(request: HttpRequest, reporte: Reporte, inicial: dict[str, Any]) -> FormularioEnvio:
    enviado = request.POST if request.method == "POST" else None
    return FormularioEnvio(enviado, initial=inicial, reporte=reporte, personas=isinstance(reporte, Lista))


def _pagina_del_formulario(
    request: HttpRequest, reporte: Reporte, formulario: FormularioEnvio, parametros: str, mas: dict[str, Any]
) -> HttpResponse:
    contexto = {
        **admin.site.each_context(request),
        "reporte": reporte,
        "formulario": formulario,
        "dichos": dichos_de(reporte, parametros, hoy=timezone.localdate(), sin_periodo=True),
        **mas,
    }
    return render(request, "admin/reportes/envios/formulario.html", contexto)


def _cambiar_con(envio: Envio, parametros: str) -> str:
    """La página que cambia un envío por esos filtros."""
    union = f"&{parametros}" if parametros else ""
    return f"{reverse('editar_envio', args=(envio.pk,))}?reporte={envio.reporte}{union}"


# --- Uno -------------------------------------------------------------------------------------------------------------
@require_safe
def envio(request: HttpRequest, pk: int) -> HttpResponse:
    """Un envío: qué lleva, cuándo sale, a quiénes y cada entrega. El ajeno no existe para quien no los administra."""
    uno = _al_alcance(request, pk)
    entregas = uno.entregas.order_by()
    pagina = tramo([entregas], ORDEN_DE_ENTREGAS, Posicion.de(request.GET, ORDEN_DE_ENTREGAS, EntregaEnvio))
    por_clave = entregas.in_bulk(pagina.filas)
    reporte, propio = REPORTES.get(uno.reporte), uno.usuario_id == request.user.pk
    contexto = {
        **admin.site.each_context(request),
        "title": uno.nombre,
        "envio": uno,
        "una": de_un_envio_en_la_lista(uno, None),
        "reporte": reporte,
        "enlace": direccion(uno.reporte, dict(QueryDict(uno.parametros).lists()))
        if reporte is not None and reporte.permitido(request.user)
        else "",
        "dichos": dichos_de(reporte, uno.parametros, hoy=timezone.localdate()) if reporte else None,
        "propio": propio,
        "puede_pausar": propio or request.user.has_perm(CAMBIAR_TODOS),
        "entregas": [de_una_entrega(por_clave[clave]) for clave in pagina.filas if clave in por_clave],
        "primera": "?",
        "anterior": pagina.anterior and f"?antes={pagina.anterior}",
        "siguiente": pagina.siguiente and f"?despues={pagina.siguiente}",
    }
    return render(request, "admin/reportes/envios/envio.html", contexto)


@require_POST
def hacer_con_envio(request: HttpRequest, pk: int, que: str) -> HttpResponse:
    """Pausa, reanuda o envía ya un envío, y vuelve a su página."""
    if que not in _PASOS:
        raise Http404
    uno = _al_alcance(request, pk)
    try:
        messages.success(request, _PASOS[que](request, uno))
    except ValidationError as error:
        for frase in error.messages:
            messages.error(request, frase)
    return HttpResponseRedirect(reverse("envio", args=(pk,)))


@require_http_methods(ESCRIBIR)
def borrar_envio(request: HttpRequest, pk: int) -> HttpResponse:
    """Pregunta antes de quitar un envío; con POST, lo quita."""
    uno = _al_alcance(request, pk)
    if uno.usuario_id != request.user.pk and not request.user.has_perm(CAMBIAR_TODOS):
        raise PermissionDenied
    if request.method == "POST":
        operaciones.borrar_envio(uno, usuario=request.user)
        messages.success(request, f"«{uno}» ya no se envía.")
        return HttpResponseRedirect(reverse("envios"))
    contexto = {**admin.site.each_context(request), "title": f"Quitar «{uno}»", "envio": uno}
    return render(request, "admin/reportes/envios/borrar.html", contexto)


def _al_alcance(request: HttpRequest, pk: int) -> Envio:
    """El propio o, para quien los administra, cualquiera. Lanza Http404 con los demás."""
    visibles = Envio.objects.all() if request.user.has_perm(VER_TODOS) else _propios(request)
    return get_object_or_404(visibles.select_related("usuario"), pk=pk)


def _propios(request: HttpRequest) -> QuerySet[Envio]:
    quien: Any = request.user
    return Envio.objects.filter(usuario_id=quien.pk)


def _pausar(request: HttpRequest, uno: Envio) -> str:
    operaciones.pausar_envio(uno, usuario=request.user, ahora=timezone.now())
    return f"«{uno}» está en pausa: no sale hasta que se reanude."


def _reanudar(request: HttpRequest, uno: Envio) -> str:
    reanudado = operaciones.reanudar_envio(uno, usuario=request.user, ahora=timezone.now())
    return f"«{uno}» vuelve a salir: {_proxima(reanudado)}."


def _enviar(request: HttpRequest, uno: Envio) -> str:
    operaciones.enviar_ahora(uno, usuario=request.user, ahora=timezone.now())
    enviar_los_reportes.enqueue()
    return "La entrega está en camino: en un momento se ve aquí cómo le fue."


def _proxima(uno: Envio) -> str:
    if uno.proxima_el is None:
        return "está en pausa"
    return f"la próxima entrega es el {timezone.localtime(uno.proxima_el):%d/%m/%Y a las %H:%M}"


_PASOS: dict[str, Callable[[HttpRequest, Envio], str]] = {
    "pausar": _pausar,
    "reanudar": _reanudar,
    "enviar": _enviar,
}
