"""El formulario con que se programa un envío."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from movistar_site.comun.acciones import FormularioAccion
from movistar_site.comun.formularios import nombrar_obligatorios

from ..marco import Reporte
from ..models import Envio, FormatoEnvio
from .cadencia import DIAS, HORAS, ULTIMO, Cada, Cadencia
from .filtros import PERIODOS
from .operaciones import Datos
from .permisos import DESTINATARIOS

HORA_CORRIENTE = 7
_DIAS_DEL_MES = [*((n, str(n)) for n in range(1, 32)), (ULTIMO, "El último")]


class FormularioEnvio(FormularioAccion):
    """Cómo se llama, cada cuánto sale, en qué archivo y a quiénes. El período, solo si el reporte lo tiene."""

    nombre = forms.CharField(label="Nombre", max_length=80, help_text="Va en el asunto del correo.")
    periodo = forms.ChoiceField(
        label="Período",
        choices=PERIODOS,
        help_text="Se cuenta desde el día de cada entrega: «El mes pasado» es cada vez otro.",
    )
    cada = forms.ChoiceField(label="Se envía", choices=Cada.choices)
    dia_semana = forms.TypedChoiceField(
        label="Día de la semana", coerce=int, choices=[(n, dia.capitalize()) for n, dia in enumerate(DIAS, 1)]
    )
    dia_mes = forms.TypedChoiceField(
        label="Día del mes",
        coerce=int,
        choices=_DIAS_DEL_MES,
        help_text="En un mes que no llega a ese día, sale el último.",
    )
    hora = forms.TypedChoiceField(
        label="Hora", coerce=int, choices=[(n, f"{n:02}:00") for n in HORAS], help_text="De Bogotá."
    )
    formato = forms.ChoiceField(label="Archivo adjunto", choices=FormatoEnvio.choices)
    destinatarios = forms.CharField(
        label="Para",
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        help_text=f"Hasta {DESTINATARIOS} direcciones de correo, separadas por comas o en renglones.",
    )

    def __init__(self, *args: Any, reporte: Reporte, personas: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not reporte.con_periodo:
            del self.fields["periodo"]
        if personas:
            self.fields[
                "destinatarios"
            ].help_text += " Lleva datos de personas: solo a cuentas activas del panel que puedan verlo y exportarlo."
        nombrar_obligatorios(self.fields.values())

    def datos(self, parametros: QueryDict | str) -> Datos:
        """Lo escrito, como lo quieren las operaciones. `parametros`: los filtros del reporte."""
        limpios = self.cleaned_data
        return Datos(
            nombre=limpios["nombre"],
            parametros=parametros,
            periodo=limpios.get("periodo", ""),
            formato=limpios["formato"],
            cadencia=Cadencia(limpios["cada"], limpios["hora"], _dia(limpios)),
            destinatarios=limpios["destinatarios"],
        )


def _dia(limpios: Mapping[str, Any]) -> int | None:
    return {Cada.SEMANA.value: limpios["dia_semana"], Cada.MES.value: limpios["dia_mes"]}.get(limpios["cada"])


def iniciales(reporte: Reporte, parametros: str, *, usuario: Any) -> dict[str, Any]:
    """Lo que un envío nuevo trae puesto: cada lunes a las siete, en Excel, a quien lo programa."""
    return {
        "nombre": reporte.titulo[:80],
        "periodo": QueryDict(parametros).get("periodo", reporte.con_periodo),
        "cada": Cada.SEMANA,
        "dia_semana": 1,
        "dia_mes": 1,
        "hora": HORA_CORRIENTE,
        "formato": FormatoEnvio.XLSX,
        "destinatarios": usuario.email,
    }


def de_un_envio(envio: Envio, parametros: str) -> dict[str, Any]:
    """Lo que ya dice un envío. `parametros`: sus filtros, o los que van a reemplazarlos."""
    return {
        "nombre": envio.nombre,
        "periodo": QueryDict(parametros).get("periodo", ""),
        "cada": envio.cada,
        "dia_semana": envio.dia if envio.cada == Cada.SEMANA else 1,
        "dia_mes": envio.dia if envio.cada == Cada.MES else 1,
        "hora": envio.hora,
        "formato": envio.formato,
        "destinatarios": "\n".join(envio.destinatarios),
    }
