"""El plan: qué se haría con cada registro, y la corrección de los que tienen errores."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from .. import consultas, operaciones
from ..formularios import FormularioRegistro
from ..models import EstadoImportacion, Importacion, RegistroPlan, TipoRegistro
from ..presentacion import archivos_por_orden, fila_del_plan
from . import resumen
from .comunes import con_importacion, direccion, es_trozo, pagina

CORREGIBLES = frozenset({EstadoImportacion.POR_CONFIRMAR, EstadoImportacion.APLICADA, EstadoImportacion.DETENIDA})


def contexto(request: HttpRequest, importacion: Importacion) -> dict[str, Any]:
    """Lo que la pestaña del plan muestra."""
    filtros = consultas.Filtros.de(request.GET)
    tramo = consultas.tramo_del_plan(importacion, filtros, consultas.Posicion.de(request.GET))
    return {
        "filtros": filtros,
        "filas": [_fila(importacion, registro) for registro in tramo.filas],
        "tramo": tramo,
        "primera": filtros.direccion(),
        "anterior": tramo.anterior and filtros.direccion(antes=tramo.anterior),
        "siguiente": tramo.siguiente and filtros.direccion(despues=tramo.siguiente),
        "seguir": tramo.seguir_desde and filtros.direccion(despues=tramo.seguir_desde),
    }


def _fila(importacion: Importacion, registro: RegistroPlan) -> Any:
    return fila_del_plan(
        registro,
        archivos_por_orden(importacion),
        corregible=importacion.estado in CORREGIBLES and not registro.aplicado,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@con_importacion
def registro_de_importacion(request: HttpRequest, importacion: Importacion, registro_pk: int) -> HttpResponse:
    """Las celdas de un registro con errores y, al guardarlas, el registro vuelto a comparar."""
    registro = consultas.registro_del_plan(importacion, registro_pk)
    if registro is None:
        raise Http404
    if importacion.estado not in CORREGIBLES or registro.aplicado or registro.tipo != TipoRegistro.ERROR:
        return _fila_sola(request, importacion, registro)
    if request.method == "POST":
        return _corregir(request, importacion, registro)
    if "ver" in request.GET:
        return _fila_sola(request, importacion, registro)
    return _celdas(request, importacion, registro, FormularioRegistro(registro))


def _corregir(request: HttpRequest, importacion: Importacion, registro: RegistroPlan) -> HttpResponse:
    formulario = FormularioRegistro(registro, request.POST)
    if not formulario.is_valid():
        return _celdas(request, importacion, registro, formulario)
    antes = consultas.cuenta(importacion, TipoRegistro.ERROR)
    try:
        registro = operaciones.corregir_registro(registro, valores=formulario.valores, usuario=request.user)
    except ValidationError as error:
        formulario.add_error(None, error)
        return _celdas(request, importacion, registro, formulario)
    importacion.refresh_from_db()
    if registro.tipo == TipoRegistro.ERROR:
        return _celdas(request, importacion, registro, FormularioRegistro(registro), guardado=True)
    # Los que en el archivo cuelgan de él se vuelven a comparar a la vez.
    dependientes = antes - consultas.cuenta(importacion, TipoRegistro.ERROR) - 1
    return _fila_sola(request, importacion, registro, corregido=True, dependientes=max(0, dependientes))


def _celdas(
    request: HttpRequest, importacion: Importacion, registro: RegistroPlan, formulario: Any, **mas: Any
) -> HttpResponse:
    contexto_ = {
        "importacion": importacion,
        "fila": _fila(importacion, registro),
        "formulario": formulario,
        "volver": f"{direccion(importacion)}?tipo=error#registro-{registro.pk}",
        **mas,
    }
    if es_trozo(request):
        return render(request, "admin/intercambio/_celdas.html", contexto_)
    return pagina(request, "registro.html", "Corregir un registro", **contexto_)


def _fila_sola(
    request: HttpRequest,
    importacion: Importacion,
    registro: RegistroPlan,
    *,
    corregido: bool = False,
    dependientes: int = 0,
) -> HttpResponse:
    contexto_ = {
        "importacion": importacion,
        "fila": _fila(importacion, registro),
        "volver": f"{direccion(importacion)}#registro-{registro.pk}",
        "corregido": corregido,
        "dependientes": dependientes,
        "hecha": importacion.estado in consultas.CON_RESULTADO,
    }
    if es_trozo(request):
        # Con la fila viajan las cuentas y la barra de confirmar, que ya no son las mismas.
        aparte = {"aparte": corregido, **(resumen.contexto(importacion) if corregido else {})}
        return render(request, "admin/intercambio/_fila_corregida.html", {**contexto_, **aparte})
    return pagina(request, "registro.html", "Corregir un registro", **contexto_)
