"""El formulario de un programa. Las reglas están en `reglas.validar_programa`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from unfold import widgets

from movistar_site.comun.opciones import Categoria
from movistar_site.comun.presentacion import decimal
from movistar_site.comun.valores import a_pesos, citar
from servicios.forms import CampoPesos

FILAS_EN_BLANCO = 2
"""Escalones que se ofrecen vacíos para quien no tiene JavaScript; con él se agregan los que hagan falta."""


class CasillasDeEscalones(forms.Widget):
    """Los escalones como renglones: «Desde [10] años cumplidos, [5]»."""

    template_name = "admin/fidelizacion/programa/escalones.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        contexto: dict[str, Any] = super().get_context(name, value, attrs)
        filas = [(fila.get("anios", ""), fila.get("cantidad", "")) for fila in value or () if isinstance(fila, dict)]
        contexto["widget"] |= {
            "filas": [*((a, _sin_ceros(c)) for a, c in filas), *[("", "")] * FILAS_EN_BLANCO],
            "clase": " ".join(widgets.BASE_INPUT_CLASSES),
        }
        return contexto

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        # El dibujante de formularios no mira las plantillas del panel.
        return render_to_string(self.template_name, self.get_context(name, value, attrs))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        columnas = [[texto.strip() for texto in data.getlist(f"{name}_{parte}")] for parte in ("anios", "cantidad")]
        return [{"anios": a, "cantidad": c} for a, c in zip(*columnas, strict=False) if a or c]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def id_for_label(self, id_: str) -> str:
        return ""


def _sin_ceros(cantidad: Any) -> str:
    try:
        return decimal(Decimal(str(cantidad)))
    except ArithmeticError:
        return str(cantidad)


class CampoEscalones(forms.Field):
    """Una lista de {"anios", "cantidad"} escrita en renglones; los vacíos no cuentan."""

    widget = CasillasDeEscalones

    def clean(self, value: Any) -> list[dict[str, Any]]:
        return sorted((_leer_escalon(fila) for fila in value or ()), key=lambda fila: fila["anios"])

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.clean(data) != (initial or [])
        except ValidationError:
            return True


def _leer_escalon(fila: dict[str, str]) -> dict[str, Any]:
    anios, cantidad = fila["anios"], fila["cantidad"]
    if not (anios.isascii() and anios.isdigit() and len(anios) <= 3):  # noqa: PLR2004 - cien años son tres cifras
        raise ValidationError(f"Los años de un escalón son un número entero: se recibió {citar(anios)}.")
    try:
        return {"anios": int(anios), "cantidad": str(a_pesos(cantidad))}
    except ValueError:
        raise ValidationError(f"La cantidad del escalón de {anios} años no se entiende: {citar(cantidad)}.") from None


class FormularioPrograma(forms.ModelForm):
    """Un programa de fidelización, como lo escribe quien lo decide."""

    cantidad = CampoPesos(
        label="Cantidad",
        required=False,
        help_text="Porcentaje, pesos, gigas o meses, según el beneficio.",
    )
    costo_unitario = CampoPesos(
        label="Costo de cada giga, o del equipo (COP)",
        required=False,
        help_text="Lo que le cuesta a la empresa: con él se calcula el costo mensual.",
    )
    tope_mensual = CampoPesos(
        label="Tope de costo mensual (COP)",
        required=False,
        help_text="Se premia primero a quien más lleva, hasta donde alcance. Vacío, sin tope.",
    )
    categorias = forms.MultipleChoiceField(
        label="Categorías de cliente",
        required=False,
        choices=Categoria.choices,
        widget=widgets.UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="Sin ninguna, todas.",
    )
    escalones = CampoEscalones(
        label="Escalones",
        required=False,
        help_text="Desde cuántos años cumplidos se da cuánto. Deje vacío lo que sobre.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "estricto" in self.fields:
            self.fields["estricto"].label = "Más de esos meses"
            self.fields["estricto"].help_text = "Quien los cumple justo ese día entra al día siguiente."

    def clean_codigo(self) -> str:
        """Los códigos van en mayúscula: se escriba como se escriba."""
        return str(self.cleaned_data["codigo"]).upper()

    def clean_cantidad(self) -> Decimal:
        """Vacía vale cero: un servicio o un equipo no llevan cantidad, y a lo demás se la exige su regla."""
        return Decimal(self.cleaned_data.get("cantidad") or 0)

    def clean_costo_unitario(self) -> Decimal:
        """Vacío, no cuesta."""
        return Decimal(self.cleaned_data.get("costo_unitario") or 0)
