"""Bajar un reporte, o las filas de una de sus cifras, en un archivo."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from movistar_site.comun.models import Exportacion, nombre_de
from movistar_site.comun.salida import Cuenta, NoCabeEnExcel
from movistar_site.comun.salida.constancia import con_constancia
from movistar_site.comun.salida.respuesta import descarga

from ..marco import Pedido, Reporte
from ..marco.enlaces import direccion, direccion_de_filas
from ..marco.palabras import filtros_en_palabras
from ..marco.registro import puede_llevar
from ..marco.salidas import FORMATOS, DemasiadoLargo, archivo, archivo_de_filas, nombre_de_archivo
from .filas import abrir
from .reporte import filtros_de, reporte_permitido


@require_safe
def descargar_reporte(request: HttpRequest, clave: str, formato: str) -> HttpResponseBase:
    """El archivo, mientras se escribe. Con `?cifra=`, las filas de esa cifra. Queda constancia de quién se lo llevó."""
    if formato not in FORMATOS:
        raise Http404
    try:
        if request.GET.get("cifra"):
            return _filas(request, clave, formato)
        return _reporte(request, clave, formato)
    except (DemasiadoLargo, NoCabeEnExcel) as error:
        messages.error(request, error.message if isinstance(error, DemasiadoLargo) else str(error))
        return HttpResponseRedirect(_de_vuelta(request, clave))


def _de_vuelta(request: HttpRequest, clave: str) -> str:
    puestos = filtros_de(request.GET)
    cifra = puestos.pop("cifra", [""])[-1]
    return (
        direccion_de_filas(clave, cifra, request.GET.get("fila", ""), puestos) if cifra else direccion(clave, puestos)
    )


def _reporte(request: HttpRequest, clave: str, formato: str) -> HttpResponseBase:
    uno = reporte_permitido(request, clave)
    if not puede_llevar(request.user, uno):
        raise PermissionDenied
    pedido, cuenta = uno.pedir(request.GET, hoy=timezone.localdate()), Cuenta()
    trozos = archivo(
        uno, pedido, formato, autor=nombre_de(request.user), ahora=timezone.now(),
        orden=_orden(request), cuenta=cuenta,
    )  # fmt: skip
    return _enviar(request, (uno, pedido, formato, uno.titulo), trozos, cuenta)


def _filas(request: HttpRequest, clave: str, formato: str) -> HttpResponseBase:
    una = abrir(request, clave, request.GET["cifra"])
    if not request.user.has_perm(una.listado.exportar):  # type: ignore[union-attr]
        raise PermissionDenied
    cuenta = Cuenta()
    trozos = archivo_de_filas(
        una.reporte, una.pedido, formato, filas=una.filas, listado=una.listado, titulo=una.titulo,
        autor=nombre_de(request.user), ahora=timezone.now(), cuenta=cuenta,
    )  # fmt: skip
    return _enviar(request, (una.reporte, una.pedido, formato, una.titulo), trozos, cuenta)


def _orden(request: HttpRequest) -> str:
    return request.GET.get("orden", "").replace("\x00", "")[:60]


def _enviar(
    request: HttpRequest, encargo: tuple[Reporte, Pedido, str, str], trozos: Iterator[bytes], cuenta: Cuenta
) -> HttpResponseBase:
    uno, pedido, formato, que = encargo
    contenido = con_constancia(
        trozos,
        que=que[:80],
        formato=formato,
        puerta=Exportacion.Puerta.REPORTE,
        usuario=request.user,
        filtro="; ".join(f"{titulo}: {valor}" for titulo, valor in filtros_en_palabras(uno, pedido)),
        cuenta=cuenta,
    )
    ademas = que if que != uno.titulo else ""
    return descarga(contenido, nombre_de_archivo(uno, pedido, formato, ademas=ademas))
