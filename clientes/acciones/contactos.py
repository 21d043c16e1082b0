"""Hablar con un cliente, cerrar lo hablado y dejar de ofrecerle: cada acción, su operación."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from movistar_site.comun.acciones import Accion

from .. import consultas_contacto, operaciones
from ..forms import FormularioAnonimizar, FormularioCerrarContacto, FormularioContactar, FormularioNoContactar
from ..models import EstadoCliente, FinalidadContacto, ResultadoContacto
from ..presentacion_de_contacto import en_una_frase
from .comunes import Datos


class Contactar(Accion):
    """Abre un contacto con el cliente, si la puerta lo permite."""

    nombre = "contactar"
    titulo = "Contactar"
    boton = "Empezar contacto"
    icono = "call"
    permiso = "clientes.add_contacto"
    formulario = FormularioContactar
    confirmacion = "Queda registrado desde ya, a su nombre. Al terminar, ciérrelo y diga en qué quedó."
    exito = "Contacto empezado: al terminar, ciérrelo."
    no_disponible = "ya no tiene datos personales"
    en_lista = False
    # Su botón va en la ficha, junto a si se le puede contactar.
    en_detalle = False

    def disponible(self, registro: Any) -> bool:
        return registro.anonimizado_el is None

    def advertencia(self, registro: Any) -> str:
        permisos = consultas_contacto.permisos_por_canal(
            registro, finalidad=FinalidadContacto.COMERCIAL, ahora=timezone.now()
        )
        return en_una_frase(permisos)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.abrir_contacto(cliente=registro, **datos, usuario=usuario, ahora=timezone.now())


class NoContactar(Accion):
    """El cliente no quiere más ofertas."""

    nombre = "no-contactar"
    titulo = "No quiere ofertas"
    boton = "Dejar de ofrecerle"
    icono = "notifications_off"
    permiso = "clientes.change_consentimiento"
    formulario = FormularioNoContactar
    en_detalle = False
    confirmacion = (
        "Se revocan sus autorizaciones para ofertas y se detiene lo que estuviera en cola, desde este momento. Lo que"
        " necesita su servicio se le sigue informando."
    )
    exito = "Listo: ya no se le ofrece nada por ahí."
    no_disponible = "ya no tiene datos personales"
    en_lista = False
    peligrosa = True

    def disponible(self, registro: Any) -> bool:
        return registro.anonimizado_el is None

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.dejar_de_contactar(registro, **datos, usuario=usuario, ahora=timezone.now())


class CerrarContacto(Accion):
    """Dice en qué terminó un contacto."""

    nombre = "cerrar"
    titulo = "Cerrar contacto"
    icono = "task_alt"
    permiso = "clientes.change_contacto"
    formulario = FormularioCerrarContacto
    confirmacion = "Si no respondió o el dato estaba equivocado, no cuenta para el límite del día."
    exito = "Contacto cerrado."
    no_disponible = "ya está cerrado"
    en_lista = False

    def disponible(self, registro: Any) -> bool:
        return bool(registro.resultado == ResultadoContacto.EN_CURSO)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.cerrar_contacto(registro, **datos, usuario=usuario, ahora=timezone.now())


class AnonimizarCliente(Accion):
    """Suprime los datos personales de quien ya no es cliente."""

    nombre = "anonimizar"
    titulo = "Suprimir sus datos"
    boton = "Suprimir sus datos personales"
    icono = "person_remove"
    permiso = "clientes.delete_cliente"
    formulario = FormularioAnonimizar
    confirmacion = (
        "Se borran para siempre su nombre, documento, teléfonos, correo, dirección y notas, también de la historia"
        " (Ley 1581 de 2012, artículo 8). Quedan sus contratos, sus PQR y lo facturado. No se puede deshacer."
    )
    exito = "Los datos personales se suprimieron."
    no_disponible = "está activo o ya no tiene datos personales"
    en_lista = False
    peligrosa = True

    def disponible(self, registro: Any) -> bool:
        return bool(registro.estado == EstadoCliente.INACTIVO and registro.anonimizado_el is None)

    def advertencia(self, registro: Any) -> str:
        razones = operaciones.por_que_no_se_anonimiza(registro)
        return f"Todavía no se puede. {' '.join(razones)}" if razones else ""

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        ahora = timezone.now()
        operaciones.anonimizar_cliente(
            registro, usuario=usuario, hoy=timezone.localdate(ahora), ahora=ahora, motivo=datos["motivo"]
        )
