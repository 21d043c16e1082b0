"""Lo que se le hace a un contrato: cada acción, su operación."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from movistar_site.comun.acciones import Accion, FormularioMotivo
from movistar_site.comun.admin_borrado import BorrarVarios

from .. import operaciones
from ..forms import FormularioMotivoOpcional, FormularioTerminar
from ..models import EstadoContrato
from .comunes import Datos


class ActivarContrato(Accion):
    """Empieza a prestarse."""

    nombre = "activar"
    titulo = "Activar"
    boton = "Activar contrato"
    icono = "play_circle"
    permiso = "clientes.change_contrato"
    formulario = FormularioMotivoOpcional
    confirmacion = "El servicio empieza a prestarse con el precio y las condiciones firmadas."
    exito = "Contrato activado."
    no_disponible = "no está pendiente"

    def disponible(self, registro: Any) -> bool:
        return bool(registro.estado == EstadoContrato.PENDIENTE)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.activar_contrato(registro, **datos, usuario=usuario, hoy=timezone.localdate())


class SuspenderContrato(Accion):
    """Deja de prestarse por un tiempo."""

    nombre = "suspender"
    titulo = "Suspender"
    boton = "Suspender contrato"
    icono = "pause_circle"
    permiso = "clientes.change_contrato"
    formulario = FormularioMotivo
    confirmacion = "El servicio deja de prestarse hasta que se reanude."
    exito = "Contrato suspendido."
    no_disponible = "no está activo"

    def disponible(self, registro: Any) -> bool:
        return bool(registro.estado == EstadoContrato.ACTIVO)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.suspender_contrato(registro, **datos, usuario=usuario)


class ReanudarContrato(Accion):
    """Vuelve a prestarse."""

    nombre = "reanudar"
    titulo = "Reanudar"
    boton = "Reanudar contrato"
    icono = "resume"
    permiso = "clientes.change_contrato"
    formulario = FormularioMotivoOpcional
    confirmacion = "El servicio vuelve a prestarse."
    exito = "Contrato reanudado."
    no_disponible = "no está suspendido"

    def disponible(self, registro: Any) -> bool:
        return bool(registro.estado == EstadoContrato.SUSPENDIDO)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.reanudar_contrato(registro, **datos, usuario=usuario)


class TerminarContrato(Accion):
    """Deja de prestarse para siempre."""

    nombre = "terminar"
    titulo = "Terminar"
    boton = "Terminar contrato"
    icono = "cancel"
    permiso = "clientes.change_contrato"
    formulario = FormularioTerminar
    confirmacion = "No tiene vuelta: para prestarlo otra vez se firma otro contrato. El cliente no debe dar razones."
    exito = "Contrato terminado."
    no_disponible = "ya está terminado"
    peligrosa = True

    def disponible(self, registro: Any) -> bool:
        return bool(registro.estado != EstadoContrato.TERMINADO)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.terminar_contrato(registro, **datos, usuario=usuario, hoy=timezone.localdate())


class BorrarContratos(BorrarVarios):
    """Borra los que no llegaron a prestarse."""

    confirmacion = "Solo se borran los pendientes: lo que se prestó se conserva, y se le dirá cuál y por qué."

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.borrar_contrato(registro, usuario=usuario)
