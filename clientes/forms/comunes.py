"""Formularios que comparten varias acciones."""

from __future__ import annotations

from django import forms

from movistar_site.comun.acciones import FormularioAccion


class FormularioMotivoOpcional(FormularioAccion):
    """Un motivo que se puede dejar vacío."""

    motivo = forms.CharField(
        label="Motivo",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Opcional. Queda en la historia, junto a su nombre y la fecha.",
    )
