"""A dónde lleva un reporte, una de sus cifras o su archivo, con sus filtros."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

TODAS = "todas"
"""Cómo se dice en la dirección que se abren las filas del total."""


def direccion(clave: str, parametros: Mapping[str, Any] | None = None) -> str:
    """La página de un reporte con esos filtros."""
    return _con(reverse("reporte", args=(clave,)), parametros)


def direccion_de_filas(clave: str, cifra: str, fila: str = TODAS, parametros: Mapping[str, Any] | None = None) -> str:
    """Las filas que forman una cifra. `fila`: la clave de la fila, como la escribe su dimensión."""
    return _con(reverse("filas_de_reporte", args=(clave, cifra)), {**(parametros or {}), "fila": fila})


def direccion_de_archivo(clave: str, formato: str, parametros: Mapping[str, Any] | None = None) -> str:
    """El archivo de un reporte: «csv», «xlsx», «pdf» o «json»."""
    return _con(reverse("descargar_reporte", args=(clave, formato)), parametros)


def _con(camino: str, parametros: Mapping[str, Any] | None) -> str:
    puestos = {nombre: valor for nombre, valor in (parametros or {}).items() if valor not in (None, "", [])}
    return f"{camino}?{urlencode(puestos, doseq=True)}" if puestos else camino
