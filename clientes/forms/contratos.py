"""Los formularios de los contratos."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from unfold import widgets

from movistar_site.comun import valores
from movistar_site.comun.acciones import FormularioFecha
from servicios.forms import CampoPesos
from servicios.models import Promocion, Servicio

from ..models import Contrato
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
