"""Lo que se le hace a un caso: cada acción, su operación."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from movistar_site.comun.acciones import Accion
from movistar_site.comun.admin_borrado import BorrarVarios

from .. import consultas, operaciones
from ..forms import (
    FormularioAdjunto,
    FormularioAsignar,
    FormularioBorrador,
    FormularioCumplimiento,
    FormularioDesligar,
    FormularioEnvio,
    FormularioNota,
    FormularioProrroga,
    FormularioRecurso,
    FormularioRelacionar,
    FormularioRespuesta,
)
from ..models import EstadoInteraccion, SentidoRespuesta
from .comunes import Datos

CAMBIAR = "clientes.change_interaccion"


def _sin_responder(registro: Any) -> bool:
    return bool(registro.estado != EstadoInteraccion.RESPONDIDA)


def _ahora_escrito() -> str:
    return f"{timezone.localtime():%d/%m/%Y %H:%M}"


class ResponderInteraccion(Accion):
    """Se cierra con su respuesta notificada."""

    nombre = "responder"
    titulo = "Responder"
    boton = "Guardar respuesta"
    icono = "reply"
    permiso = CAMBIAR
    formulario = FormularioRespuesta
    confirmacion = "Una interacción respondida ya no se corrige: revise el texto y la fecha en que se notificó."
    exito = "Respuesta guardada."
    no_disponible = "ya se respondió"
    en_lista = False  # cada una lleva su respuesta

    def disponible(self, registro: Any) -> bool:
        return _sin_responder(registro)

    def inicial(self, registro: Any | None, *, hoy: date) -> Datos:
        return {"notificada_el": _ahora_escrito(), "respuesta": registro.borrador if registro is not None else ""}

    def preparar(self, formulario: forms.Form, registro: Any | None) -> None:
        if registro is None:
            return
        plantilla = formulario.fields["plantilla"]
        plantilla.queryset = consultas.plantillas_para(registro)  # type: ignore[attr-defined]
        plantilla.widget.attrs |= {
            "data-texto": reverse("texto_de_plantilla", args=(registro.pk,)),
            "data-llena": "id_respuesta",
        }
        if registro.tipo in operaciones.CON_SENTIDO:
            sentido = formulario.fields["sentido"]
            sentido.required, sentido.help_text = True, ""
            sentido.choices = [("", "Elija"), *SentidoRespuesta.choices]  # type: ignore[attr-defined]
        formulario.fields["respuesta"].help_text = f"Se le responde por {registro.canal_de_la_respuesta.lower()}."

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.responder_interaccion(registro, **datos, usuario=usuario, ahora=timezone.now())


class TomarInteraccion(Accion):
    """Queda a cargo de quien la toma."""

    nombre = "tomar"
    titulo = "Tomar"
    boton = "Tomar"
    icono = "front_hand"
    permiso = CAMBIAR
    confirmacion = "Queda en trámite y a su cargo."
    exito = "Interacción en trámite, a su cargo."
    no_disponible = "ya la atiende alguien o ya se respondió"

    def disponible(self, registro: Any) -> bool:
        return _sin_responder(registro) and registro.responsable_id is None

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.tomar_interaccion(registro, usuario=usuario)


class AsignarInteraccion(Accion):
    """Queda a cargo de una persona, de un equipo o de nadie."""

    nombre = "asignar"
    titulo = "Asignar"
    icono = "person_add"
    permiso = CAMBIAR
    formulario = FormularioAsignar
    confirmacion = "Sin persona ni equipo, queda sin asignar."
    exito = "Interacción asignada."
    no_disponible = "ya se respondió"

    def disponible(self, registro: Any) -> bool:
        return _sin_responder(registro)

    def inicial(self, registro: Any | None, *, hoy: date) -> Datos:
        return {"responsable": registro.responsable_id, "equipo": registro.equipo_id} if registro is not None else {}

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.asignar_interaccion(registro, **datos, usuario=usuario)


class ProrrogarInteraccion(Accion):
    """Amplía su plazo una sola vez."""

    nombre = "prorrogar"
    titulo = "Prorrogar"
    boton = "Prorrogar el plazo"
    icono = "more_time"
    permiso = CAMBIAR
    formulario = FormularioProrroga
    confirmacion = (
        "Una sola vez, para practicar pruebas, antes de que venza el primer plazo y avisando al cliente "
        "(Ley 1341 de 2009, artículo 54)."
    )
    exito = "Plazo prorrogado."
    no_disponible = "no se puede prorrogar: no tiene plazo, ya pasó el primero, ya se prorrogó o ya se respondió"
    en_lista = False  # cada una lleva su aviso

    def disponible(self, registro: Any) -> bool:
        primero = registro.primer_plazo
        a_tiempo = primero is not None and timezone.localdate() <= primero
        return a_tiempo and _sin_responder(registro) and registro.prorroga_avisada_el is None

    def inicial(self, registro: Any | None, *, hoy: date) -> Datos:
        return {"avisada_el": _ahora_escrito()}

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.prorrogar_interaccion(registro, **datos, usuario=usuario, ahora=timezone.now())


class GuardarBorrador(Accion):
    """Deja escrita la respuesta para seguirla después."""

    nombre = "borrador"
    titulo = "Borrador"
    boton = "Guardar borrador"
    icono = "edit_note"
    permiso = CAMBIAR
    formulario = FormularioBorrador
    confirmacion = "El borrador no detiene el reloj ni lo ve el cliente."
    exito = "Borrador guardado."
    no_disponible = "ya se respondió"
    en_lista = False

    def disponible(self, registro: Any) -> bool:
        return _sin_responder(registro)

    def inicial(self, registro: Any | None, *, hoy: date) -> Datos:
        return {"texto": registro.borrador} if registro is not None else {}

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.guardar_borrador(registro, **datos, usuario=usuario)


class InterponerRecurso(Accion):
    """El cliente recurre la respuesta."""

    nombre = "recurso"
    titulo = "Interponer recurso"
    icono = "gavel"
    permiso = "clientes.add_interaccion"
    formulario = FormularioRecurso
    confirmacion = "El recurso se radica con el mismo CUN y su propio plazo. Procede uno por PQR."
    exito = "Recurso radicado: está en «Recurso», en esta página."
    no_disponible = "no admite recurso: va contra la respuesta de una PQR"
    en_lista = False

    def disponible(self, registro: Any) -> bool:
        return not operaciones.por_que_no_se_recurre(registro)

    def inicial(self, registro: Any | None, *, hoy: date) -> Datos:
        return {"fecha": _ahora_escrito(), "canal": registro.canal if registro is not None else ""}

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.interponer_recurso(registro, **datos, usuario=usuario, ahora=timezone.now())


class EnviarALaSic(Accion):
    """El expediente va a que la SIC decida la apelación."""

    nombre = "sic"
    titulo = "Enviar a la SIC"
    icono = "account_balance"
    permiso = CAMBIAR
    formulario = FormularioEnvio
    confirmacion = "Anote el día en que el expediente salió para la Superintendencia de Industria y Comercio."
    exito = "Envío a la SIC anotado."
    no_disponible = "no está por enviar a la SIC"
    en_lista = False

    def disponible(self, registro: Any) -> bool:
        return not operaciones.por_que_no_va_a_la_sic(registro)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.enviar_a_la_sic(registro, **datos, usuario=usuario, hoy=timezone.localdate())


class CumplirSilencio(Accion):
    """Se le cumplió al cliente lo que el silencio le dio."""

    nombre = "cumplir-silencio"
    titulo = "Cumplir el silencio"
    icono = "task_alt"
    permiso = "clientes.change_silenciopositivo"
    formulario = FormularioCumplimiento
    confirmacion = "Escriba qué se le hizo al cliente. Queda con su nombre y la hora, y ya no se cambia."
    exito = "Silencio positivo cumplido."
    no_disponible = "no tiene un silencio positivo por cumplir"
    en_lista = False

    def disponible(self, registro: Any) -> bool:
        silencio = consultas.silencio_de(registro)
        return silencio is not None and silencio.cumplido_el is None

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        if (silencio := consultas.silencio_de(registro)) is None:
            raise ValidationError(f"La interacción {registro.numero} no tiene un silencio positivo por cumplir.")
        operaciones.cumplir_silencio(silencio, **datos, usuario=usuario, ahora=timezone.now())


class AnotarInteraccion(Accion):
    """Una nota para los demás."""

    nombre = "anotar"
    titulo = "Anotar"
    boton = "Guardar nota"
    icono = "sticky_note_2"
    permiso = "clientes.add_notainterna"
    formulario = FormularioNota
    confirmacion = "La ven quienes atienden; el cliente no."
    exito = "Nota guardada."
    en_lista = False

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.anotar_interaccion(registro, **datos, usuario=usuario, ahora=timezone.now())


class AdjuntarArchivo(Accion):
    """Un archivo que prueba o acompaña."""

    nombre = "adjuntar"
    titulo = "Adjuntar"
    icono = "attach_file"
    permiso = "clientes.add_adjunto"
    formulario = FormularioAdjunto
    exito = "Archivo adjuntado."
    en_lista = False

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.adjuntar(registro, **datos, usuario=usuario, ahora=timezone.now())


class RelacionarCasos(Accion):
    """Une dos casos que tienen que ver."""

    nombre = "relacionar"
    titulo = "Relacionar"
    icono = "link"
    permiso = CAMBIAR
    formulario = FormularioRelacionar
    confirmacion = "Cada uno mostrará al otro. Pueden ser de clientes distintos."
    exito = "Casos relacionados."
    en_lista = False

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.relacionar(registro, **datos, usuario=usuario, ahora=timezone.now())


class DesligarCasos(Accion):
    """Quita la relación con otro caso."""

    nombre = "desligar"
    titulo = "Desligar"
    icono = "link_off"
    permiso = CAMBIAR
    formulario = FormularioDesligar
    exito = "Los casos ya no están relacionados."
    en_lista = False

    def preparar(self, formulario: forms.Form, registro: Any | None) -> None:
        if registro is not None:
            formulario.fields["otra"].queryset = registro.relacionadas.all()  # type: ignore[attr-defined]

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.desligar(registro, **datos, usuario=usuario, ahora=timezone.now())


class BorrarInteracciones(BorrarVarios):
    """Borra las que no llevan CUN."""

    confirmacion = "Las que se radicaron con CUN se conservan, y se le dirá cuáles. La historia se conserva."

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.borrar_interaccion(registro, usuario=usuario)


DE_UN_CASO = (
    ResponderInteraccion,
    TomarInteraccion,
    AsignarInteraccion,
    ProrrogarInteraccion,
    GuardarBorrador,
    InterponerRecurso,
    EnviarALaSic,
    CumplirSilencio,
    AnotarInteraccion,
    AdjuntarArchivo,
    RelacionarCasos,
    DesligarCasos,
)
"""Todas, en el orden en que se ofrecen."""
