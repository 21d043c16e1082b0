"""Los formularios de los clientes."""

from __future__ import annotations

from typing import Any

from django import forms

from movistar_site.comun import valores
from movistar_site.comun.acciones import FormularioMotivo
from movistar_site.comun.opciones import Categoria

from ..models import Cliente

AYUDAS = {
    "documento": "1.020.304.050",
    "telefono": "300 123 4567",
    "telefono_alterno": "601 123 4567",
    "email": "nombre@ejemplo.co",
    "direccion": "Calle 45 # 12-34",
}
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


class FormularioCategoria(FormularioMotivo):
    """La categoría que se asigna a mano, con su motivo."""

    categoria = forms.ChoiceField(
        label="Categoría",
        choices=[("", "Elija una categoría"), *Categoria.choices],
        error_messages={"required": "Elija entre nuevo, regular y leal."},
    )
    field_order = ("categoria", "motivo")
