"""Acciones con confirmación: lo que se le hace a un registro desde su página, o a varios desde la lista.

Una acción se declara una vez y sirve en los dos sitios::

    class Retirar(Accion):
        nombre = "retirar"
        titulo = "Retirar servicio"
        icono = "do_not_disturb_on"
        permiso = "servicios.change_servicio"
        formulario = FormularioMotivo
        confirmacion = "Deja de venderse; los contratos que lo usan siguen igual."
        exito = "Servicio retirado."
        peligrosa = True

        def disponible(self, registro):
            return registro.estado == EstadoServicio.ACTIVO

        def ejecutar(self, registro, *, usuario, datos):
            operaciones.retirar(registro, hoy=timezone.localdate(), usuario=usuario, motivo=datos["motivo"])


    class ServicioAdmin(AdminBase):
        acciones = (Retirar(), Reactivar())

`AdminBase` pone entonces un botón en la página del registro (dirección `/<pk>/accion/<nombre>/`, nombre de ruta
`admin:<app>_<modelo>_accion`) y una entrada en el menú de acciones de la lista. Las dos muestran primero una página que
dice cuántos registros son y una muestra de ellos, con el formulario si lo hay; solo el POST confirmado llama a
`ejecutar`, una vez por registro y cada una en su transacción. Lo que una operación rechaza con ValidationError se
cuenta con su frase y no detiene a los demás. Sin el permiso no hay botón, ni entrada, ni página (403).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteMixin
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from unfold import widgets
from unfold.enums import ActionVariant

from .formularios import nombrar_obligatorios
from .paginadores import LIMITE_DE_CUENTA
from .paginas import pagina_de

MUESTRA = 10
"""Registros que se nombran en la página de confirmación."""
RECHAZOS_MOSTRADOS = 20
"""Rechazos que se muestran con su frase después de una acción en bloque."""
CONFIRMADA = "accion_confirmada"

_ASPECTO: tuple[tuple[type[forms.Widget], type[forms.Widget]], ...] = (
    (forms.Textarea, widgets.UnfoldAdminTextareaWidget),
    (forms.EmailInput, widgets.UnfoldAdminEmailInputWidget),
    (forms.NumberInput, widgets.UnfoldAdminIntegerFieldWidget),
    (forms.DateTimeInput, widgets.UnfoldAdminTextInputWidget),
    (forms.DateInput, widgets.UnfoldAdminDateWidget),
    (forms.CheckboxInput, widgets.UnfoldBooleanSwitchWidget),
    (forms.Select, widgets.UnfoldAdminSelectWidget),
    (forms.TextInput, widgets.UnfoldAdminTextInputWidget),
)


class FormularioAccion(forms.Form):
    """Base de los formularios de las acciones: a cada campo corriente le pone el aspecto del panel."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for campo in self.fields.values():
            vestir(campo)


class FormularioMotivo(FormularioAccion):
    """El motivo que queda en la historia del registro."""

    motivo = forms.CharField(
        label="Motivo",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Queda en la historia, junto a su nombre y la fecha.",
        error_messages={"required": "Escriba el motivo: queda en la historia del registro."},
    )


class FormularioFecha(FormularioAccion):
    """La fecha desde la que vale la acción."""

    fecha = forms.DateField(
        label="Fecha",
        error_messages={"required": "Escriba la fecha.", "invalid": "Escriba una fecha como 15/03/2026."},
    )


class FormularioFechaYMotivo(FormularioFecha, FormularioMotivo):
    """La fecha desde la que vale la acción y el motivo que queda en la historia."""

    field_order = ("fecha", "motivo")


def vestir(campo: forms.Field) -> None:
    """Cambia el widget de Django de un campo por el de Unfold; los que ya son propios quedan como están."""
    viejo = campo.widget
    if type(viejo).__module__.startswith("unfold") or viejo.is_hidden or isinstance(viejo, AutocompleteMixin):
        return
    for de_django, de_unfold in _ASPECTO:
        if isinstance(viejo, de_django):
            nuevo = de_unfold(**_de_antes(viejo))
            nuevo.is_required, nuevo.is_localized = viejo.is_required, viejo.is_localized
            if isinstance(campo, forms.ChoiceField):
                nuevo.choices = campo.choices  # type: ignore[attr-defined]
            campo.widget = nuevo
            return


def _de_antes(viejo: forms.Widget) -> dict[str, Any]:
    """Lo que el nuevo conserva del viejo: sus atributos, y que una fecha se elija en el calendario del navegador."""
    if isinstance(viejo, forms.DateInput) and viejo.input_type == "date":
        return {"attrs": {**viejo.attrs, "type": "date"}, "format": viejo.format}
    return {"attrs": viejo.attrs}


