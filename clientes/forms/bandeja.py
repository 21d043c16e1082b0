"""Los formularios de las bandejas: los filtros como se dibujan, y lo que se hace con varios casos a la vez."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django_filters.widgets import DateRangeWidget
from unfold.widgets import UnfoldAdminSelectWidget

from movistar_site.comun.acciones import FormularioAccion, vestir
from movistar_site.comun.models import nombre_de

from ..models import Interaccion, PlantillaRespuesta, SentidoRespuesta
from ..operaciones.responder import LARGO_DE_RESPUESTA
from .casos import FormularioAsignar

_SI_O_NO = [("", "Con o sin ella"), ("true", "Sí"), ("false", "No")]


def vestir_filtros(formulario: forms.Form) -> None:
    """Las opciones que admiten varias, como casillas; las fechas, con el calendario del navegador."""
    for nombre, campo in formulario.fields.items():
        if nombre in ("responsable", "asesor"):
            campo.label_from_instance, campo.empty_label = nombre_de, "Cualquiera"  # type: ignore[attr-defined]
        if isinstance(campo, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
            opciones: Any = campo.choices
            campo.widget = forms.CheckboxSelectMultiple(choices=opciones)
        elif isinstance(campo.widget, DateRangeWidget):
            campo.widget.widgets = [_fecha(campo.label, extremo) for extremo in ("desde", "hasta")]
        elif isinstance(campo, forms.NullBooleanField):
            campo.widget = UnfoldAdminSelectWidget(choices=_SI_O_NO)
        else:
            vestir(campo)


def _fecha(rotulo: Any, extremo: str) -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "aria-label": f"{rotulo}, {extremo}"})


class FormularioAsignarVarios(FormularioAsignar):
    """A quién van los casos. Dejarlos sin nadie se dice: un formulario vacío no libera veinte casos por descuido."""

    liberar = forms.BooleanField(required=False, label="Dejarlos sin persona ni equipo")
    field_order = ("responsable", "equipo", "liberar", "motivo")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsable"].empty_label = "Ninguna"  # type: ignore[attr-defined]
        self.fields["equipo"].empty_label = "El que ya tienen"  # type: ignore[attr-defined]
        self.fields["equipo"].help_text = "Solo con equipo y sin persona, quedan en la bandeja de ese equipo."

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or {}
        elegido = bool(datos.get("responsable") or datos.get("equipo"))
        if elegido and datos.get("liberar"):
            raise ValidationError("Elija a quién se asignan o déjelos sin asignar: las dos cosas no se puede.")
        if not elegido and not datos.get("liberar") and not self.errors:
            raise ValidationError("Elija una persona o un equipo.")
        return datos


class FormularioResponderVarios(FormularioAccion):
    """Una plantilla para varios casos: se elige, se lee completada con cada uno, se corrige y se guarda.

    `casos`: los elegidos. Cada uno lleva su propio texto, en un campo `respuesta_<clave>`.
    """

    plantilla = forms.ModelChoiceField(
        queryset=PlantillaRespuesta.objects.none(),
        label="Plantilla",
        empty_label="Elija una",
        error_messages={"required": "Elija la plantilla con que se responde.",
                        "invalid_choice": "Esa plantilla ya no está activa."},
    )  # fmt: skip
    sentido = forms.ChoiceField(
        choices=[("", "Sin decirlo"), *SentidoRespuesta.choices],
        required=False,
        label="Se resolvió",
    )
    notificada_el = forms.DateTimeField(
        label="Notificada el",
        help_text="Día y hora en que los clientes la recibieron, como 15/03/2026 14:30.",
        error_messages={"required": "Escriba el día y la hora en que se les notificó.",
                        "invalid": "Escriba el día y la hora como 15/03/2026 14:30."},
    )  # fmt: skip

    def __init__(self, *args: Any, casos: Sequence[Interaccion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.casos = casos
        tipos, motivos = {caso.tipo for caso in casos}, {caso.motivo_id for caso in casos}
        sirven = Q(tipo="") if len(tipos) > 1 else Q(tipo="") | Q(tipo__in=tipos)
        del_motivo = Q(motivo__isnull=True)
        if len(motivos) == 1 and None not in motivos:
            del_motivo |= Q(motivo__in=motivos)
        self.fields["plantilla"].queryset = PlantillaRespuesta.objects.filter(sirven, del_motivo, activa=True)  # type: ignore[attr-defined]

    def con_textos(self, textos: Mapping[int, str]) -> None:
        """Añade el texto de cada caso, como campo que se puede corregir."""
        for caso in self.casos:
            nombre = f"respuesta_{caso.pk}"
            self.fields[nombre] = forms.CharField(
                label=str(caso),
                max_length=LARGO_DE_RESPUESTA,
                initial=textos.get(caso.pk, ""),
                widget=forms.Textarea(attrs={"rows": 6}),
                error_messages={"required": f"Escriba la respuesta de {caso.numero}."},
            )
            vestir(self.fields[nombre])

    def textos(self) -> list[tuple[Interaccion, forms.BoundField]]:
        """Cada caso con el campo de su respuesta."""
        return [(caso, self[f"respuesta_{caso.pk}"]) for caso in self.casos if f"respuesta_{caso.pk}" in self.fields]

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or {}
        datos["respuestas"] = {caso.pk: datos.get(f"respuesta_{caso.pk}", "") for caso in self.casos}
        return datos
