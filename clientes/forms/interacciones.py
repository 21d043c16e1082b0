"""Los formularios de las interacciones."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from unfold import widgets

from .. import canales
from ..models import Contrato, Interaccion, MotivoInteraccion, TipoInteraccion

LARGO_DE_CLAVE = 18
"""Más cifras no caben en la clave de una tabla."""


class FormularioInteraccion(forms.ModelForm):
    """Una interacción nueva, o lo que de ella se puede corregir.

    Cuando ya se sabe de qué cliente es, el contrato se elige entre los suyos.
    """

    class Meta:
        model = Interaccion
        fields = (
            "cliente", "contrato", "tipo", "motivo", "canal", "canal_respuesta", "fecha", "asunto", "texto"
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "tipo" in self.fields and self.instance.tipo != TipoInteraccion.RECURSO:
            # Un recurso no se radica suelto: sale de la PQR contra la que va.
            tipos = [par for par in TipoInteraccion.choices if par[0] != TipoInteraccion.RECURSO]
            self.fields["tipo"].choices = [("", "Elija el tipo"), *tipos]  # type: ignore[attr-defined]
        if "canal_respuesta" in self.fields:
            por_el_mismo = ("", "Por el mismo canal")
            self.fields["canal_respuesta"].choices = [por_el_mismo, *self._canales("canal_respuesta")]  # type: ignore[attr-defined]
        if "canal" in self.fields:
            self.fields["canal"].choices = self._canales("canal")  # type: ignore[attr-defined]
        if "motivo" in self.fields:
            self.fields["motivo"].queryset = self._motivos()  # type: ignore[attr-defined]
            self.fields["motivo"].empty_label = "Sin clasificar"  # type: ignore[attr-defined]
        self._ofrecer_contratos()

    def _dia(self) -> date:
        """El día en que se radicó; hoy, si es nueva."""
        return timezone.localdate(self.instance.fecha) if self.instance.pk else timezone.localdate()

    def _canales(self, campo: str) -> canales.Opciones:
        """Los que se ofrecían ese día, y el que ya tenga."""
        ofrecidos = canales.ofrecidos(self._dia())
        suyo = getattr(self.instance, campo) if self.instance.pk else ""
        return [*ofrecidos, *(par for par in canales.conocidos() if par[0] == suyo and par not in ofrecidos)]

    def _motivos(self) -> Any:
        """Los que rigen el día en que se radicó, y el que ya tenga."""
        vigentes = MotivoInteraccion.objects.vigentes(self._dia())
        return vigentes | MotivoInteraccion.objects.filter(pk=self.instance.motivo_id)

    def _ofrecer_contratos(self) -> None:
        campo = self.fields.get("contrato")
        cliente = self._cliente()
        if campo is None or cliente is None:
            return
        # El que ya tiene sigue aunque haya pasado a otro titular.
        propios = Q(cliente=cliente) | Q(pk=self.instance.contrato_id)
        suyos = Contrato.objects.filter(propios).select_related("servicio").order_by("-id")
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