class Accion:
    """Algo que se le puede hacer a un registro. Se declara heredando; véase el encabezado del módulo.

    `nombre`: en la dirección, ASCII con guiones. `titulo`: el del botón y el de la página («Retirar servicio»).
    `boton`: el del botón que confirma; sin él, el título. `permiso`: «app.codigo»; sin él, cambiar el modelo.
    `confirmacion`: qué pasará, en una o dos frases. `exito`: lo que se dice al terminar con uno solo.
    `no_disponible`: por qué no se le puede hacer a un registro, dicho a continuación de su nombre.
    `en_lista`, `en_detalle`: dónde se ofrece. `peligrosa`: se confirma en rojo.
    """

    nombre: ClassVar[str] = ""
    titulo: ClassVar[str] = ""
    boton: ClassVar[str] = ""
    icono: ClassVar[str] = "play_arrow"
    permiso: ClassVar[str] = ""
    formulario: ClassVar[type[forms.Form] | None] = None
    confirmacion: ClassVar[str] = ""
    exito: ClassVar[str] = ""
    no_disponible: ClassVar[str] = "no está en un estado que lo permita"
    en_lista: ClassVar[bool] = True
    en_detalle: ClassVar[bool] = True
    peligrosa: ClassVar[bool] = False

    def disponible(self, registro: Any) -> bool:
        """Si tiene sentido para este registro, con lo que ya está en memoria: se pregunta al dibujar su página."""
        return True

    def inicial(self, registro: Any | None, *, hoy: date) -> Mapping[str, Any]:
        """Valores iniciales del formulario; `registro` es None cuando la acción es sobre varios."""
        return {"fecha": hoy}

    def preparar(self, formulario: forms.Form, registro: Any | None) -> None:
        """Ajusta el formulario al registro: de qué se puede elegir, qué se avisa. None: la acción es sobre varios."""

    def advertencia(self, registro: Any) -> str:
        """Lo que hay que saber de este registro antes de confirmar; no lo impide. Vacía, no se muestra nada."""
        return ""

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Mapping[str, Any]) -> None:
        """Llama a la operación. Lanza ValidationError, con una frase, si no se puede."""
        raise NotImplementedError(f"La acción {self.nombre} no dice qué hacer.")

    def permitida(self, request: HttpRequest, modelo: type[Model]) -> bool:
        """Si quien pide puede hacerla."""
        opciones = modelo._meta
        return request.user.has_perm(self.permiso or f"{opciones.app_label}.change_{opciones.model_name}")


@dataclass
class Resultado:
    """Cuántos registros se hicieron y cuáles se rechazaron, con su frase."""

    hechos: int = 0
    rechazos: list[str] = field(default_factory=list)


def frases_de(error: ValidationError) -> list[str]:
    """Las frases de un ValidationError, sin los nombres de los campos."""
    return [str(frase) for frase in error.messages]


def trasladar_errores(formulario: forms.Form, error: ValidationError) -> None:
    """Pone cada error de una operación junto a su campo, o arriba si el formulario no lo tiene."""
    por_campo = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for campo, errores in por_campo.items():
        formulario.add_error(campo if campo in formulario.fields else None, errores)


