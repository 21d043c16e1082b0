"""Los formularios de las interacciones."""

from __future__ import annotations

from typing import Any

from django import forms
from unfold import widgets

from movistar_site.comun.acciones import FormularioAccion

from ..models import Contrato, Interaccion

LARGO_DE_CLAVE = 18
"""Más cifras no caben en la clave de una tabla."""


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
