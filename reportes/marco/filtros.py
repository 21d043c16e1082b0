"""Los filtros de los reportes, con django-filter: cada uno sabe por qué columna de cada modelo filtra.

Un reporte suma cifras de varios modelos (contratos, clientes, interacciones); el mismo filtro debe decir lo mismo de
todos, o una cifra no sería la de las filas que abre. Por eso un filtro lleva `caminos`: modelo → columna.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, TypeVar

import django_filters as filtros
from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, QuerySet

from movistar_site.comun.calendario import PRIMER_ANIO

from ..models import ContratosPorServicio
from . import periodos
from .periodos import Periodo, periodo

M = TypeVar("M", bound=Model)
Camino = str | Callable[[QuerySet[Any], Any, date], QuerySet[Any]]


class PorCamino:
    """Lo que un filtro de django-filter necesita para filtrar filas de varios modelos.

    `caminos`: modelo («clientes.contrato») → columna suya, o función de (filas, valor, hoy).
    """

    def __init__(self, *args: Any, caminos: Mapping[str, Camino], **kwargs: Any) -> None:
        self.caminos = caminos
        super().__init__(*args, **kwargs)

    def sobre(self, consulta: QuerySet[Any], valor: Any) -> QuerySet[Any]:
        """Las filas que cumplen. Lanza ImproperlyConfigured si no sabe filtrar ese modelo."""
        etiqueta = consulta.model._meta.label_lower
        if etiqueta not in self.caminos:
            raise ImproperlyConfigured(f"El filtro «{self.label}» no sabe filtrar {etiqueta}.")  # type: ignore[attr-defined]
        camino = self.caminos[etiqueta]
        if callable(camino):
            return camino(consulta, valor, self.parent.hoy)  # type: ignore[attr-defined]
        if isinstance(valor, Iterable) and not isinstance(valor, str):
            # Las claves y no los registros: «pk» no los entiende.
            return consulta.filter(**{f"{camino}__in": [getattr(uno, "pk", uno) for uno in valor]})
        return consulta.filter(**{camino: valor})


class _QueQuepa:
    """Un campo al que una clave enorme, que no cabe en la base, le es una opción que no existe."""

    def clean(self, valor: Any) -> Any:
        try:
            return super().clean(valor)  # type: ignore[misc]
        except OverflowError:
            raise forms.ValidationError("Elija una de las opciones.") from None


class _CampoUno(_QueQuepa, filtros.fields.ModelChoiceField):  # type: ignore[misc]
    """Uno de los registros."""


class _CampoVarios(_QueQuepa, filtros.fields.ModelMultipleChoiceField):  # type: ignore[misc]
    """Algunos de los registros."""


class UnoDe(PorCamino, filtros.ModelChoiceFilter):  # type: ignore[misc]
    """Uno de los registros de una tabla corta."""

    field_class = _CampoUno


class VariosDe(PorCamino, filtros.ModelMultipleChoiceFilter):  # type: ignore[misc]
    """Algunos de los registros de una tabla corta."""

    field_class = _CampoVarios


class UnaOpcion(PorCamino, filtros.ChoiceFilter):  # type: ignore[misc]
    """Una de unas opciones."""


class VariasOpciones(PorCamino, filtros.MultipleChoiceFilter):  # type: ignore[misc]
    """Algunas de unas opciones."""


class Control:
    """Un filtro que no quita filas: dice qué período o qué día se mira."""

    def filter(self, consulta: QuerySet[Any], valor: Any) -> QuerySet[Any]:
        """Las mismas filas."""
        return consulta


class _Eleccion(filtros.fields.ChoiceField):  # type: ignore[misc]
    """Una opción. Sin ella en la dirección se ve puesta la que rige: si no, el navegador marca la primera."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial if data in (None, "") else data


class ControlOpcion(Control, filtros.ChoiceFilter):  # type: ignore[misc]
    """Un control con opciones."""

    field_class = _Eleccion


class ControlDia(Control, filtros.DateFilter):  # type: ignore[misc]
    """Un control que es un día."""


class ControlMarca(Control, filtros.BooleanFilter):  # type: ignore[misc]
    """Un control que se marca."""

    field_class = forms.BooleanField


CAMPO_DE_DIA = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def control_de_dia(etiqueta: str) -> ControlDia:
    """Un día, con el calendario del navegador."""
    return ControlDia(label=etiqueta, widget=CAMPO_DE_DIA, input_formats=["%Y-%m-%d", "%d/%m/%Y"])