class AdminConAcciones:
    """La parte de `AdminBase` que ofrece `acciones` en la lista y en la página de cada registro."""

    acciones: Sequence[Accion | type[Accion]] = ()
    maximo_por_accion = LIMITE_DE_CUENTA

    def acciones_de(self, request: HttpRequest) -> list[Accion]:
        """Las acciones que la cuenta puede hacer, en su orden."""
        instancias = [accion() if isinstance(accion, type) else accion for accion in self.acciones]
        return [accion for accion in instancias if accion.permitida(request, self.model)]  # type: ignore[attr-defined]

    # --- Página del registro -----------------------------------------------------------------------------------------
    def urls_de_acciones(self) -> list[URLPattern]:
        """La dirección de las acciones sobre un registro."""
        opciones = self.model._meta  # type: ignore[attr-defined]
        vista = self.admin_site.admin_view(self.vista_de_accion)  # type: ignore[attr-defined]
        nombre = f"{opciones.app_label}_{opciones.model_name}_accion"
        return [path("<path:object_id>/accion/<slug:nombre>/", vista, name=nombre)]

    def url_de_accion(self, registro: Model, nombre: str) -> str:
        """La dirección de la página que confirma la acción `nombre` sobre un registro."""
        opciones = self.model._meta  # type: ignore[attr-defined]
        return reverse(f"admin:{opciones.app_label}_{opciones.model_name}_accion", args=(registro.pk, nombre))

    def botones_de_accion(self, request: HttpRequest, registro: Model) -> list[dict[str, Any]]:
        """Los botones de la página del registro, como los dibuja Unfold."""
        return [
            {
                "title": accion.titulo,
                "icon": accion.icono,
                "variant": ActionVariant.DEFAULT,
                "path": self.url_de_accion(registro, accion.nombre),
                "attrs": {},
            }
            for accion in self.acciones_de(request)
            if accion.en_detalle and accion.disponible(registro)
        ]

    def vista_de_accion(self, request: HttpRequest, object_id: str, nombre: str) -> HttpResponse:
        """Confirma y hace una acción sobre un registro."""
        accion = next((a for a in self.acciones_de(request) if a.nombre == nombre), None)
        if accion is None:
            raise PermissionDenied
        registro = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if registro is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if not self.has_view_permission(request, registro):  # type: ignore[attr-defined]
            raise PermissionDenied
        volver = self.pagina_al_terminar(registro)
        if not accion.disponible(registro):
            messages.warning(request, f"«{registro}» {accion.no_disponible}.")
            return HttpResponseRedirect(volver)
        formulario = self._formulario_de_accion(accion, request, registro)
        if request.method == "POST" and (formulario is None or formulario.is_valid()):
            try:
                self._ejecutar_uno(accion, registro, request, formulario)
            except ValidationError as error:
                if formulario is None:
                    messages.error(request, " ".join(frases_de(error)))
                    return HttpResponseRedirect(volver)
                trasladar_errores(formulario, error)
            else:
                messages.success(request, accion.exito or f"{accion.titulo}: hecho.")
                return HttpResponseRedirect(self.pagina_al_terminar(registro))
        return self._pagina_de_confirmacion(request, accion, [registro], formulario=formulario, volver=volver)

    def pagina_al_terminar(self, registro: Model) -> str:
        """La página del registro o, si la acción se lo llevó, la lista."""
        opciones = self.model._meta  # type: ignore[attr-defined]
        if registro.pk is None or not self.model._base_manager.filter(pk=registro.pk).exists():  # type: ignore[attr-defined]
            return reverse(f"admin:{opciones.app_label}_{opciones.model_name}_changelist")
        return pagina_de(registro)

    # --- Lista -------------------------------------------------------------------------------------------------------
    def acciones_de_lista(self, request: HttpRequest) -> dict[str, tuple[Any, str, str]]:
        """Las entradas que estas acciones ponen en el menú de la lista."""
        return {
            accion.nombre: (self.funcion_de_lista(accion), accion.nombre, accion.titulo)
            for accion in self.acciones_de(request)
            if accion.en_lista
        }

    def funcion_de_lista(self, accion: Accion) -> Any:
        """La función que Django llama al elegir la acción en el menú de la lista."""

        def funcion(_admin: Any, request: HttpRequest, consulta: QuerySet[Any]) -> HttpResponse | None:
            return self._accion_en_lista(accion, request, consulta)

        return funcion

    def hacer_desde_otra_pagina(
        self, accion: Accion, request: HttpRequest, consulta: QuerySet[Any]
    ) -> HttpResponse | None:
        """Lo mismo que desde la lista: la página que confirma, o None cuando ya se hizo y se anunció."""
        return self._accion_en_lista(accion, request, consulta)

    def hacer_y_anunciar(
        self, accion: Accion, request: HttpRequest, registros: Iterable[Any], formulario: forms.Form
    ) -> Resultado:
        """Hace una acción ya confirmada, registro por registro, y deja dicho cómo le fue a cada uno."""
        resultado = self._ejecutar_varios(accion, registros, request, formulario)
        self._anunciar_accion(request, accion, resultado)
        return resultado

    def _accion_en_lista(self, accion: Accion, request: HttpRequest, consulta: QuerySet[Any]) -> HttpResponse | None:
        registros = list(consulta[: self.maximo_por_accion + 1])
        if len(registros) > self.maximo_por_accion:
            messages.error(request, _demasiados(self.maximo_por_accion))
            return None
        if not registros:
            messages.warning(request, "Los registros elegidos ya no están.")
            return None
        confirmada = CONFIRMADA in request.POST
        formulario = self._formulario_de_accion(accion, request, None, enviado=confirmada)
        if confirmada and (formulario is None or formulario.is_valid()):
            self._anunciar_accion(request, accion, self._ejecutar_varios(accion, registros, request, formulario))
            return None
        return self._pagina_de_confirmacion(
            request, accion, registros, formulario=formulario, volver=request.get_full_path()
        )

    def _ejecutar_varios(
        self, accion: Accion, registros: Iterable[Any], request: HttpRequest, formulario: forms.Form | None
    ) -> Resultado:
        resultado = Resultado()
        for registro in registros:
            if not accion.disponible(registro):
                resultado.rechazos.append(f"«{registro}» {accion.no_disponible}.")
                continue
            nombre = str(registro)
            try:
                self._ejecutar_uno(accion, registro, request, formulario)
                resultado.hechos += 1
            except ValidationError as error:
                frase = " ".join(frases_de(error))
                resultado.rechazos.append(frase if nombre in frase else f"«{nombre}»: {frase}")
        return resultado

    def _ejecutar_uno(self, accion: Accion, registro: Any, request: HttpRequest, formulario: forms.Form | None) -> None:
        try:
            with transaction.atomic():
                accion.ejecutar(registro, usuario=request.user, datos=formulario.cleaned_data if formulario else {})
        except DatabaseError as error:
            # Otra persona cambió lo mismo a la vez, o la base estaba ocupada: no es culpa de quien lo pide.
            raise ValidationError(
                "No se pudo guardar porque otro cambio llegó al tiempo: vuelva a intentarlo."
            ) from error

    def _anunciar_accion(self, request: HttpRequest, accion: Accion, resultado: Resultado) -> None:
        opciones = self.model._meta  # type: ignore[attr-defined]
        if resultado.hechos:
            nombre = opciones.verbose_name if resultado.hechos == 1 else opciones.verbose_name_plural
            messages.success(request, f"{accion.titulo}: hecho en {resultado.hechos} {nombre}.")
        for frase in resultado.rechazos[:RECHAZOS_MOSTRADOS]:
            messages.error(request, frase)
        if (resto := len(resultado.rechazos) - RECHAZOS_MOSTRADOS) > 0:
            messages.error(request, f"Y {resto} más que no se pudieron hacer por razones parecidas.")

    # --- Común -------------------------------------------------------------------------------------------------------
    def _formulario_de_accion(
        self, accion: Accion, request: HttpRequest, registro: Any, *, enviado: bool | None = None
    ) -> forms.Form | None:
        if accion.formulario is None:
            return None
        if enviado is None:
            enviado = request.method == "POST"
        # Lo que se acaba de enviar desde la lista trae los nombres de la lista: sin confirmar no es un formulario.
        formulario = accion.formulario(
            data=request.POST if enviado else None,
            files=request.FILES if enviado else None,
            initial=dict(accion.inicial(registro, hoy=timezone.localdate())),
        )
        accion.preparar(formulario, registro)
        for campo in formulario.fields.values():
            vestir(campo)
        nombrar_obligatorios(formulario.fields.values())
        return formulario

    def _pagina_de_confirmacion(
        self,
        request: HttpRequest,
        accion: Accion,
        registros: list[Any],
        *,
        formulario: forms.Form | None,
        volver: str,
    ) -> HttpResponse:
        opciones = self.model._meta  # type: ignore[attr-defined]
        cuantos = len(registros)
        contexto = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": accion.titulo,
            "opts": opciones,
            "accion": accion,
            "registros": registros[:MUESTRA],
            "advertencia": accion.advertencia(registros[0]) if cuantos == 1 else "",
            "resto": max(0, cuantos - MUESTRA),
            "cuantos": cuantos,
            "nombre_de_varios": opciones.verbose_name if cuantos == 1 else opciones.verbose_name_plural,
            "formulario": formulario,
            "volver": volver,
            "confirmada": CONFIRMADA,
            "casilla": ACTION_CHECKBOX_NAME,
            "elegidos": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "en_todas": request.POST.get("select_across", "0"),
            "accion_de_lista": request.POST.get("action", ""),
            "indice": request.POST.get("index", "0"),
            "boton": accion.boton or accion.titulo,
            "titulo_de_lista": capfirst(opciones.verbose_name_plural),
            "media": self.media + (formulario.media if formulario else forms.Media()),  # type: ignore[attr-defined]
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(request, "admin/accion_confirmar.html", contexto)


def _demasiados(maximo: int) -> str:
    return (
        f"Son más de {maximo:,} registros".replace(",", ".")
        + ": una acción se hace sobre menos. Filtre la lista y vuelva a elegir."
    )


__all__ = [
    "Accion",
    "AdminConAcciones",
    "FormularioAccion",
    "FormularioFecha",
    "FormularioFechaYMotivo",
    "FormularioMotivo",
    "Resultado",
    "frases_de",
    "trasladar_errores",
    "vestir",
]
