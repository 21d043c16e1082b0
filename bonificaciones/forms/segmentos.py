"""El formulario de un segmento: sus datos y, como campos, los filtros que lo forman."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django import forms
from django.contrib.admin import site
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django_filters.widgets import DateRangeWidget, RangeWidget
from unfold import widgets

from clientes.models import Cliente
from movistar_site.comun.acciones import trasladar_errores, vestir
from movistar_site.comun.autocompletar import SelectorVarios
from servicios.models import Promocion

from ..filtros.segmentos import FiltroSegmento
from ..models import Segmento
from ..operaciones.segmentos import SIN_FILTROS
from ..segmentos import limpiar, partes_de

SI_O_NO = [("", "Da igual"), ("true", "Sí"), ("false", "No")]
POCAS_OPCIONES = 12
"""Hasta tantas opciones se muestran todas, como casillas."""
_CLASES = " ".join(widgets.INPUT_CLASSES)


def vestir_filtro(nombre: str, campo: Any) -> None:
    """Le pone a un filtro el aspecto del panel: casillas si sus opciones son pocas, un buscador si son muchas."""
    if nombre == "municipio":
        campo.widget = SelectorVarios(Cliente._meta.get_field("municipio"), site)
    elif isinstance(campo, forms.ModelMultipleChoiceField):
        campo.widget = widgets.UnfoldAdminSelect2MultipleWidget()
    elif isinstance(campo, forms.MultipleChoiceField):
        opciones: Any = campo.choices
        pocas = len(list(opciones)) <= POCAS_OPCIONES
        varias = widgets.UnfoldAdminCheckboxSelectMultipleWidget if pocas else widgets.UnfoldAdminSelect2MultipleWidget
        campo.widget = varias(choices=opciones)
    elif isinstance(campo.widget, DateRangeWidget):
        campo.widget.widgets = [_extremo(campo, extremo, "date") for extremo in ("desde", "hasta")]
    elif isinstance(campo.widget, RangeWidget):
        campo.widget.widgets = [_extremo(campo, extremo, "text") for extremo in ("desde", "hasta")]
    elif isinstance(campo, forms.NullBooleanField):
        campo.widget = widgets.UnfoldAdminSelectWidget(choices=SI_O_NO)
    else:
        if isinstance(campo, forms.ChoiceField):
            campo.empty_label = "Da igual"  # type: ignore[attr-defined]
        vestir(campo)
    # El `choices` de un campo de registros es perezoso: se lo debe a su widget después de cambiarlo.
    if isinstance(campo, forms.ModelMultipleChoiceField):
        campo.widget.choices = campo.choices


def _extremo(campo: Any, extremo: str, tipo: str) -> forms.TextInput:
    atributos = {"type": tipo, "class": _CLASES, "aria-label": f"{campo.label}, {extremo}", "autocomplete": "off"}
    if tipo == "date":
        return forms.DateInput(format="%Y-%m-%d", attrs=atributos)
    return forms.TextInput(attrs=atributos | {"inputmode": "decimal", "placeholder": extremo})


def campos_de_filtros() -> dict[str, Any]:
    """Los filtros como campos de formulario, vestidos."""
    # De una copia: el FilterSet guarda los suyos, y los de la dirección no llevan este aspecto.
    suyos: Any = deepcopy(FiltroSegmento.base_filters)  # type: ignore[misc]
    campos = {nombre: filtro.field for nombre, filtro in suyos.items()}
    for nombre, campo in campos.items():
        vestir_filtro(nombre, campo)
        campo.required = False
    return campos


FILTROS = campos_de_filtros()
"""Nombre del filtro → su campo."""


def iniciales(filtros: QueryDict) -> dict[str, Any]:
    """Lo que esos filtros ponen en cada campo, como si alguien lo hubiera escrito."""
    return {
        nombre: campo.widget.value_from_datadict(filtros, {}, nombre)
        for nombre, campo in FILTROS.items()
        if any(parte in filtros for parte in partes_de(nombre, campo))
    }


class FormularioSegmentoBase(forms.ModelForm):
    """Un segmento. Los filtros no son columnas: se leen juntos, como van en una dirección."""

    class Meta:
        model = Segmento
        fields = ("nombre", "descripcion", "promociones")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "promociones" in self.fields:
            self.fields["promociones"].queryset = Promocion.objects.order_by("codigo")  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial = {**iniciales(QueryDict(self.instance.filtros)), **self.initial}
        self.filtros = ""

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or {}
        try:
            escrito: Any = self.data
            self.filtros = limpiar(escrito, hoy=timezone.localdate())
        except ValidationError as error:
            # Lo que cada campo ya dijo no se repite.
            if hasattr(error, "error_dict"):
                nuevos = {campo: faltas for campo, faltas in error.error_dict.items() if campo not in self.errors}
                error = ValidationError(nuevos) if nuevos else ValidationError([])
            trasladar_errores(self, error)  # type: ignore[arg-type]
        else:
            if not self.filtros and not self.errors:
                self.add_error(None, SIN_FILTROS)
        return datos


FormularioSegmento: Any = type(
    "FormularioSegmento", (FormularioSegmentoBase,), {"__module__": __name__, "__doc__": FormularioSegmentoBase.__doc__,
                                                     **FILTROS},
)  # fmt: skip
