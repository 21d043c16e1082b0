"""El sitio del panel: marca, navegación, búsqueda y tablero."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.utils import timezone
from unfold.dataclasses import SearchResult
from unfold.sites import UnfoldAdminSite

from movistar_site.comun.busqueda import palabras_de
from movistar_site.comun.paginas import pagina_de
from movistar_site.comun.valores import normalizar
from movistar_site.navegacion import NAVEGACION
from reportes.marco.enlaces import direccion
from reportes.marco.registro import permitidos

LETRAS_MINIMAS = 2
HALLAZGOS_POR_MODELO = 5
# Dónde busca Ctrl+K además de en los nombres de las páginas, con el icono de cada cosa.
BUSCABLES = {
    "clientes.Cliente": "person",
    "clientes.Contrato": "contract",
    "clientes.Interaccion": "forum",
    "servicios.Servicio": "router",
}


class SitioPanel(UnfoldAdminSite):
    """El admin del operador, con su marca."""

    site_title = f"Panel {settings.MARCA_NOMBRE}"
    site_header = f"Panel {settings.MARCA_NOMBRE}"
    index_title = "Tablero"

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Ctrl+K: páginas del panel y registros por nombre, documento, teléfono o número, sin tildes."""
        texto = request.GET.get("s", "").strip()[:80]
        if len(texto) < LETRAS_MINIMAS or not palabras_de(texto):
            return HttpResponse()
        hallazgos = [*_paginas(request, texto), *_reportes(request, texto), *self._registros(request, texto)]
        return TemplateResponse(
            request, "unfold/helpers/command_results.html", {"results": hallazgos}, headers={"HX-Trigger": "search"}
        )

    def _registros(self, request: HttpRequest, texto: str) -> list[SearchResult]:
        hallazgos = []
        for etiqueta, icono_de_modelo in BUSCABLES.items():
            modelo = apps.get_model(etiqueta)
            pantalla = self._registry.get(modelo)
            if pantalla is None or not pantalla.has_view_permission(request):
                continue
            consulta, _ = pantalla.get_search_results(request, pantalla.get_queryset(request), texto)
            opciones = modelo._meta
            hallazgos += [
                SearchResult(
                    title=str(registro),
                    description=str(opciones.verbose_name),
                    link=pagina_de(registro),
                    icon=icono_de_modelo,
                )
                for registro in consulta[:HALLAZGOS_POR_MODELO]
            ]
        return hallazgos


def _paginas(request: HttpRequest, texto: str) -> list[SearchResult]:
    """Las entradas del menú que la cuenta ve y cuyo título contiene lo escrito."""
    buscado = normalizar(texto)
    return [
        SearchResult(
            title=entrada["title"],
            description=grupo.get("title", "Panel"),
            link=str(entrada["link"]),
            icon=entrada["icon"],
        )
        for grupo in NAVEGACION
        for entrada in grupo["items"]
        if buscado in normalizar(entrada["title"]) and entrada.get("permission", lambda _: True)(request)
    ]


def _reportes(request: HttpRequest, texto: str) -> list[SearchResult]:
    """Los reportes que la cuenta puede abrir y que se llaman o responden lo escrito."""
    buscado = normalizar(texto)
    return [
        SearchResult(title=uno.titulo, description="Reporte", link=direccion(uno.clave), icon=uno.icono)
        for uno in permitidos(request.user)
        if buscado in normalizar(f"{uno.titulo} {uno.pregunta}")
    ]


def marca(request: HttpRequest) -> dict[str, str]:
    """El nombre y el color de la marca, para las plantillas."""
    return {"marca": settings.MARCA_NOMBRE, "marca_color": settings.PALETA_DE_MARCA["600"]}


def hoja_de_estilo(request: HttpRequest) -> str:
    """La hoja de estilo propia, con la huella que le da whitenoise."""
    return static("panel/panel.css")


def guion(request: HttpRequest) -> str:
    """El guion propio: teclado y nombres para lectores de pantalla."""
    return static("panel/panel.js")


def icono(request: HttpRequest) -> str:
    """El icono de la pestaña, dibujado por nosotros."""
    return static("panel/marca.svg")


def tablero(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Añade los indicadores a la primera página."""
    from reportes import indicadores

    return context | {"tablero": indicadores.tablero(request.user, hoy=timezone.localdate())}
