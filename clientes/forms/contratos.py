"""Los formularios de los contratos."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.admin import site
from django.utils import timezone
from unfold import widgets

from movistar_site.comun import valores
from movistar_site.comun.acciones import FormularioAccion, FormularioFecha, FormularioMotivo
from movistar_site.comun.autocompletar import SelectorUno
from servicios.forms import CampoPesos
from servicios.models import Promocion, Servicio

from ..models import ClaseSuspension, Cliente, Contrato
from ..operaciones.contratos_planes import CUANDO, FIN_DE_PERIODO, HOY
from ..periodos import fin_de_periodo
from .comunes import FormularioMotivoOpcional


class CampoServicio(forms.ModelChoiceField):
    """Los servicios a la venta, cada uno con el precio que rige hoy."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", widgets.UnfoldAdminSelect2Widget())
        super().__init__(queryset=Servicio.objects.none(), label="Servicio", empty_label="Elija un servicio", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        precio = getattr(obj, "precio_vigente", None)
        return f"{obj} · {valores.formatear_pesos(precio) if precio is not None else 'sin precio'}"


class FormularioContrato(forms.ModelForm):
    """Un contrato nuevo. Lo que no se escribe lo pone el catálogo: el precio que rija el día en que empieza."""

    servicio = CampoServicio(error_messages={"required": "Elija el servicio que se contrata."})
    precio = CampoPesos(
        label="Precio (COP)",
        required=False,
        help_text="Vacío, el precio del servicio el día en que empieza.",
    )
    promocion = forms.ModelChoiceField(
        queryset=Promocion.objects.none(),
        label="Promoción",
        required=False,
        empty_label="Sin promoción",
        widget=widgets.UnfoldAdminSelect2Widget(),
        help_text="Las vigentes hoy. Al guardar se comprueba que le valga al cliente y al servicio.",
    )
    activar = forms.BooleanField(
        label="Activar de una vez",
        required=False,
        widget=widgets.UnfoldBooleanSwitchWidget(),
        help_text="Empieza a prestarse al guardar. Sin marcarla, queda pendiente.",
    )

    class Meta:
        model = Contrato
        fields = ("cliente", "servicio", "fecha_inicio", "precio", "promocion", "permanencia_meses",
                  "anexo_permanencia")  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hoy = timezone.localdate()
        self.fields["servicio"].queryset = Servicio.objects.activos().con_precio(hoy).order_by("codigo")  # type: ignore[attr-defined]
        self.fields["promocion"].queryset = Promocion.objects.vigentes(hoy).order_by("codigo")  # type: ignore[attr-defined]
        self.fields["fecha_inicio"].initial = hoy
        self.fields["permanencia_meses"].required = False

    def clean_permanencia_meses(self) -> int:
        return self.cleaned_data.get("permanencia_meses") or 0


class FormularioTerminar(FormularioFecha, FormularioMotivoOpcional):
    """Cuándo deja de prestarse. El cliente no tiene que dar razones."""

    field_order = ("fecha", "motivo")


class FormularioSuspender(FormularioMotivo):
    """Por qué deja de prestarse y hasta cuándo."""

    clase = forms.ChoiceField(
        label="Por qué se suspende",
        choices=[("", "Elija por qué"), *ClaseSuspension.choices],
        error_messages={
            "required": "Elija por qué se suspende: a petición del cliente, por falta de pago o por seguridad."
        },
    )
    hasta_prevista = forms.DateField(
        label="Se reanuda el",
        required=False,
        error_messages={"invalid": "Escriba una fecha como 15/03/2026."},
        help_text="A petición del cliente es obligatorio y no pasa del tiempo que le quede en el año.",
    )
    field_order = ("clase", "hasta_prevista", "motivo")


class FormularioCambiarPlan(FormularioAccion):
    """A qué servicio pasa el contrato, cuándo y a qué precio."""

    servicio = CampoServicio(error_messages={"required": "Elija el servicio al que pasa."})
    cuando = forms.ChoiceField(
        label="Cuándo",
        choices=list(CUANDO.items()),
        initial=HOY,
        widget=widgets.UnfoldAdminRadioSelectWidget(),
        error_messages={"required": "Elija si el plan cambia hoy o al terminar el período de cobro."},
    )
    precio = CampoPesos(
        label="Precio (COP)", required=False, help_text="Vacío, el precio del servicio el día en que empieza."
    )
    motivo = forms.CharField(
        label="Motivo",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Opcional. Queda en la historia, junto a su nombre y la fecha.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        a_la_venta = Servicio.objects.activos().con_precio(timezone.localdate())
        self.fields["servicio"].queryset = a_la_venta.order_by("codigo")  # type: ignore[attr-defined]

    def para(self, contrato: Contrato, hoy: date) -> None:
        """Ofrece lo que a este contrato le vale: los servicios de su red y su corte de cobro, si lo tiene."""
        campo: Any = self.fields["servicio"]
        campo.queryset = campo.queryset.filter(tipo__red=contrato.servicio.tipo.red)
        try:
            corte = fin_de_periodo(contrato.fecha_inicio, contrato.periodicidad, hoy)
        except ValueError:
            opciones = {HOY: CUANDO[HOY]}
        else:
            opciones = CUANDO | {FIN_DE_PERIODO: f"{CUANDO[FIN_DE_PERIODO]}, el {valores.formatear_fecha(corte)}"}
        self.fields["cuando"].choices = list(opciones.items())  # type: ignore[attr-defined]


class FormularioCeder(FormularioFecha, FormularioMotivoOpcional):
    """Quién recibe el contrato, desde cuándo y si recibe también la antigüedad."""

    a = forms.ModelChoiceField(
        queryset=Cliente.objects.all(),
        label="Nuevo titular",
        error_messages={
            "required": "Elija el cliente que recibe el contrato.",
            "invalid_choice": "Ese cliente no existe: elíjalo de la lista.",
        },
    )
    conserva_antiguedad = forms.BooleanField(
        label="Recibe también la antigüedad",
        required=False,
        widget=widgets.UnfoldBooleanSwitchWidget(),
        help_text="La vinculación de quien recibe pasa a ser la más antigua de las dos.",
    )
    field_order = ("a", "fecha", "conserva_antiguedad", "motivo")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["a"].widget = SelectorUno(Contrato._meta.get_field("cliente"), site)
        self.fields["a"].widget.choices = self.fields["a"].choices  # type: ignore[attr-defined]
