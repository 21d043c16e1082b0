"""Lo que se le hace a un cliente, un contrato, una interacción o un consentimiento: cada acción, su operación."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from movistar_site.comun.acciones import Accion, FormularioFechaYMotivo, FormularioMotivo
from movistar_site.comun.admin_borrado import BorrarVarios

from . import operaciones
from .forms import FormularioCategoria, FormularioMotivoOpcional, FormularioRespuesta, FormularioTerminar
from .models import EstadoCliente, EstadoContrato, EstadoInteraccion

Datos = Mapping[str, Any]


# --- Clientes --------------------------------------------------------------------------------------------------------
class AsignarCategoria(Accion):
    """Fija la categoría a mano."""

    nombre = "asignar-categoria"
    titulo = "Asignar categoría"
    icono = "military_tech"
    permiso = "clientes.change_cliente"
    formulario = FormularioCategoria
    confirmacion = "La categoría queda fija, aunque pasen los años, hasta que se libere."
    exito = "Categoría asignada."

    def inicial(self, registro: Any | None, *, hoy: date) -> Datos:
        return {"categoria": registro.categoria_asignada} if registro is not None else {}

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.asignar_categoria(registro, **datos, usuario=usuario)


class LiberarCategoria(Accion):
    """Vuelve a darla la permanencia."""

    nombre = "liberar-categoria"
    titulo = "Liberar categoría"
    icono = "restart_alt"
    permiso = "clientes.change_cliente"
    formulario = FormularioMotivoOpcional
    confirmacion = "La categoría vuelve a ser la que le da su permanencia."
    exito = "Categoría liberada."
    no_disponible = "no tiene una categoría asignada a mano"

    def disponible(self, registro: Any) -> bool:
        return bool(registro.categoria_asignada)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.liberar_categoria(registro, **datos, usuario=usuario)


class DesactivarCliente(Accion):
    """Deja de ser cliente, con su historia."""

    nombre = "desactivar"
    titulo = "Desactivar"
    boton = "Desactivar cliente"
    icono = "person_off"
    permiso = "clientes.change_cliente"
    formulario = FormularioFechaYMotivo
    confirmacion = "Conserva su historia y no recibe contratos nuevos. Se puede reactivar."
    exito = "Cliente desactivado."
    no_disponible = "ya está inactivo"
    peligrosa = True

    def disponible(self, registro: Any) -> bool:
        return bool(registro.estado == EstadoCliente.ACTIVO)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.desactivar_cliente(registro, **datos, usuario=usuario, hoy=timezone.localdate())


class ReactivarCliente(Accion):
    """Vuelve a ser cliente."""

    nombre = "reactivar"
    titulo = "Reactivar"
    boton = "Reactivar cliente"
    icono = "person_check"
    permiso = "clientes.change_cliente"
    formulario = FormularioMotivoOpcional
    confirmacion = "Vuelve a ser cliente con su misma fecha de vinculación."
    exito = "Cliente reactivado."
    no_disponible = "ya está activo"

    def disponible(self, registro: Any) -> bool:
        return bool(registro.estado == EstadoCliente.INACTIVO)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.reactivar_cliente(registro, **datos, usuario=usuario)


# --- Contratos -------------------------------------------------------------------------------------------------------
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


# --- Interacciones ---------------------------------------------------------------------------------------------------
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


# --- Consentimientos -------------------------------------------------------------------------------------------------
class RevocarConsentimiento(Accion):
    """El cliente retira su autorización."""

    nombre = "revocar"
    titulo = "Revocar"
    boton = "Revocar consentimiento"
    icono = "block"
    permiso = "clientes.change_consentimiento"
    formulario = FormularioMotivoOpcional
    confirmacion = "Vale desde este momento. Si el cliente vuelve a autorizar, se registra otro consentimiento."
    exito = "Consentimiento revocado."
    no_disponible = "ya está revocado"
    peligrosa = True

    def disponible(self, registro: Any) -> bool:
        return registro.revocado_el is None

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.revocar_consentimiento(registro, **datos, usuario=usuario, ahora=timezone.now())
