"""Los formularios con que un asesor trabaja una derivación. Las reglas están en las operaciones."""

from __future__ import annotations

from typing import Any

from django import forms

from clientes.forms.casos import CampoPersona
from clientes.models import ResultadoContacto
from movistar_site.comun.acciones import FormularioAccion, FormularioMotivo
from movistar_site.comun.models import Usuario
from movistar_site.comun.opciones import Canal

from ..derivaciones.reparto import asesores_que_reciben

RAZONES = (
    "No le interesa",
    "Ya tiene un beneficio parecido",
    "Va a cancelar su servicio",
    "Está molesto por un reclamo",
    "Prefiere otro beneficio",
)
"""Por qué no quieren casi siempre: se elige una, y el detalle se escribe si hace falta."""
LARGO = 200


class FormularioCanal(FormularioAccion):
    """Por dónde se habla con el cliente."""

    canal = forms.ChoiceField(
        choices=[("", "Elija"), *Canal.choices],
        label="Por dónde vino",
        error_messages={"required": "Diga por dónde vino el cliente.", "invalid_choice": "Ese canal no existe."},
    )


class FormularioAceptar(FormularioAccion):
    """La aceptación del cliente: por dónde la dijo y dónde está la prueba."""

    medio = forms.ChoiceField(
        choices=[("", "Elija"), *Canal.choices],
        label="Por dónde aceptó",
        error_messages={"required": "Diga por dónde aceptó el cliente.", "invalid_choice": "Ese canal no existe."},
    )
    evidencia = forms.CharField(
        label="Prueba de que aceptó",
        max_length=LARGO,
        help_text="Dónde está: el número de la grabación, el formulario firmado o el correo. El silencio no vale.",
        error_messages={"required": "Diga dónde está la prueba de que aceptó: el silencio no vale."},
    )


class FormularioRechazar(FormularioAccion):
    """Por qué no quiso."""

    razon = forms.ChoiceField(
        choices=[("", "Elija"), *((una, una) for una in RAZONES), ("otra", "Otra")],
        label="Por qué no quiso",
        error_messages={"required": "Diga por qué no quiso.", "invalid_choice": "Elija una de la lista."},
    )
    detalle = forms.CharField(
        label="Detalle", required=False, max_length=LARGO, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Obligatorio si elige «Otra».",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or {}
        razon, detalle = datos.get("razon", ""), (datos.get("detalle") or "").strip()
        if razon == "otra" and not detalle:
            self.add_error("detalle", "Escriba por qué no quiso: sirve para la próxima oferta.")
        datos["motivo"] = detalle if razon == "otra" else ". ".join(filter(None, (razon, detalle)))
        return datos


class FormularioAplazar(FormularioAccion):
    """Qué día pidió que se le buscara."""

    volver_el = forms.DateField(
        label="Volver el",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"required": "Elija el día en que hay que volver.",
                        "invalid": "Escriba una fecha como 15/03/2026."},
    )  # fmt: skip
    motivo = forms.CharField(
        label="Qué pidió",
        max_length=LARGO,
        error_messages={"required": "Escriba qué pidió el cliente: queda en la historia."},
    )


class FormularioResultado(FormularioAccion):
    """En qué terminó un contacto sin respuesta sobre la bonificación."""

    resultado = forms.ChoiceField(choices=[par for par in ResultadoContacto.choices if par[0] != "en_curso"])
    nota = forms.CharField(required=False, max_length=LARGO)


class FormularioReasignar(FormularioMotivo):
    """A qué asesor pasan."""

    asesor = CampoPersona(
        queryset=Usuario.objects.none(),
        label="Asesor",
        empty_label="Elija",
        error_messages={"required": "Elija a quién se le pasan.", "invalid_choice": "Esa persona no recibe hoy."},
    )
    field_order = ("asesor", "motivo")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quienes = asesores_que_reciben().order_by("first_name", "last_name", "username")
        self.fields["asesor"].queryset = quienes  # type: ignore[attr-defined]
