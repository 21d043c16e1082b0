"""Departamentos y municipios."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import BooleanRadioFilter, RelatedDropdownFilter

from movistar_site.comun.admin_base import AdminBase
from movistar_site.comun.admin_intercambio import AdminIntercambio
from movistar_site.comun.presentacion import columna_numero

from .. import operaciones
from ..models import Departamento, Municipio
from ..recursos import RecursoDepartamento, RecursoMunicipio


class CodigoFijo(AdminIntercambio, AdminBase):
    """Pantalla de un modelo cuya clave es un código: se escribe al crear y ya no cambia."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("codigo", *self.readonly_fields) if obj is not None else ()


@admin.register(Departamento)
class DepartamentoAdmin(CodigoFijo):
    """Los departamentos de la DIVIPOLA."""

    resource_classes = (RecursoDepartamento,)
    list_display = ("nombre", "codigo", "cuantos")
    fields = ("codigo", "nombre")
    vacio_titulo = "Aún no hay departamentos"
    vacio_ayuda = "Vienen con el panel. Si faltan, vuelva a ejecutar la orden migrate."

    cuantos = columna_numero("total", "municipios", orden="total")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Departamento]:
        return super().get_queryset(request).annotate(total=Count("municipios"))

    def guardar(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        operaciones.guardar_departamento(obj, usuario=request.user)

    def restaurar(self, request: HttpRequest, registro: Any, *, motivo: str) -> None:
        operaciones.guardar_departamento(registro, usuario=request.user, motivo=motivo)


@admin.register(Municipio)
class MunicipioAdmin(CodigoFijo):
    """Los municipios de la DIVIPOLA y los que un administrador añade."""

    resource_classes = (RecursoMunicipio,)
    list_display = ("nombre", "departamento", "codigo", "es_divipola")
    list_filter = (("departamento", RelatedDropdownFilter), ("es_divipola", BooleanRadioFilter))
    list_select_related = ("departamento",)
    fields = ("codigo", "nombre", "departamento")
    autocomplete_fields = ("departamento",)
    vacio_titulo = "Aún no hay municipios"
    vacio_ayuda = "Vienen con el panel. Si faltan, vuelva a ejecutar la orden migrate."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Municipio]:
        return super().get_queryset(request).select_related("departamento")
