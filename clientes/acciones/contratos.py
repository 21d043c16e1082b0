"""Lo que se le hace a un contrato: cada acción, su operación."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from movistar_site.comun.acciones import Accion
from movistar_site.comun.admin_borrado import BorrarVarios
from movistar_site.comun.parametros import parametros

from .. import consultas_contratos, operaciones
from ..forms import (
    FormularioCambiarPlan,
    FormularioCeder,
    FormularioMotivoOpcional,
    FormularioSuspender,
    FormularioTerminar,
)
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
    formulario = FormularioSuspender
    confirmacion = (
        "El servicio deja de prestarse hasta que se reanude. Por falta de pago no se suspende mientras una PQR abierta"
        " discuta una suma."
    )
    exito = "Contrato suspendido."
    no_disponible = "no está activo"

    def disponible(self, registro: Any) -> bool:
        return bool(registro.estado == EstadoContrato.ACTIVO)

    def advertencia(self, registro: Any) -> str:
        return consultas_contratos.explicar_cupo_de_suspension(registro, timezone.localdate())

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.suspender_contrato(registro, **datos, usuario=usuario, hoy=timezone.localdate())


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
        operaciones.reanudar_contrato(registro, **datos, usuario=usuario, hoy=timezone.localdate())


class CambiarPlan(Accion):
    """Pasa a otro servicio, hoy o en el corte de cobro."""

    nombre = "cambiar-plan"
    titulo = "Cambiar plan"
    icono = "swap_horiz"
    permiso = "clientes.change_contrato"
    formulario = FormularioCambiarPlan
    confirmacion = "Toma el precio y las condiciones del servicio nuevo; las de ahora quedan a la vista."
    exito = "Plan cambiado."
    no_disponible = "no está activo"
    en_lista = False  # a qué servicio y en qué corte depende de cada contrato

    def disponible(self, registro: Any) -> bool:
        return bool(registro.estado == EstadoContrato.ACTIVO)

    def preparar(self, formulario: Any, registro: Any | None) -> None:
        if registro is not None:
            formulario.para(registro, timezone.localdate())

    def advertencia(self, registro: Any) -> str:
        return consultas_contratos.explicar_plan(registro)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.cambiar_plan(registro, **datos, usuario=usuario, hoy=timezone.localdate())


class AnularCambio(Accion):
    """El cambio de plan programado ya no se hará."""

    nombre = "anular-cambio"
    titulo = "Anular cambio de plan"
    boton = "Anular el cambio"
    icono = "event_busy"
    permiso = "clientes.change_contrato"
    formulario = FormularioMotivoOpcional
    confirmacion = "El contrato sigue como está: el cambio de plan programado ya no se hará."
    exito = "Cambio de plan anulado."
    no_disponible = "no tiene un cambio de plan programado"
    en_lista = en_detalle = False  # su botón va junto al cambio, en los movimientos

    def disponible(self, registro: Any) -> bool:
        return consultas_contratos.cambio_programado(registro) is not None

    def advertencia(self, registro: Any) -> str:
        return consultas_contratos.explicar_programado(registro)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        cambio = consultas_contratos.cambio_programado(registro)
        if cambio is None:
            raise ValidationError(f"El contrato {registro.numero} {self.no_disponible}.")
        operaciones.anular_cambio(cambio, **datos, usuario=usuario)


class CederContrato(Accion):
    """Lo recibe otro cliente."""

    nombre = "ceder"
    titulo = "Ceder"
    boton = "Ceder contrato"
    icono = "switch_account"
    permiso = "clientes.change_contrato"
    formulario = FormularioCeder
    confirmacion = (
        "Este contrato termina y quien lo recibe firma uno igual: mismo servicio, precio, condiciones y la permanencia"
        " que falte, en meses completos. No tiene vuelta."
    )
    exito = "Contrato cedido: el nuevo está en la ficha de quien lo recibió."
    no_disponible = "no se está prestando"
    en_lista = False

    def disponible(self, registro: Any) -> bool:
        return bool(registro.estado in (EstadoContrato.ACTIVO, EstadoContrato.SUSPENDIDO))

    def inicial(self, registro: Any | None, *, hoy: date) -> Datos:
        return {"fecha": hoy, "conserva_antiguedad": parametros(hoy)["cesion_conserva_antiguedad"]}

    def advertencia(self, registro: Any) -> str:
        return consultas_contratos.explicar_cesion(registro, timezone.localdate())

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.ceder_contrato(registro, **datos, usuario=usuario, hoy=timezone.localdate())


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

    def advertencia(self, registro: Any) -> str:
        return consultas_contratos.explicar_permanencia(registro, timezone.localdate())

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.terminar_contrato(registro, **datos, usuario=usuario, hoy=timezone.localdate())


class BorrarContratos(BorrarVarios):
    """Borra los que no llegaron a prestarse."""

    confirmacion = "Solo se borran los pendientes: lo que se prestó se conserva, y se le dirá cuál y por qué."

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.borrar_contrato(registro, usuario=usuario)
