"""Los formularios de los contactos con un cliente y de la lista de números excluidos."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from unfold import widgets

from movistar_site.comun.acciones import FormularioAccion, FormularioMotivo
from movistar_site.comun.opciones import Canal

from ..lector_rne import EXTENSIONES
from ..models import CargaRne, FinalidadContacto, ResultadoContacto
from ..operaciones.contactos import LARGO_DEL_ASUNTO

LARGO_DE_NOTA = 2_000


class FormularioContactar(FormularioAccion):
    """Para qué, por dónde y quién empezó. La finalidad no tiene valor por omisión: se dice."""

    finalidad = forms.ChoiceField(
        label="Para qué",
        choices=[("", "Elija"), *FinalidadContacto.choices],
        error_messages={"required": "Diga si el contacto es comercial o de servicio."},
        help_text="Comercial: ofrecerle algo. De servicio: lo que ya contrató o lo que pidió.",
    )
    canal = forms.ChoiceField(
        label="Por dónde",
        choices=[("", "Elija"), *Canal.choices],
        error_messages={"required": "Elija por dónde se le contacta."},
    )
    entrante = forms.BooleanField(
        label="Lo empezó el cliente",
        required=False,
        help_text="Él llamó, escribió o vino: se registra y la ley no lo limita.",
    )
    asunto = forms.CharField(label="De qué se trata", required=False, max_length=LARGO_DEL_ASUNTO)


class FormularioCerrarContacto(FormularioAccion):
    """En qué terminó un contacto."""

    resultado = forms.ChoiceField(
        label="En qué terminó",
        choices=[
            ("", "Elija"),
            *(par for par in ResultadoContacto.choices if par[0] != ResultadoContacto.EN_CURSO),
        ],
        error_messages={"required": "Diga en qué terminó el contacto."},
    )
    nota = forms.CharField(
        label="Nota",
        required=False,
        max_length=LARGO_DE_NOTA,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Opcional. La ve quien atienda después a este cliente.",
    )


class FormularioNoContactar(FormularioMotivo):
    """Por qué canal no quiere más ofertas, y cómo lo pidió."""

    canal = forms.ChoiceField(
        label="Deja de recibir ofertas por",
        required=False,
        choices=[("", "Todos los canales"), *Canal.choices],
    )
    field_order = ("canal", "motivo")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["motivo"].label = "Cómo lo pidió"


class FormularioRne(forms.ModelForm):
    """La lista tal como se bajó del registro, y el día en que se consultó."""

    archivo = forms.FileField(
        label="Archivo",
        widget=widgets.UnfoldAdminFileFieldWidget(attrs={"accept": ",".join(EXTENSIONES)}),
        help_text="CSV, TXT o Excel con números o correos y, si lo trae, el canal. Sin canal, se excluyen de todos.",
        error_messages={"required": "Elija el archivo de la lista.", "empty": "El archivo está vacío."},
    )

    class Meta:
        model = CargaRne
        fields = ("consultada_el",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "consultada_el" in self.fields:
            self.fields[
                "consultada_el"
            ].help_text = "El día en que se bajó del registro: desde él se cuenta lo que vale."
            self.initial.setdefault("consultada_el", timezone.localdate())


class FormularioAnonimizar(FormularioMotivo):
    """Suprimir los datos de una persona no tiene vuelta atrás: se confirma escribiéndolo."""

    CONFIRMACION = "SUPRIMIR"
    confirmacion = forms.CharField(
        label=f"Escriba {CONFIRMACION} para confirmar",
        max_length=20,
        error_messages={"required": f"Escriba {CONFIRMACION}: no se puede deshacer."},
    )
    field_order = ("motivo", "confirmacion")

    def clean_confirmacion(self) -> str:
        """Lanza ValidationError si no se escribió la palabra."""
        if self.cleaned_data["confirmacion"].strip().upper() != self.CONFIRMACION:
            raise forms.ValidationError(f"Escriba {self.CONFIRMACION}: no se puede deshacer.")
        return self.CONFIRMACION
