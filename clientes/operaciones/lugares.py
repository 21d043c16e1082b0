"""Departamentos y municipios que un administrador añade o corrige."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from movistar_site.comun.campos import CampoBusqueda

from ..models import Departamento, Municipio
from .comunes import guardar


@transaction.atomic
def guardar_departamento(departamento: Departamento, *, usuario: Any, motivo: str = "") -> Departamento:
    """Guarda un departamento y pone al día la búsqueda de sus municipios, que se encuentran también por su nombre."""
    guardar(departamento, usuario=usuario, motivo=motivo)
    campo: CampoBusqueda = Municipio._meta.get_field("busqueda")  # type: ignore[assignment]
    municipios = list(departamento.municipios.select_related("departamento"))  # type: ignore[attr-defined]
    for municipio in municipios:
        municipio.busqueda = campo.texto_de(municipio)
    Municipio.objects.bulk_update(municipios, ["busqueda"])
    return departamento
