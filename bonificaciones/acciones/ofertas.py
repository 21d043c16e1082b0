"""Lo que se le hace a una oferta y a una regla: cada acción, su operación."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from movistar_site.comun.acciones import Accion, FormularioMotivo

from ..forms.ofertas import FormularioAceptar, FormularioRechazar
from ..models import EstadoOferta
from ..operaciones.ofertas import responder_oferta
from ..operaciones.reglas import activar_regla

Datos = Mapping[str, Any]


class _Responder(Accion):
    permiso = "bonificaciones.change_oferta"
    no_disponible = "ya tiene respuesta"
    en_lista = False
    aceptada = False

    def disponible(self, registro: Any) -> bool:
        return bool(registro.estado == EstadoOferta.PRESENTADA)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        responder_oferta(registro, aceptada=self.aceptada, **datos, usuario=usuario, ahora=timezone.now())


class AceptarOferta(_Responder):
    """El cliente aceptó la oferta."""

    nombre = "aceptar"
    titulo = "Aceptó"
    boton = "Anotar que aceptó"
    icono = "thumb_up"
    formulario = FormularioAceptar
    confirmacion = "Queda anotado que la aceptó. Si es un servicio, falta hacerle el contrato: aceptar no lo crea."
    exito = "Oferta aceptada. Si es un servicio, falta hacerle el contrato."
    aceptada = True


class RechazarOferta(_Responder):
    """El cliente no quiso la oferta."""

    nombre = "rechazar"
    titulo = "No quiso"
    boton = "Anotar que no quiso"
    icono = "thumb_down"
    formulario = FormularioRechazar
    confirmacion = "Queda anotado: no se le vuelve a ofrecer lo mismo hasta que pasen unos meses."
    exito = "Quedó anotado que no quiso la oferta."


class DesactivarRegla(Accion):
    """La regla deja de mirarse."""

    nombre = "desactivar"
    titulo = "Desactivar"
    icono = "toggle_off"
    permiso = "bonificaciones.change_reglaoferta"
    formulario = FormularioMotivo
    confirmacion = "Deja de mirarse al elegir qué ofrecer. Lo que ya se ofreció por ella no cambia."
    exito = "Regla desactivada."
    no_disponible = "ya está inactiva"
    peligrosa = True

    def disponible(self, registro: Any) -> bool:
        return bool(registro.activa)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        activar_regla(registro, activa=False, **datos, usuario=usuario)


class ActivarRegla(Accion):
    """La regla vuelve a mirarse."""

    nombre = "activar"
    titulo = "Activar"
    icono = "toggle_on"
    permiso = "bonificaciones.change_reglaoferta"
    confirmacion = "Vuelve a mirarse, en su orden, desde ahora; la lista de sugerencias la tendrá en cuenta mañana."
    exito = "Regla activada."
    no_disponible = "ya está activa"

    def disponible(self, registro: Any) -> bool:
        return not registro.activa

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        activar_regla(registro, activa=True, usuario=usuario)
