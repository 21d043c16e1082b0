"""Los formularios del catálogo: leen lo que se escribe y lo entregan a las operaciones. Las reglas están en ellas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q
from django.utils.html import format_html
from unfold import widgets

from movistar_site.comun.acciones import FormularioAccion, FormularioMotivo
from movistar_site.comun.opciones import Categoria
from movistar_site.comun.presentacion import decimal
from movistar_site.comun.valores import a_pesos

from .atributos import Definicion, TipoDato, leer_caracteristicas, proponer_clave
from .models import TipoServicio

LARGO_CODIGO_TIPO = 30
LARGO_CLAVE = 40
MARCA = '<span class="text-red-600 dark:text-red-500">{}</span>'


# --- Campos ----------------------------------------------------------------------------------------------------------
class CampoPesos(forms.CharField):
    """Una cifra escrita a la colombiana: 74900, 74.900 o 74.900,50. El campo numérico del navegador leería 74,9."""

    def __init__(self, **kwargs: Any) -> None:
        atributos = {"inputmode": "decimal", "autocomplete": "off"}
        kwargs.setdefault("widget", widgets.UnfoldAdminTextInputWidget(attrs=atributos))
        kwargs.setdefault("max_length", 60)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        texto = super().to_python(value)
        if not texto:
            return None
        try:
            return a_pesos(texto)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def run_validators(self, value: Any) -> None:
        """El largo se mide sobre lo escrito, que `a_pesos` ya acotó."""

    def prepare_value(self, value: Any) -> Any:
        return decimal(value) if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


class CampoLista(forms.CharField):
    """Una lista de textos, uno por línea."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", widgets.UnfoldAdminTextareaWidget(attrs={"rows": 3}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        return [linea.strip() for linea in str(value or "").splitlines() if linea.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != (initial or [])


class CampoCaracteristica(forms.Field):
    """El valor de un atributo. Se entrega como llegó: lo lee `leer_caracteristicas`, con sus frases.

    Nunca es obligatorio para Django: la página lleva los atributos de todos los tipos y solo valen los del elegido.
    """

    def __init__(self, definicion: Definicion) -> None:
        self.definicion = definicion
        unidad = f" ({definicion.unidad})" if definicion.unidad else ""
        # La misma marca de los demás campos: estos no son obligatorios para Django, pero sí para el tipo elegido.
        marca = format_html(MARCA, "*") if definicion.obligatorio else ""
        super().__init__(
            label=format_html("{}{}{}", definicion.nombre, unidad, marca),
            required=False,
            widget=_widget_de(definicion),
            help_text=_limites_de(definicion),
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "si", False: "no"}[value] if isinstance(value, bool) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        inicial = "" if initial is None else str(self.prepare_value(initial))
        return inicial != ("" if data is None else str(data))


def _widget_de(definicion: Definicion) -> forms.Widget:
    if definicion.tipo_dato == TipoDato.SI_NO:
        return widgets.UnfoldAdminSelectWidget(choices=[("", "Sin indicar"), ("si", "Sí"), ("no", "No")])
    if definicion.tipo_dato == TipoDato.OPCION:
        opciones = [(opcion, opcion) for opcion in definicion.opciones]
        return widgets.UnfoldAdminSelectWidget(choices=[("", "Sin indicar"), *opciones])
    if definicion.tipo_dato == TipoDato.TEXTO:
        return widgets.UnfoldAdminTextInputWidget()
    limites = {"min": definicion.minimo, "max": definicion.maximo}
    atributos = {nombre: f"{limite.normalize():f}" for nombre, limite in limites.items() if limite is not None}
    paso = "1" if definicion.tipo_dato == TipoDato.ENTERO else "any"
    return widgets.UnfoldAdminIntegerFieldWidget(attrs={"step": paso, **atributos})


def _limites_de(definicion: Definicion) -> str:
    minimo, maximo = (
        decimal(limite) if limite is not None else "" for limite in (definicion.minimo, definicion.maximo)
    )
    if minimo and maximo:
        return f"De {minimo} a {maximo}."
    if minimo:
        return f"Mínimo {minimo}."
    return f"Máximo {maximo}." if maximo else ""


# --- Tipos -----------------------------------------------------------------------------------------------------------
class FormularioTipo(forms.ModelForm):
    """Un tipo de servicio; el código se propone a partir del nombre si se deja en blanco."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "codigo" in self.fields:
            self.fields["codigo"].required = False
            self.fields[
                "codigo"
            ].help_text = "Identifica el tipo en los archivos. En blanco, se propone a partir del nombre."

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or {}
        if "codigo" in self.fields and not datos.get("codigo") and "codigo" not in self.errors and datos.get("nombre"):
            ocupados = set(TipoServicio.objects.exclude(pk=self.instance.pk).values_list("codigo", flat=True))
            _proponer(self, "codigo", datos, largo=LARGO_CODIGO_TIPO, ocupadas=ocupados)
        return datos


class FormularioAtributo(forms.ModelForm):
    """Un atributo, para quien no programa: opciones una por línea y clave propuesta."""

    opciones = CampoLista(
        label="Opciones", required=False, help_text="Solo si la clase de dato es una lista: un valor por línea."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "clave" in self.fields:
            self.fields["clave"].required = False
        if "orden" in self.fields:
            self.fields["orden"].required = False
            self.fields["orden"].help_text = "Lugar en la ficha; en blanco, al final."
            if self.instance.pk is None:
                self.initial["orden"] = None
        for limite in ("minimo", "maximo"):
            if isinstance(valor := self.initial.get(limite), Decimal):
                self.initial[limite] = f"{valor.normalize():f}"  # 300 y no 300.00

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or {}
        if "clave" in self.fields and not datos.get("clave") and "clave" not in self.errors and datos.get("nombre"):
            _proponer(self, "clave", datos, largo=LARGO_CLAVE)
        return datos


def _proponer(
    formulario: forms.ModelForm, campo: str, datos: dict[str, Any], *, largo: int, ocupadas: Iterable[str] = ()
) -> None:
    try:
        datos[campo] = proponer_clave(datos["nombre"], largo=largo, ocupadas=set(ocupadas))
    except ValueError as error:
        formulario.add_error("nombre", str(error))


# --- Servicios -------------------------------------------------------------------------------------------------------
def nombre_de_campo(tipo_id: int, clave: str) -> str:
    """El campo del formulario que lleva un atributo de un tipo."""
    return f"car_{tipo_id}_{clave}"


class FormularioServicio(forms.ModelForm):
    """Un servicio con un campo por cada atributo de cada tipo que puede tener; solo se leen los del tipo elegido."""

    definiciones: ClassVar[Mapping[int, list[Definicion]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "tipo" in self.fields:
            elegibles = Q(activo=True) | Q(pk=self.instance.tipo_id)
            self.fields["tipo"].queryset = TipoServicio.objects.filter(elegibles)  # type: ignore[attr-defined]
        for clave, valor in (self.instance.caracteristicas or {}).items():
            self.initial.setdefault(nombre_de_campo(self.instance.tipo_id, clave), valor)

    def clean_codigo(self) -> str:
        """Los códigos van en mayúscula: se escriba como se escriba."""
        return str(self.cleaned_data["codigo"]).upper()

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or {}
        tipo = datos.get("tipo")
        if tipo is not None:
            definiciones = self.definiciones.get(tipo.pk, [])
            campos = {definicion.clave: nombre_de_campo(tipo.pk, definicion.clave) for definicion in definiciones}
            crudas = {clave: datos.get(campo) for clave, campo in campos.items()}
            self.instance.caracteristicas, faltas = leer_caracteristicas(definiciones, crudas)
            for clave, frase in faltas.items():
                self.add_error(campos[clave], frase)
        return datos

    def add_error(self, field: str | None, error: Any) -> None:
        """Lo que el modelo dice de las características ya está, con más detalle, junto a cada campo."""
        if field is None and hasattr(error, "error_dict"):
            por_campo = dict(error.error_dict)
            de_caracteristicas = por_campo.pop("caracteristicas", [])
            if not any(nombre.startswith("car_") for nombre in self.errors):
                por_campo.setdefault(NON_FIELD_ERRORS, []).extend(de_caracteristicas)
            error = ValidationError({campo: faltas for campo, faltas in por_campo.items() if faltas})
        super().add_error(field, error)


def formulario_de_servicio(tipos: Iterable[TipoServicio], *, con_precio: bool) -> type[FormularioServicio]:
    """La clase de formulario con los campos de característica de esos tipos y, si es nuevo, el del precio inicial."""
    definiciones = {tipo.pk: tipo.definiciones() for tipo in tipos}
    campos: dict[str, Any] = {
        nombre_de_campo(tipo_id, definicion.clave): CampoCaracteristica(definicion)
        for tipo_id, filas in definiciones.items()
        for definicion in filas
    }
    if con_precio:
        campos["precio"] = CampoPesos(
            label="Precio inicial (COP)",
            help_text="Rige desde hoy. Después se cambia con «Cambiar precio».",
            error_messages={"required": "Escriba el precio; 0 si es gratis."},
        )
    return type("FormularioServicioConCampos", (FormularioServicio,), {"definiciones": definiciones, **campos})


class FormularioPrecio(FormularioAccion):
    """Un precio nuevo desde una fecha."""

    valor = CampoPesos(label="Precio nuevo (COP)", error_messages={"required": "Escriba el precio."})
    desde = forms.DateField(
        label="Rige desde",
        help_text="Hoy o una fecha futura.",
        error_messages={"required": "Escriba la fecha.", "invalid": "Escriba una fecha como 15/03/2026."},
    )
    motivo = FormularioMotivo.base_fields["motivo"]


# --- Promociones -----------------------------------------------------------------------------------------------------
class FormularioPromocion(forms.ModelForm):
    """Una promoción, con las categorías como casillas."""

    cantidad = CampoPesos(
        label="Cantidad",
        help_text="Porcentaje, pesos, meses o gigas, según el beneficio.",
        error_messages={"required": "Escriba la cantidad."},
    )
    categorias = forms.MultipleChoiceField(
        label="Categorías de cliente",
        required=False,
        choices=Categoria.choices,
        widget=widgets.UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="Sin ninguna, vale para todas.",
    )

    def clean_codigo(self) -> str:
        """Los códigos van en mayúscula: se escriba como se escriba."""
        return str(self.cleaned_data["codigo"]).upper()
