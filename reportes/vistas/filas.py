"""Las filas que forman una cifra: tantas como ella dice, cada una con el camino a su registro."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..marco import TOTAL, Agrupado, Clase, Medida, Pedido
from ..marco.columnas import Cifra, Columna, en_palabras
from ..marco.enlaces import TODAS, direccion, direccion_de_archivo
from ..marco.listados import Listado, listado_de
from ..marco.palabras import filtros_en_palabras
from ..marco.salidas import FORMATOS, NOMBRES
from .reporte import filtros_de, pagina_de_filas, reporte_permitido


@dataclass(frozen=True)
class Abierta:
    """Una cifra abierta: de qué reporte, cuál, de qué fila y con qué filas."""

    reporte: Agrupado
    pedido: Pedido
    cifra: Cifra
    medida: Medida
    fila: str
    filas: QuerySet[Any]
    listado: Listado

    @property
    def titulo(self) -> str:
        """«Contratos activos de Fibra 300 Mbps»."""
        return f"{self.medida.titulo}: {self.fila}" if self.fila else self.medida.titulo


def abrir(request: HttpRequest, clave: str, cifra: str) -> Abierta:
    """La cifra que dice la dirección.

    Lanza Http404 si no existe o no se abre, y PermissionDenied si la cuenta no puede ver el reporte o esas filas.
    """
    reporte = reporte_permitido(request, clave)
    pedida = reporte.cifra(cifra) if isinstance(reporte, Agrupado) else None
    if not isinstance(reporte, Agrupado) or pedida is None or (medida := reporte.medida_que_abre(pedida)) is None:
        raise Http404
    pedido = reporte.pedir(request.GET, hoy=timezone.localdate())
    texto = request.GET.get("fila", TODAS)
    fila, llave = _fila(reporte, pedido, texto)
    filas = reporte.filas_de(pedido, medida, llave)
    listado = listado_de(filas.model)
    if not request.user.has_perm(listado.permiso):  # type: ignore[union-attr]
        raise PermissionDenied
    return Abierta(reporte, pedido, pedida, medida, fila, filas, listado)


def _fila(reporte: Agrupado, pedido: Pedido, texto: str) -> tuple[str, Any]:
    """El nombre de la fila y su clave. Lanza Http404 si no puede ser una de este reporte."""
    if texto == TODAS:
        return "", TOTAL
    dimension = reporte.dimension(pedido)
    try:
        clave = dimension.de_texto(texto.replace("\x00", ""))
    except ValueError:
        raise Http404 from None
    renglon = next((uno for uno in dimension.renglones(pedido) if uno.clave == clave), None)
    renglon = renglon or dimension.renglon_de(clave, pedido)
    return str(renglon.valores.get(dimension.rotulos[0].nombre) or ""), clave


@require_safe
def filas_de_reporte(request: HttpRequest, clave: str, cifra: str) -> HttpResponse:
    """Las filas de una cifra, por páginas, con cuántas son."""
    una = abrir(request, clave, cifra)
    puestos = filtros_de(request.GET)
    con_fila = {**puestos, "cifra": una.cifra.nombre, "fila": request.GET.get("fila", TODAS)}
    contexto = {
        **admin.site.each_context(request),
        "title": una.titulo,
        "una": una,
        "cuantas": en_palabras(Clase.ENTERO, una.filas.order_by().count()),
        "suma": _suma(una),
        "formula": _formula(una),
        "dichos": filtros_en_palabras(una.reporte, una.pedido),
        "volver": direccion(una.reporte.clave, puestos),
        "archivos": [(NOMBRES[f], direccion_de_archivo(una.reporte.clave, f, con_fila)) for f in FORMATOS]
        if request.user.has_perm(una.listado.exportar)  # type: ignore[union-attr]
        else [],
        **pagina_de_filas(request, una.listado, una.filas, una.pedido),
    }
    return render(request, "admin/reportes/filas.html", contexto)


def _suma(una: Abierta) -> str:
    """Lo que suman, si la cifra es una suma."""
    if not una.medida.suma:
        return ""
    total = una.filas.order_by().aggregate(total=Sum(una.medida.suma))["total"]
    return en_palabras(una.medida.clase, total or 0)


def _formula(una: Abierta) -> Columna | None:
    """La cifra derivada de estas filas: se dice qué es, porque ella no es cuántas son."""
    return None if una.cifra is una.medida else una.cifra
