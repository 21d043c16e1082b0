"""La página de un reporte: sus filtros en la dirección, su gráfico, su tabla y el camino a las filas de cada cifra."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clientes.forms.bandeja import vestir_filtros
from movistar_site.comun import vistas_guardadas
from movistar_site.comun.tramos import Posicion, tramo

from ..marco import GRUPOS, REPORTES, Agrupado, Clase, Lista, Pedido, Reporte
from ..marco.columnas import en_palabras
from ..marco.enlaces import direccion, direccion_de_archivo
from ..marco.filtros import Control
from ..marco.listados import Listado
from ..marco.palabras import comparado_con, filtros_en_palabras
from ..marco.registro import permitidos, puede_llevar
from ..marco.salidas import FORMATOS, NOMBRES
from ..presentacion import celdas, fichas

FILAS_POR_PAGINA = 50
DE_LA_PAGINA = ("pagina", "orden", "antes", "despues", "fila")
"""Los parámetros que dicen cómo se mira y no qué se mira."""


def pagina_de_vistas(reporte: Reporte) -> str:
    """El nombre con que se guardan las vistas de un reporte."""
    return f"reporte-{reporte.clave}"


def anotar_vistas() -> None:
    """Anota la página de cada reporte entre las que guardan vistas."""
    for reporte in REPORTES.values():
        vistas_guardadas.PAGINAS[pagina_de_vistas(reporte)] = _pagina(reporte)


def _pagina(reporte: Reporte) -> vistas_guardadas.Pagina:
    def parametros() -> set[str]:
        return {*reporte.pedir({}, hoy=timezone.localdate()).conjunto.filters, "orden"}

    def a_donde(puestos: QueryDict) -> str:
        return direccion(reporte.clave, dict(puestos.lists()))

    return vistas_guardadas.Pagina(parametros=parametros, direccion=a_donde, permitida=reporte.permitido)


def reporte_permitido(request: HttpRequest, clave: str) -> Reporte:
    """El de esa clave. Lanza Http404 si no existe y PermissionDenied si la cuenta no puede verlo."""
    hallado = REPORTES.get(clave)
    if hallado is None:
        raise Http404
    if not hallado.permitido(request.user):
        raise PermissionDenied
    return hallado


def filtros_de(parametros: QueryDict) -> dict[str, list[str]]:
    """Los de la dirección, sin lo que solo dice cómo se mira."""
    return {
        nombre: limpios
        for nombre, valores in parametros.lists()
        if nombre not in DE_LA_PAGINA and (limpios := [uno for uno in valores if uno and "\x00" not in uno])
    }


@require_safe
def reportes(request: HttpRequest) -> HttpResponse:
    """Los reportes que la cuenta puede abrir, por grupo."""
    propios = permitidos(request.user)
    if not propios:
        raise PermissionDenied
    contexto = {
        **admin.site.each_context(request),
        "title": "Reportes",
        "grupos": [(grupo, suyos) for grupo in GRUPOS if (suyos := [uno for uno in propios if uno.grupo == grupo])],
    }
    return render(request, "admin/reportes/indice.html", contexto)


@require_safe
def reporte(request: HttpRequest, clave: str) -> HttpResponse:
    """Un reporte. Sin filtros en la dirección abre la vista que la persona eligió para entrar, si eligió una."""
    uno = reporte_permitido(request, clave)
    propia = "" if request.GET else vistas_guardadas.predeterminada(request.user, pagina_de_vistas(uno))
    if "?" in propia:
        return HttpResponseRedirect(propia)
    pedido = uno.pedir(request.GET, hoy=timezone.localdate())
    contexto = _contexto(request, uno, pedido)
    if isinstance(uno, Agrupado):
        contexto["dichos"] += comparado_con(uno, pedido)
        contexto |= _de_tabla(request, uno, pedido)
    elif isinstance(uno, Lista):
        contexto |= _de_lista(request, uno, pedido)
    return render(request, "admin/reportes/reporte.html", contexto)


def _contexto(request: HttpRequest, uno: Reporte, pedido: Pedido) -> dict[str, Any]:
    formulario = pedido.conjunto.form
    vestir_filtros(formulario)
    puestos = filtros_de(request.GET)
    orden = {"orden": request.GET["orden"]} if request.GET.get("orden") else {}
    return {
        **admin.site.each_context(request),
        "title": uno.titulo,
        "reporte": uno,
        "formulario": formulario,
        "controles": [campo for campo in formulario if isinstance(pedido.conjunto.filters[campo.name], Control)],
        "filtros": [campo for campo in formulario if not isinstance(pedido.conjunto.filters[campo.name], Control)],
        "dichos": filtros_en_palabras(uno, pedido),
        "cuantos": len(pedido.conjunto.valores),
        "archivos": [(NOMBRES[f], direccion_de_archivo(uno.clave, f, {**puestos, **orden})) for f in FORMATOS]
        if puede_llevar(request.user, uno)
        else [],
        "esta": direccion(uno.clave),
        "vistas": vistas_guardadas.para_la_plantilla(request.user, pagina_de_vistas(uno), request.GET),
        "puestos": urlencode(puestos, doseq=True),
    }


# --- Una tabla -------------------------------------------------------------------------------------------------------
def _de_tabla(request: HttpRequest, uno: Agrupado, pedido: Pedido) -> dict[str, Any]:
    columnas = uno.columnas(pedido)
    orden = _orden(request.GET.get("orden", ""), {columna.nombre for columna in columnas}, uno.orden_de(pedido))
    tabla = uno.tabla(pedido, orden=orden)
    puestos = filtros_de(request.GET)
    pagina = Paginator(tabla.filas, FILAS_POR_PAGINA).get_page(request.GET.get("pagina"))
    total = celdas(uno, pedido, tabla.total, parametros=puestos)
    grafico = uno.grafico_de(pedido)
    base = {**puestos, **({"orden": orden} if request.GET.get("orden") else {})}
    return {
        "columnas": [_encabezado(columna, orden, puestos) for columna in columnas],
        "filas": [celdas(uno, pedido, fila, parametros=puestos) for fila in pagina],
        "total": total if uno.con_total else [],
        "fichas": fichas(uno, total),
        "pagina": pagina,
        "union": f"?{urlencode(base, doseq=True)}&" if base else "?",
        "grafico": grafico.datos(columnas, tabla) if grafico is not None and tabla.filas else None,
        "definiciones": [columna for columna in columnas if columna.definicion],
    }


def _orden(pedido: str, nombres: set[str], corriente: str) -> str:
    return pedido if pedido.removeprefix("-") in nombres else corriente


def _encabezado(columna: Any, orden: str, puestos: dict[str, list[str]]) -> dict[str, Any]:
    """El título de una columna y a dónde lleva ordenar por ella: las cifras empiezan por las mayores."""
    puesta = orden.removeprefix("-") == columna.nombre
    hacia = f"-{columna.nombre}" if columna.es_numero else columna.nombre
    if puesta:
        hacia = columna.nombre if orden.startswith("-") else f"-{columna.nombre}"
    sentido = ("descending" if orden.startswith("-") else "ascending") if puesta else ""
    return {"una": columna, "enlace": f"?{urlencode({**puestos, 'orden': hacia}, doseq=True)}", "sentido": sentido}


# --- Una lista -------------------------------------------------------------------------------------------------------
def _de_lista(request: HttpRequest, uno: Lista, pedido: Pedido) -> dict[str, Any]:
    consulta = uno.consulta(pedido)
    return {
        "resumen": [
            (uno.listado.plural.capitalize(), en_palabras(Clase.ENTERO, uno.cuantas(pedido))),
            *uno.resumen(pedido),
        ],
        **pagina_de_filas(request, uno.listado, consulta, pedido),
    }


def pagina_de_filas(request: HttpRequest, listado: Listado, consulta: Any, pedido: Pedido) -> dict[str, Any]:
    """Una página de filas, por clave, con lo que dibuja su tabla."""
    orden = listado.orden
    una = tramo([consulta.order_by()], orden, Posicion.de(request.GET, orden, listado.modelo))
    filas = listado.por_claves(una.filas, listado.modelo._default_manager.all(), pedido.al)
    parametros = {**filtros_de(request.GET), **{n: request.GET.getlist(n) for n in ("fila",) if n in request.GET}}
    base = urlencode(parametros, doseq=True)
    union = f"?{base}&" if base else "?"
    columnas = [columna for columna in listado.columnas if columna.en_pagina]
    return {
        "columnas_de_lista": columnas,
        "filas_de_lista": [
            [(c, en_palabras(c.clase, valores[c.nombre]), enlaces.get(c.nombre, "")) for c in columnas]
            for valores, enlaces in filas
        ],
        "primera": f"?{base}",
        "anterior": una.anterior and f"{union}{urlencode({'antes': una.anterior})}",
        "siguiente": una.siguiente and f"{union}{urlencode({'despues': una.siguiente})}",
    }
