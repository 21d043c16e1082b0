"""Los formularios de los clientes: leen lo que se escribe y lo entregan a las operaciones, donde están las reglas."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from unfold import widgets

from movistar_site.comun import valores
from movistar_site.comun.acciones import FormularioAccion, FormularioFecha, FormularioMotivo
from movistar_site.comun.opciones import Categoria
from servicios.forms import CampoPesos
from servicios.models import Promocion, Servicio

from .models import Cliente, Contrato, Interaccion

AYUDAS = {
    "documento": "1.020.304.050",
    "telefono": "300 123 4567",
    "telefono_alterno": "601 123 4567",
    "email": "nombre@ejemplo.co",
    "direccion": "Calle 45 # 12-34",
}
LARGO_DE_CLAVE = 18
"""Más cifras no caben en la clave de una tabla."""
LARGO_AL_ESCRIBIR = {"documento": 40, "telefono": 40, "telefono_alterno": 40}
"""Lo que cabe al escribir, con puntos, espacios y guiones; el campo guardado es más corto."""


class FormularioCliente(forms.ModelForm):
    """Los datos de un cliente. La categoría y el estado tienen sus acciones."""

    class Meta:
        model = Cliente
        fields = (
            "tipo_persona",
            "tipo_documento",
            "documento",
            "nombre",
            "apellido",
            "fecha_vinculacion",
            "telefono",
            "telefono_alterno",
            "email",
            "direccion",
            "municipio",
            "estrato",
            "notas",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nombre, ejemplo in AYUDAS.items():
            if nombre in self.fields:
                self.fields[nombre].widget.attrs.setdefault("placeholder", ejemplo)
        if "notas" in self.fields:
            self.fields["notas"].widget.attrs["rows"] = 4
        for nombre in ("telefono", "telefono_alterno"):
            if nombre in self.fields:
                self.fields[nombre].widget.attrs["inputmode"] = "tel"
                # Se muestran como se dictan; al guardar vuelven a su forma.
                self.initial[nombre] = valores.formatear_telefono(str(self.initial.get(nombre) or ""))
        if self.instance.pk:
            self.initial["documento"] = self.instance.documento_visible


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


class FormularioInteraccion(forms.ModelForm):
    """Una interacción nueva, o lo que de ella se puede corregir.

    Cuando ya se sabe de qué cliente es, el contrato se elige entre los suyos.
    """

    class Meta:
        model = Interaccion
        fields = ("cliente", "contrato", "tipo", "canal", "fecha", "asunto", "texto")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campo = self.fields.get("contrato")
        cliente = self._cliente()
        if campo is None or cliente is None:
            return
        suyos = Contrato.objects.filter(cliente=cliente).select_related("servicio").order_by("-id")
        nuevo = forms.ModelChoiceField(
            queryset=suyos,
            label="Contrato",
            required=False,
            empty_label="Ninguno en particular",
            widget=widgets.UnfoldAdminSelect2Widget(),
            error_messages={"invalid_choice": "Ese contrato no es de este cliente."},
        )
        nuevo.initial = campo.initial
        self.fields["contrato"] = nuevo

    def _cliente(self) -> int | None:
        """La clave del cliente si ya se sabe: la de la interacción, la enviada o la que trae la dirección."""
        dado = self.instance.cliente_id or self.data.get(self.add_prefix("cliente")) or self.initial.get("cliente")
        texto = str(getattr(dado, "pk", dado) or "")
        return int(texto) if texto.isdecimal() and len(texto) <= LARGO_DE_CLAVE else None


# --- Acciones --------------------------------------------------------------------------------------------------------
class FormularioCategoria(FormularioMotivo):
    """La categoría que se asigna a mano, con su motivo."""

    categoria = forms.ChoiceField(
        label="Categoría",
        choices=[("", "Elija una categoría"), *Categoria.choices],
        error_messages={"required": "Elija entre nuevo, regular y leal."},
    )
    field_order = ("categoria", "motivo")


class FormularioMotivoOpcional(FormularioAccion):
    """Un motivo que se puede dejar vacío."""

    motivo = forms.CharField(
        label="Motivo",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Opcional. Queda en la historia, junto a su nombre y la fecha.",
    )


class FormularioTerminar(FormularioFecha, FormularioMotivoOpcional):
    """Cuándo deja de prestarse. El cliente no tiene que dar razones."""

    field_order = ("fecha", "motivo")


class FormularioRespuesta(FormularioAccion):
    """Lo que se le respondió al cliente y cuándo se le notificó."""

    respuesta = forms.CharField(
        label="Respuesta",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Escriba la respuesta que se le dio al cliente."},
    )
    notificada_el = forms.DateTimeField(
        label="Notificada el",
        help_text="Día y hora en que el cliente la recibió, como 15/03/2026 14:30.",
        error_messages={
            "required": "Escriba el día y la hora en que se le notificó.",
            "invalid": "Escriba el día y la hora como 15/03/2026 14:30.",
        },
    )
