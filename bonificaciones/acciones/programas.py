"""Lo que se le hace a un programa y a una bonificación: cada acción, su operación."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from movistar_site.comun.acciones import Accion, FormularioMotivo

from ..models import EstadoBonificacion
from ..operaciones import programas

Datos = Mapping[str, Any]


class DesactivarPrograma(Accion):
    """El programa deja de asignar."""

    nombre = "desactivar"
    titulo = "Desactivar"
    icono = "toggle_off"
    permiso = "bonificaciones.change_programa"
    formulario = FormularioMotivo
    confirmacion = "Deja de asignar bonificaciones. Las ya asignadas siguen igual y se pueden aceptar."
    exito = "Programa desactivado."
    no_disponible = "ya está inactivo"
    peligrosa = True

    def disponible(self, registro: Any) -> bool:
        return bool(registro.activo)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        programas.desactivar_programa(registro, **datos, usuario=usuario)


class ActivarPrograma(Accion):
    """El programa vuelve a asignar."""

    nombre = "activar"
    titulo = "Activar"
    icono = "toggle_on"
    permiso = "bonificaciones.change_programa"
    confirmacion = "Vuelve a asignar bonificaciones, dentro de su vigencia, desde la próxima búsqueda."
    exito = "Programa activado."
    no_disponible = "ya está activo"

    def disponible(self, registro: Any) -> bool:
        return not registro.activo

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        programas.activar_programa(registro, usuario=usuario)


class AnularBonificacion(Accion):
    """La bonificación no debió asignarse: se cierra, con su derivación."""

    nombre = "anular"
    titulo = "Anular"
    icono = "block"
    permiso = "bonificaciones.change_bonificacion"
    formulario = FormularioMotivo
    confirmacion = (
        "Se cierra la bonificación y su derivación, y sale de la bandeja del asesor. El cliente no vuelve a recibirla"
        " de este programa y aniversario."
    )
    exito = "Bonificación anulada."
    no_disponible = "ya está cerrada"
    peligrosa = True

    def disponible(self, registro: Any) -> bool:
        return bool(registro.estado == EstadoBonificacion.ASIGNADA)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        programas.anular_bonificacion(registro, **datos, usuario=usuario, ahora=timezone.now())
