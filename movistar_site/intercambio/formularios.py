"""Lo que se le pide a quien importa: archivos, opciones, correspondencias y valores corregidos."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from movistar_site.comun.json_texto import cargar

from .entidades import ENTIDADES
from .models import AnteErrores, Identificador, Importacion, Modo, RegistroPlan
from .presentacion import como_texto, titulos

EXTENSIONES = ".json,.csv,.xlsx,.zip"
_CELDA_MAXIMA = 20_000
# Lo que el archivo dejó por completar no se escribe a mano: sale de los demás datos.
_PENDIENTES = "pendientes"


class VariosArchivos(forms.ClearableFileInput):
    """Campo de archivo que admite elegir varios."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/input.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        # «import_file» es como lo llaman los botones de importar de cada lista.
        return files.getlist(name) or files.getlist("import_file") if hasattr(files, "getlist") else files.get(name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not self.value_from_datadict(data, files, name)


class CampoArchivos(forms.FileField):
    """Uno o varios archivos; cuántos y de qué peso lo decide quien los guarda."""

    widget = VariosArchivos(attrs={"accept": EXTENSIONES})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        archivos = data if isinstance(data, list | tuple) else [data]
        return [super(CampoArchivos, self).clean(archivo, initial) for archivo in archivos or [None]]


class FormularioOpciones(forms.Form):
    """Cómo se compara y se aplica lo que trae el archivo."""

    entidad = forms.ChoiceField(
        label="Qué traen las tablas",
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text="Para CSV y Excel. Los JSON dicen por sí mismos qué traen.",
    )
    fecha_referencia = forms.DateField(
        label="Fecha de referencia",
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
        help_text="Desde cuándo se cuenta hacia atrás una antigüedad escrita como «7 años».",
        error_messages={
            "required": "Escriba la fecha de referencia.",
            "invalid": "La fecha de referencia no es una fecha: se esperaba como 31/12/2025.",
        },
    )
    identificador = forms.ChoiceField(
        label="Un cliente se reconoce por",
        choices=Identificador.choices,
        widget=UnfoldAdminSelectWidget,
        help_text="Con qué dato se sabe que un cliente del archivo ya está en el panel.",
    )
    modo = forms.ChoiceField(label="Qué hacer", choices=Modo.choices, widget=UnfoldAdminSelectWidget)
    ante_errores = forms.ChoiceField(
        label="Si hay registros con errores", choices=AnteErrores.choices, widget=UnfoldAdminSelectWidget
    )

    def __init__(self, *args: Any, permitidas: set[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        propias = [(n, e.titulo) for n, e in ENTIDADES.items() if permitidas is None or n in permitidas]
        campo: Any = self.fields["entidad"]
        campo.choices = [("", "Reconocerlo por sus columnas"), *propias]
        for otro in self.fields.values():
            otro.error_messages.setdefault("invalid_choice", "Elija una de las opciones de la lista.")
            otro.error_messages["invalid_choice"] = "Elija una de las opciones de la lista."

    @staticmethod
    def de(importacion: Importacion) -> dict[str, Any]:
        """Las opciones que una importación tiene hoy."""
        nombres = ("entidad", "identificador", "modo", "ante_errores")
        fecha = importacion.fecha_referencia
        return {nombre: getattr(importacion, nombre) for nombre in nombres} | {"fecha_referencia": fecha.isoformat()}

    @staticmethod
    def al_empezar(entidad: str = "") -> dict[str, Any]:
        """Las de una importación nueva."""
        return {
            "entidad": entidad,
            "fecha_referencia": timezone.localdate().isoformat(),
            "identificador": Identificador.DOCUMENTO,
            "modo": Modo.TODO,
            "ante_errores": AnteErrores.DETENER,
        }


class FormularioSubir(FormularioOpciones):
    """Los archivos que se van a revisar y sus opciones; las que no llegan valen lo de siempre."""

    archivos = CampoArchivos(
        label="Archivos",
        error_messages={
            "required": "Elija al menos un archivo.",
            "empty": "Uno de los archivos está vacío.",
            "max_length": "El nombre de uno de los archivos es demasiado largo.",
        },
    )

    def __init__(self, data: Any = None, *args: Any, entidad: str = "", **kwargs: Any) -> None:
        de_siempre = self.al_empezar(entidad)
        if data is not None:
            # Quien envía solo el archivo (un botón de lista, una orden) no dice las opciones.
            data = data.copy()
            for nombre, valor in de_siempre.items():
                data.setdefault(nombre, valor)
        super().__init__(data, *args, initial=de_siempre, **kwargs)


class FormularioNombreDeMapa(forms.Form):
    """Con qué nombre se guarda cómo se entendió un archivo."""

    nombre = forms.CharField(
        label="Nombre del mapa",
        max_length=80,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "Padrón de la sede norte"}),
        error_messages={
            "required": "Escriba un nombre para el mapa.",
            "max_length": "El nombre del mapa tiene como mucho 80 letras.",
        },
    )


# --- Corrección de un registro ---------------------------------------------------------------------------------------
class FormularioRegistro(forms.Form):
    """Las celdas de un registro con errores: las que trae y las que le faltan, cada una con lo que tiene de malo."""

    def __init__(self, registro: RegistroPlan, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.registro = registro
        self.originales: dict[str, Any] = registro.valores if isinstance(registro.valores, dict) else {}
        self.motivos: dict[str, list[str]] = {}
        self.motivos_generales: list[str] = []
        self._repartir_faltas()
        nombres = {c: titulo for c, titulo in titulos(registro.entidad).items() if c != _PENDIENTES}
        con_falta = [columna for columna in nombres if columna in self.motivos]
        traidas = [columna for columna in nombres if columna in self.originales and columna not in con_falta]
        for columna in [*con_falta, *traidas]:
            self.fields[columna] = self._campo(nombres[columna], self.originales.get(columna))

    def _repartir_faltas(self) -> None:
        nombres = titulos(self.registro.entidad)
        por_titulo = {titulo: columna for columna, titulo in nombres.items()}
        for falta in (self.registro.detalle or {}).get("faltas", ()):
            campo, _, motivo, *resto = falta
            columna = resto[0] if resto and resto[0] in nombres else por_titulo.get(str(campo), "")
            if columna:
                self.motivos.setdefault(columna, []).append(str(motivo))
            else:
                self.motivos_generales.append(f"{campo}: {motivo}" if campo else str(motivo))

    @staticmethod
    def _campo(titulo: str, valor: Any) -> forms.CharField:
        texto = como_texto(valor)
        largo = isinstance(valor, dict | list) or len(texto) > 80 or "\n" in texto  # noqa: PLR2004 - una línea
        widget: Any = forms.Textarea(attrs={"rows": 3}) if largo else forms.TextInput()
        return forms.CharField(
            label=titulo,
            required=False,
            initial=texto,
            strip=False,
            max_length=_CELDA_MAXIMA,
            widget=widget,
            error_messages={"max_length": f"{titulo}: el dato es demasiado largo."},
        )

    def clean(self) -> dict[str, Any]:
        """Los valores del registro con lo cambiado; lo que no se tocó queda tal como llegó, con su tipo."""
        valores = dict(self.originales)
        for columna, escrito in self.cleaned_data.items():
            original = self.originales.get(columna)
            if columna not in self.data:
                continue
            # El navegador envía los saltos de línea como CRLF.
            if escrito.replace("\r\n", "\n") == como_texto(original).replace("\r\n", "\n"):
                continue
            try:
                valores[columna] = cargar(escrito) if isinstance(original, dict | list) and escrito else escrito
            except ValueError:
                self.add_error(columna, f"{self.fields[columna].label}: no es JSON; se esperaba como el que llegó.")
        self.valores = self._sin_lo_completado(valores)
        return self.valores

    def _sin_lo_completado(self, valores: dict[str, Any]) -> dict[str, Any]:
        """Lo que alguien escribió ya no está por completar."""
        pendientes = valores.get(_PENDIENTES)
        if not isinstance(pendientes, dict):
            return valores
        quedan = {c: porque for c, porque in pendientes.items() if valores.get(c) == self.originales.get(c)}
        return {**valores, _PENDIENTES: quedan}

    def celdas(self) -> list[dict[str, Any]]:
        """Cada celda con su campo y lo que tiene de malo."""
        return [
            {
                "campo": self[columna],
                "motivos": [*self.motivos.get(columna, ()), *self.errors.get(columna, ())],
                "ancha": isinstance(self.fields[columna].widget, forms.Textarea),
            }
            for columna in self.fields
        ]
