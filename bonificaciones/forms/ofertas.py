"""Los formularios de las ofertas y el editor de las reglas. Lo que valida una regla está en su operación."""

from __future__ import annotations

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminTextareaWidget

from movistar_site.comun.acciones import FormularioAccion
from movistar_site.comun.opciones import Canal
from servicios.models import TipoServicio

from ..models import ReglaOferta
from ..ofertas.hechos import HECHOS, Clase
from ..ofertas.reglas import MAXIMO_DE_CONDICIONES, OPERADORES, POR_CLASE

EL_VINO, LO_BUSCO = "si", "no"
FILAS_NUEVAS = 1


class FormularioPresentar(FormularioAccion):
    """Quién buscó a quién y por dónde."""

    entrante = forms.ChoiceField(
        label="¿Cómo es el contacto?",
        choices=(
            (EL_VINO, "El cliente llamó, escribió o está en la oficina"),
            (LO_BUSCO, "Lo voy a contactar yo para ofrecérsela"),
        ),
        initial=EL_VINO,
        widget=UnfoldAdminRadioSelectWidget,
        error_messages={"required": "Diga si el cliente vino o si lo va a contactar."},
    )
    canal = forms.ChoiceField(
        label="Por dónde",
        choices=Canal.choices,
        error_messages={"required": "Elija por dónde se habla con el cliente."},
    )


class FormularioAceptar(FormularioAccion):
    """Lo que el cliente dijo al aceptar, si dijo algo."""

    motivo = forms.CharField(
        label="Qué dijo", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Si pidió algo: cuándo instalarlo, a qué número llamarlo.",
    )  # fmt: skip


class FormularioRechazar(FormularioAccion):
    """Por qué no quiso."""

    motivo = forms.CharField(
        label="Por qué no quiso", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Cuenta para las siguientes ofertas: no se le repite hasta que pasen unos meses.",
        error_messages={"required": "Escriba por qué no quiso la oferta."},
    )  # fmt: skip


# --- Las condiciones de una regla ------------------------------------------------------------------------------------
class SelectorDeCondiciones(forms.Widget):
    """Un renglón por condición: hecho, operador y valor. Con JavaScript se agregan, se quitan y se ajustan al hecho.

    Sin él se ven los que hay y uno más en blanco, y el valor se escribe.
    """

    template_name = "admin/fidelizacion/condiciones.html"

    class Media:
        js = ("panel/condiciones.js",)
        css = {"all": ("panel/ofertas.css",)}

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        contexto = super().get_context(name, value, attrs)
        filas = [una for una in value if isinstance(una, dict)] if isinstance(value, list) else []
        contexto["widget"] |= {
            "filas": [_fila(una) for una in filas] + [_fila({}) for _ in range(FILAS_NUEVAS)],
            "grupos": hechos_por_grupo(),
            "operadores": OPERADORES.items(),
            "datos": datos_de_los_hechos(),
            "maximo": MAXIMO_DE_CONDICIONES,
        }
        return contexto

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        # Con las plantillas del panel: las de los formularios de Django no las ven.
        return render_to_string(self.template_name, self.get_context(name, value, attrs))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, Any]]:
        columnas = [data.getlist(f"{name}_{parte}") for parte in ("hecho", "operador", "valor")]
        return [
            {"hecho": hecho, "operador": operador, "valor": valor.strip()}
            for hecho, operador, valor in zip(*columnas, strict=False)
            if hecho
        ]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}_hecho" not in data

    def use_required_attribute(self, initial: Any) -> bool:
        return False


def _fila(condicion: dict[str, Any]) -> dict[str, Any]:
    valor = condicion.get("valor", "")
    if isinstance(valor, bool):
        valor = "si" if valor else "no"
    return {"hecho": condicion.get("hecho", ""), "operador": condicion.get("operador", ""), "valor": valor}


def hechos_por_grupo() -> list[tuple[str, list[Any]]]:
    """Los hechos que se pueden preguntar, por grupo y en su orden."""
    grupos: dict[str, list[Any]] = {}
    for hecho in HECHOS.values():
        grupos.setdefault(hecho.grupo, []).append(hecho)
    return list(grupos.items())


def datos_de_los_hechos() -> dict[str, Any]:
    """Lo que el editor necesita de cada hecho: su clase, sus operadores, su unidad y sus valores posibles."""
    tipos = list(TipoServicio.objects.order_by("orden", "nombre").values_list("codigo", "nombre"))
    return {
        hecho.clave: {
            "operadores": POR_CLASE[hecho.clase],
            "unidad": "$" if hecho.clase is Clase.DINERO else hecho.unidad.rpartition("|")[2],
            "opciones": _opciones(hecho, tipos),
        }
        for hecho in HECHOS.values()
    }


def _opciones(hecho: Any, tipos: list[Any]) -> list[Any]:
    if hecho.clase is Clase.SI_NO:
        return [("si", "sí"), ("no", "no")]
    return tipos if hecho.clase is Clase.TIPOS else list(hecho.opciones.items())


class CampoCondiciones(forms.Field):
    """La lista de condiciones tal como se escribió; la operación la revisa."""

    widget = SelectorDeCondiciones

    def has_changed(self, initial: Any, data: Any) -> bool:
        return [_fila(una) for una in initial or []] != [_fila(una) for una in data or []]


class FormularioRegla(forms.ModelForm):
    """Una regla con sus condiciones en renglones."""

    condiciones = CampoCondiciones(
        label="Condiciones",
        required=False,
        help_text="Se cumplen todas. Sin ninguna, la regla vale para cualquier cliente activo.",
    )

    class Meta:
        model = ReglaOferta
        fields = "__all__"  # noqa: DJ007 - la pantalla dice cuáles
        widgets = {"porque": UnfoldAdminTextareaWidget(attrs={"rows": 2})}
