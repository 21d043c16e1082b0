"""Lo que se le hace a un ajuste de la atención: cada acción, su operación."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from movistar_site.comun.acciones import Accion, FormularioFechaYMotivo, FormularioMotivo
from movistar_site.comun.admin_borrado import BorrarVarios

from .. import operaciones
from .comunes import Datos


class _Retirar(Accion):
    nombre = "retirar"
    titulo = "Retirar"
    icono = "do_not_disturb_on"
    formulario = FormularioFechaYMotivo
    confirmacion = "Se ofrece hasta esa fecha, inclusive. Los casos que ya lo llevan lo conservan. Se puede reactivar."
    no_disponible = "ya está retirado"
    peligrosa = True

    def disponible(self, registro: Any) -> bool:
        return bool(registro.vigente_hasta is None or registro.vigente_hasta >= timezone.localdate())


class _Reactivar(Accion):
    nombre = "reactivar"
    titulo = "Reactivar"
    icono = "restart_alt"
    formulario = FormularioMotivo
    confirmacion = "Vuelve a ofrecerse en las interacciones nuevas."
    no_disponible = "no está retirado"

    def disponible(self, registro: Any) -> bool:
        return registro.vigente_hasta is not None


class RetirarMotivo(_Retirar):
    """El motivo deja de ofrecerse."""

    permiso = "clientes.change_motivointeraccion"
    exito = "Motivo retirado."

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.retirar_motivo(registro, **datos, usuario=usuario, hoy=timezone.localdate())


class ReactivarMotivo(_Reactivar):
    """El motivo vuelve a ofrecerse."""

    permiso = "clientes.change_motivointeraccion"
    exito = "Motivo reactivado."

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.reactivar_motivo(registro, **datos, usuario=usuario, hoy=timezone.localdate())


class RetirarCanal(_Retirar):
    """Por el canal se deja de recibir."""

    permiso = "clientes.change_canalatencion"
    exito = "Canal retirado."

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.retirar_canal(registro, **datos, usuario=usuario, hoy=timezone.localdate())


class ReactivarCanal(_Reactivar):
    """Se vuelve a recibir por el canal."""

    permiso = "clientes.change_canalatencion"
    exito = "Canal reactivado."

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.reactivar_canal(registro, **datos, usuario=usuario, hoy=timezone.localdate())


class BorrarCanales(BorrarVarios):
    """Borra canales por los que nada ha llegado."""

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.borrar_canal(registro, usuario=usuario)


class DesactivarEquipo(Accion):
    """El equipo deja de recibir casos."""

    nombre = "desactivar"
    titulo = "Desactivar"
    icono = "group_off"
    permiso = "clientes.change_equipo"
    formulario = FormularioMotivo
    confirmacion = "Deja de recibir casos. Antes hay que pasar a otro equipo sus motivos y lo que tenga sin responder."
    exito = "Equipo desactivado."
    no_disponible = "ya está inactivo"
    peligrosa = True

    def disponible(self, registro: Any) -> bool:
        return bool(registro.activo)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.desactivar_equipo(registro, **datos, usuario=usuario)


class ActivarEquipo(Accion):
    """El equipo vuelve a recibir casos."""

    nombre = "activar"
    titulo = "Activar"
    icono = "group"
    permiso = "clientes.change_equipo"
    confirmacion = "Vuelve a recibir casos; quienes eran sus miembros lo siguen siendo."
    exito = "Equipo activado."
    no_disponible = "ya está activo"

    def disponible(self, registro: Any) -> bool:
        return not registro.activo

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.activar_equipo(registro, usuario=usuario)


class DesactivarPlantilla(Accion):
    """La plantilla deja de ofrecerse."""

    nombre = "desactivar"
    titulo = "Desactivar"
    icono = "toggle_off"
    permiso = "clientes.change_plantillarespuesta"
    confirmacion = "Deja de ofrecerse al responder; lo ya respondido con ella no cambia."
    exito = "Plantilla desactivada."
    no_disponible = "ya está inactiva"
    peligrosa = True

    def disponible(self, registro: Any) -> bool:
        return bool(registro.activa)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.activar_plantilla(registro, activa=False, usuario=usuario)


class ActivarPlantilla(Accion):
    """La plantilla vuelve a ofrecerse."""

    nombre = "activar"
    titulo = "Activar"
    icono = "toggle_on"
    permiso = "clientes.change_plantillarespuesta"
    confirmacion = "Vuelve a ofrecerse al responder."
    exito = "Plantilla activada."
    no_disponible = "ya está activa"

    def disponible(self, registro: Any) -> bool:
        return not registro.activa

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.activar_plantilla(registro, activa=True, usuario=usuario)
