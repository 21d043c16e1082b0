"""Lo que se le manda a una importación: confirmar, cancelar, descartar, reintentar, cambiar opciones, deshacer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from .. import consultas, operaciones
from ..formularios import FormularioOpciones
from ..models import AnteErrores, EstadoImportacion, Importacion
from ..permisos import permitidas
from .comunes import avisar, con_importacion, pagina, volver


@require_POST
@con_importacion
def hacer(request: HttpRequest, importacion: Importacion, accion: str) -> HttpResponse:
    """Hace lo que se pide, si se puede, y vuelve a su página; si no, dice por qué."""
    if accion not in _ACCIONES:
        raise Http404
    try:
        _ACCIONES[accion](request, importacion)
    except ValidationError as error:
        avisar(request, error)
    return volver(importacion)


def _confirmar(request: HttpRequest, importacion: Importacion) -> None:
    operaciones.confirmar(importacion, usuario=request.user)


def _continuar(request: HttpRequest, importacion: Importacion) -> None:
    operaciones.continuar(importacion, usuario=request.user)


def _cancelar(request: HttpRequest, importacion: Importacion) -> None:
    if importacion.estado not in consultas.CANCELABLES:
        raise ValidationError("Ya no hay nada que cancelar: el trabajo terminó.")
    operaciones.pedir_cancelacion(importacion)


def _descartar(request: HttpRequest, importacion: Importacion) -> None:
    if importacion.estado not in consultas.SIN_CONFIRMAR:
        raise ValidationError("Solo se descarta lo que todavía espera confirmación.")
    operaciones.descartar(importacion)
    messages.success(request, "Importación descartada: no se escribió nada.")


def _reintentar(request: HttpRequest, importacion: Importacion) -> None:
    operaciones.reintentar(importacion, usuario=request.user)


def _opciones(request: HttpRequest, importacion: Importacion) -> None:
    if importacion.estado not in consultas.SIN_CONFIRMAR:
        raise ValidationError(operaciones.por_que_no_se_confirma(importacion))
    formulario = FormularioOpciones(request.POST, permitidas=permitidas(request.user, "importar"))
    if not formulario.is_valid():
        raise ValidationError([str(error) for errores in formulario.errors.values() for error in errores])
    operaciones.cambiar_opciones(importacion, **formulario.cleaned_data)


def _omitir_errores(request: HttpRequest, importacion: Importacion) -> None:
    """Lo mismo que cambiar la opción, desde el aviso de que los errores detienen la importación."""
    if importacion.estado != EstadoImportacion.POR_CONFIRMAR:
        raise ValidationError(operaciones.por_que_no_se_confirma(importacion))
    operaciones.cambiar_opciones(
        importacion,
        fecha_referencia=importacion.fecha_referencia,
        identificador=importacion.identificador,
        modo=importacion.modo,
        ante_errores=AnteErrores.OMITIR,
        entidad=importacion.entidad,
    )


_ACCIONES: dict[str, Callable[[HttpRequest, Importacion], Any]] = {
    "confirmar": _confirmar,
    "continuar": _continuar,
    "cancelar": _cancelar,
    "descartar": _descartar,
    "reintentar": _reintentar,
    "opciones": _opciones,
    "omitir-errores": _omitir_errores,
}


@require_http_methods(["GET", "HEAD", "POST"])
@con_importacion
def deshacer_importacion(request: HttpRequest, importacion: Importacion) -> HttpResponse:
    """Pide confirmación y manda a deshacer."""
    if request.method != "POST" and consultas.se_puede_deshacer(importacion):
        return pagina(
            request,
            "deshacer.html",
            f"Deshacer la importación {importacion.pk}",
            importacion=importacion,
            escritos=consultas.por_importar(importacion),
        )
    try:
        if not consultas.se_puede_deshacer(importacion):
            raise ValidationError(f"No se puede deshacer: está «{importacion.get_estado_display().lower()}».")
        operaciones.deshacer(importacion, usuario=request.user)
    except ValidationError as error:
        avisar(request, error)
    return volver(importacion)
