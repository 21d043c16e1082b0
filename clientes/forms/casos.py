"""Los formularios de lo que se le hace a un caso. Las reglas están en las operaciones."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from unfold import widgets

from movistar_site.comun.acciones import FormularioAccion
from movistar_site.comun.models import Usuario, nombre_de
from movistar_site.comun.presentacion import peso

from .. import adjuntos, canales, consultas
from ..models import CausalRecurso, Equipo, Interaccion, PlantillaRespuesta, SentidoRespuesta
from ..operaciones.expediente import LARGO_DE_NOTA
from ..operaciones.responder import LARGO_DE_RESPUESTA

ELIJA = ("", "Elija")


def _momento(rotulo: str, ayuda: str, obligatorio: str) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=rotulo,
        help_text=ayuda,
        error_messages={"required": obligatorio, "invalid": "Escriba el día y la hora como 15/03/2026 14:30."},
    )


def _parrafos(rotulo: str, largo: int, obligatorio: str, renglones: int = 5, **opciones: Any) -> forms.CharField:
    return forms.CharField(
        label=rotulo,
        max_length=largo,
        widget=forms.Textarea(attrs={"rows": renglones}),
        error_messages={"required": obligatorio},
        **opciones,
    )


class CampoPersona(forms.ModelChoiceField):
    """Quien puede atender casos, por su nombre."""

    def label_from_instance(self, obj: Any) -> str:
        return nombre_de(obj)


class FormularioRespuesta(FormularioAccion):
    """Lo que se le respondió al cliente, a favor de quién y cuándo se le notificó."""

    plantilla = forms.ModelChoiceField(
        queryset=PlantillaRespuesta.objects.none(),
        label="Plantilla",
        required=False,
        empty_label="Sin plantilla",
        help_text="Al elegirla se llena la respuesta con los datos del caso; después se puede cambiar.",
    )
    respuesta = _parrafos("Respuesta", LARGO_DE_RESPUESTA, "Escriba la respuesta que se le dio al cliente.", 10)
    sentido = forms.ChoiceField(
        label="A favor de quién se resuelve",
        choices=[("", "No aplica"), *SentidoRespuesta.choices],
        required=False,
        help_text="Obligatorio en una reclamación y en un recurso.",
        error_messages={"required": "Diga a favor de quién se resolvió."},
    )
    notificada_el = _momento(
        "Notificada el",
        "Día y hora en que el cliente la recibió, como 15/03/2026 14:30.",
        "Escriba el día y la hora en que se le notificó.",
    )

    class Media:
        js = ("clientes/caso.js",)

    def clean(self) -> dict[str, Any]:
        # La plantilla ya hizo lo suyo al llenar el texto.
        datos = super().clean() or self.cleaned_data
        datos.pop("plantilla", None)
        return datos


class FormularioBorrador(FormularioAccion):
    """Lo que se va escribiendo de la respuesta."""

    texto = _parrafos("Borrador", LARGO_DE_RESPUESTA, "", 10, required=False, help_text="Vacío, se borra el borrador.")


class FormularioProrroga(FormularioAccion):
    """Por qué se amplía el plazo y cuándo se le avisó al cliente."""

    motivo = _parrafos("Motivo", 600, "Escriba el motivo: qué prueba hay que practicar.", 3)
    avisada_el = _momento(
        "Avisada al cliente el",
        "Día y hora en que se le avisó, como 15/03/2026 14:30.",
        "Escriba el día y la hora en que se le avisó.",
    )


class FormularioAsignar(FormularioAccion):
    """A quién queda el caso."""

    responsable = CampoPersona(queryset=Usuario.objects.none(), label="Persona", required=False, empty_label="Nadie")
    equipo = forms.ModelChoiceField(
        queryset=Equipo.objects.none(), label="Equipo", required=False, empty_label="Ninguno"
    )
    motivo = forms.CharField(
        label="Motivo", required=False, max_length=300, help_text="Opcional. Queda en la historia del caso."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsable"].queryset = consultas.quienes_atienden()  # type: ignore[attr-defined]
        self.fields["equipo"].queryset = Equipo.objects.filter(activo=True)  # type: ignore[attr-defined]


class FormularioNota(FormularioAccion):
    """Una nota para los demás."""

    texto = _parrafos("Nota", LARGO_DE_NOTA, "Escriba la nota.")


class FormularioAdjunto(FormularioAccion):
    """Un archivo que prueba o acompaña el caso."""

    archivo = forms.FileField(
        label="Archivo",
        allow_empty_file=True,
        widget=widgets.UnfoldAdminFileFieldWidget(attrs={"accept": ",".join(sum(adjuntos.EXTENSIONES.values(), ()))}),
        error_messages={
            "required": "Elija un archivo.",
            "invalid": "No llegó ningún archivo: elíjalo otra vez.",
            "missing": "No llegó ningún archivo: elíjalo otra vez.",
            "max_length": "El nombre del archivo es demasiado largo: acórtelo.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hasta = peso(settings.ADJUNTO_MAX_BYTES)
        self.fields["archivo"].help_text = f"Se acepta {adjuntos.ACEPTADOS}, de hasta {hasta}."


class CampoCaso(forms.CharField):
    """Un caso por su radicado o su CUN, escritos como sea."""

    def clean(self, value: Any) -> Interaccion | None:
        texto = super().clean(value)
        if not texto:
            return None
        hallado = consultas.caso_por_numero(texto)
        if hallado is None:
            raise forms.ValidationError(f"No hay un caso con el número «{texto}»: escriba su radicado o su CUN.")
        return hallado


class FormularioRelacionar(FormularioAccion):
    """Con qué caso tiene que ver."""

    otra = CampoCaso(
        label="Radicado o CUN del otro caso",
        max_length=40,
        error_messages={"required": "Escriba el radicado o el CUN del otro caso."},
        widget=forms.TextInput(attrs={"placeholder": "R-00000012"}),
    )


class FormularioDesligar(FormularioAccion):
    """De qué caso deja de estar cerca."""

    otra = forms.ModelChoiceField(
        queryset=Interaccion.objects.none(),
        label="Caso",
        empty_label="Elija un caso",
        error_messages={"required": "Elija el caso.", "invalid_choice": "Ese caso no está relacionado con este."},
    )


class FormularioRecurso(FormularioAccion):
    """El recurso del cliente contra la respuesta."""

    causal = forms.ChoiceField(
        label="Contra qué decisión",
        choices=[ELIJA, *CausalRecurso.choices],
        error_messages={"required": "Elija contra qué decisión va el recurso."},
        help_text="Solo procede contra estas (Ley 1341 de 2009, artículo 54).",
    )
    texto = _parrafos("Razones del cliente", LARGO_DE_RESPUESTA, "Escriba las razones del cliente.", 7)
    pide_apelacion = forms.BooleanField(
        label="Pide apelación en subsidio",
        required=False,
        widget=widgets.UnfoldBooleanSwitchWidget(),
        help_text="Si el recurso queda en su contra, el expediente va a la SIC.",
    )
    canal = forms.ChoiceField(label="Canal", choices=canales.ofrecidos_hoy)
    fecha = _momento(
        "Interpuesto el",
        "Día y hora en que el cliente lo interpuso, como 15/03/2026 14:30.",
        "Escriba el día y la hora en que lo interpuso.",
    )


class FormularioEnvio(FormularioAccion):
    """Qué día se envió el expediente a la SIC."""

    fecha = forms.DateField(
        label="Enviado el",
        error_messages={"required": "Escriba la fecha.", "invalid": "Escriba una fecha como 15/03/2026."},
    )


class FormularioCumplimiento(FormularioAccion):
    """Qué se le cumplió al cliente."""

    cumplimiento = _parrafos("Cómo se le cumplió", LARGO_DE_NOTA, "Diga cómo se le cumplió al cliente.")
