"""Lo que se le hace a una interacción: cada acción, su operación."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from movistar_site.comun.acciones import Accion

from .. import operaciones
from ..forms import FormularioRespuesta
from ..models import EstadoInteraccion
from .comunes import Datos


class TomarInteraccion(Accion):
    """Alguien empieza a atenderla."""

    nombre = "tomar"
    titulo = "Tomar"
    boton = "Tomar"
    icono = "front_hand"
    permiso = "clientes.change_interaccion"
    confirmacion = "Queda en trámite, a su nombre en la historia."
    exito = "Interacción en trámite."
    no_disponible = "no está abierta"

    def disponible(self, registro: Any) -> bool:
        return bool(registro.estado == EstadoInteraccion.ABIERTA)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.tomar_interaccion(registro, usuario=usuario)


class ResponderInteraccion(Accion):
    """Se cierra con su respuesta notificada."""

    nombre = "responder"
    titulo = "Responder"
    boton = "Guardar respuesta"
    icono = "reply"
    permiso = "clientes.change_interaccion"
    formulario = FormularioRespuesta
    confirmacion = "Una interacción respondida ya no se corrige: revise el texto y la fecha en que se notificó."
    exito = "Respuesta guardada."
    no_disponible = "ya se respondió"
    en_lista = False  # cada una lleva su respuesta

    def disponible(self, registro: Any) -> bool:
        return bool(registro.estado != EstadoInteraccion.RESPONDIDA)

    def inicial(self, registro: Any | None, *, hoy: date) -> Datos:
        return {"notificada_el": f"{timezone.localtime():%d/%m/%Y %H:%M}"}

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.responder_interaccion(registro, **datos, usuario=usuario, ahora=timezone.now())