class FiltrosDeReporte(filtros.FilterSet):
    """Los filtros de un reporte. Los suyos se declaran en una clase que hereda, con los tipos de este archivo.

    Los controles (período, día, comparar, por qué se agrupa) los pone el reporte según lo que admite.
    """

    EXCLUIDOS: ClassVar[dict[str, str]] = {}

    def __init__(self, datos: Any, *, hoy: date, controles: Mapping[str, filtros.Filter] | None = None) -> None:
        self.hoy = hoy
        # No filtra una tabla suya sino las que le pasen a `aplicar`; django-filter quiere una de todos modos.
        super().__init__(datos or {}, queryset=ContratosPorServicio.objects.none())
        for nombre, control in (controles or {}).items():
            control.field_name = nombre
            self.filters[nombre] = control

    def get_form_class(self) -> type[forms.Form]:
        """El formulario, que revisa también lo que un campo solo no puede: el orden de las fechas."""
        conjunto, base = self, super().get_form_class()

        class Formulario(base):  # type: ignore[misc, valid-type]
            def clean(self) -> Any:
                limpios = super().clean()
                _revisar(self, limpios if limpios is not None else self.cleaned_data, conjunto.hoy)
                return limpios

        return Formulario

    @cached_property
    def limpios(self) -> dict[str, Any]:
        """Lo que se entendió de la dirección; lo que tenía faltas no está."""
        formulario = self.form
        formulario.is_valid()
        return dict(getattr(formulario, "cleaned_data", {}))

    @cached_property
    def valores(self) -> dict[str, Any]:
        """Los filtros puestos que quitan filas: nombre → valor."""
        return {
            nombre: valor
            for nombre, filtro in self.filters.items()
            if not isinstance(filtro, Control) and (valor := _puesto(self.limpios.get(nombre))) is not None
        }

    def aplicar(self, consulta: QuerySet[M]) -> QuerySet[M]:
        """Esas filas, de cualquiera de los modelos del reporte, con todos los filtros puestos."""
        for nombre, valor in self.valores.items():
            consulta = self.filters[nombre].sobre(consulta, valor)
        return consulta


def _puesto(valor: Any) -> Any:
    """El valor de un filtro; None si está vacío. Los elegidos de una tabla se leen una sola vez."""
    if isinstance(valor, QuerySet):
        valor = list(valor)
    return None if valor in (None, "", []) else valor


def _revisar(formulario: forms.Form, limpios: dict[str, Any], hoy: date) -> None:
    for nombre in ("desde", "hasta", "al"):
        dia, ultimo = limpios.get(nombre), hoy.year + (nombre != "al")
        if dia is not None and not PRIMER_ANIO <= dia.year <= ultimo:
            formulario.add_error(nombre, f"Escriba un día entre {PRIMER_ANIO} y {ultimo}.")
    if limpios.get("al") and limpios["al"] > hoy:
        formulario.add_error("al", "Escriba un día que ya haya llegado: un reporte no dice lo que falta por pasar.")
    if limpios.get("periodo") == periodos.A_MEDIDA or limpios.get("desde") or limpios.get("hasta"):
        desde, hasta = limpios.get("desde"), limpios.get("hasta")
        if desde and hasta and desde > hasta:
            formulario.add_error("hasta", "El último día debe ser igual o posterior al primero.")


# --- Los controles que un reporte admite -----------------------------------------------------------------------------
def controles_de_periodo(inicial: str) -> dict[str, filtros.Filter]:
    """El período: uno de los corrientes, o entre dos fechas."""
    return {
        "periodo": ControlOpcion(
            label="Período", choices=periodos.OPCIONES, empty_label=None, initial=inicial, required=False
        ),
        "desde": control_de_dia("Desde"),
        "hasta": control_de_dia("Hasta"),
    }


def leer_periodo(limpios: Mapping[str, Any], *, inicial: str, hoy: date) -> Periodo:
    """El período que dicen los controles. Las dos fechas mandan sobre la opción."""
    clave, desde, hasta = limpios.get("periodo") or "", limpios.get("desde"), limpios.get("hasta")
    if (desde or hasta) and clave in ("", periodos.A_MEDIDA):
        return Periodo(desde or periodos.PRINCIPIO, hasta or max(hoy, desde or hoy))
    return periodo(inicial if clave in ("", periodos.A_MEDIDA) else clave, hoy=hoy)
