"""Los filtros de una lista dichos en español: «estado: Activo; búsqueda: ríos»."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.views.main import SEARCH_VAR
from django.http import HttpRequest

_EXTREMOS = {"_from": "desde ", "__gte": "desde ", "_to": "hasta ", "__lte": "hasta ", "__lt": "antes de "}


def filtros_legibles(request: HttpRequest, lista: Any) -> list[str]:
    """Cada filtro puesto en la lista, con su título y lo elegido como se ve en ella."""
    partes = [f"búsqueda: {request.GET[SEARCH_VAR]}"] if request.GET.get(SEARCH_VAR) else []
    for filtro in lista.filter_specs:
        puestos = {
            clave: valor
            for clave in filtro.expected_parameters()
            if (valor := ", ".join(parte for parte in request.GET.getlist(clave) if parte))
        }
        if puestos:
            partes.append(f"{filtro.title}: {_elegido(filtro, lista) or _crudo(puestos)}")
    return partes


def _elegido(filtro: Any, lista: Any) -> str:
    opciones = [opcion for opcion in filtro.choices(lista) if opcion.get("selected") and "display" in opcion]
    return ", ".join(str(opcion["display"]) for opcion in opciones)


def _crudo(puestos: dict[str, str]) -> str:
    """Un rango no tiene opciones: se dice de dónde a dónde."""
    return ", ".join(_extremo(clave) + valor for clave, valor in puestos.items())


def _extremo(clave: str) -> str:
    return next((dicho for fin, dicho in _EXTREMOS.items() if clave.endswith(fin)), "")
