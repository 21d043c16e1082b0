"""Lo que se le hace a un registro del catálogo desde su página o desde la lista. Cada acción llama a su operación."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from movistar_site.comun.acciones import Accion, FormularioFechaYMotivo, FormularioMotivo
from movistar_site.comun.admin_borrado import BorrarVarios

from . import operaciones
from .forms import FormularioPrecio
from .models import EstadoServicio


class CambiarPrecio(Accion):
    """Un precio nuevo desde hoy o desde una fecha futura."""

    nombre = "precio"
    titulo = "Cambiar precio"
    icono = "payments"
    permiso = "servicios.add_precioservicio"
    formulario = FormularioPrecio
    confirmacion = "Los contratos firmados conservan su precio; los nuevos se firman con este."
    exito = "Precio guardado."
    no_disponible = "está retirado: ya no cambia de precio"
    en_lista = False  # el mismo precio para varios servicios casi siempre sería un error

    def disponible(self, registro: Any) -> bool:
        return bool(registro.estado == EstadoServicio.ACTIVO)

    def inicial(self, registro: Any | None, *, hoy: date) -> Mapping[str, Any]:
        return {"desde": hoy}

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Mapping[str, Any]) -> None:
        operaciones.cambiar_precio(registro, **datos, hoy=timezone.localdate(), usuario=usuario)


class Retirar(Accion):
    """Deja de venderse."""

    nombre = "retirar"
    titulo = "Retirar"
    boton = "Retirar servicio"
    icono = "do_not_disturb_on"
    permiso = "servicios.change_servicio"
    formulario = FormularioFechaYMotivo
    confirmacion = "Deja de venderse; los contratos que lo tienen siguen igual. Se puede reactivar."
    exito = "Servicio retirado."
    no_disponible = "ya está retirado"
    peligrosa = True

    def disponible(self, registro: Any) -> bool:
        return bool(registro.estado == EstadoServicio.ACTIVO)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Mapping[str, Any]) -> None:
        operaciones.retirar_servicio(registro, **datos, hoy=timezone.localdate(), usuario=usuario)


class Reactivar(Accion):
    """Vuelve a venderse."""

    nombre = "reactivar"
    titulo = "Reactivar"
    boton = "Reactivar servicio"
    icono = "restart_alt"
    permiso = "servicios.change_servicio"
    formulario = FormularioMotivo
    confirmacion = "Vuelve a venderse con su último precio."
    exito = "Servicio reactivado."
    no_disponible = "ya está activo"

    def disponible(self, registro: Any) -> bool:
        return bool(registro.estado == EstadoServicio.RETIRADO)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Mapping[str, Any]) -> None:
        operaciones.reactivar_servicio(registro, **datos, usuario=usuario)


class BorrarServicios(BorrarVarios):
    """Borra servicios que no están en contratos, paquetes ni promociones."""

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Any) -> None:
        operaciones.borrar_servicio(registro, usuario=usuario)


class DesactivarTipo(Accion):
    """El tipo deja de recibir servicios nuevos."""

    nombre = "desactivar"
    titulo = "Desactivar"
    icono = "toggle_off"
    permiso = "servicios.change_tiposervicio"
    formulario = FormularioMotivo
    confirmacion = "No recibirá servicios nuevos; los que tiene se siguen vendiendo."
    exito = "Tipo desactivado."
    no_disponible = "ya está inactivo"
    peligrosa = True

    def disponible(self, registro: Any) -> bool:
        return bool(registro.activo)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Mapping[str, Any]) -> None:
        operaciones.desactivar_tipo(registro, **datos, usuario=usuario)


class ActivarTipo(Accion):
    """El tipo vuelve a recibir servicios."""

    nombre = "activar"
    titulo = "Activar"
    icono = "toggle_on"
    permiso = "servicios.change_tiposervicio"
    confirmacion = "Volverá a recibir servicios nuevos."
    exito = "Tipo activado."
    no_disponible = "ya está activo"

    def disponible(self, registro: Any) -> bool:
        return not registro.activo

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Mapping[str, Any]) -> None:
        operaciones.activar_tipo(registro, usuario=usuario)


class DesactivarPromocion(Accion):
    """La promoción deja de ofrecerse."""

    nombre = "desactivar"
    titulo = "Desactivar"
    icono = "toggle_off"
    permiso = "servicios.change_promocion"
    formulario = FormularioMotivo
    confirmacion = "Deja de ofrecerse; quien ya la tiene la conserva."
    exito = "Promoción desactivada."
    no_disponible = "ya está inactiva"
    peligrosa = True

    def disponible(self, registro: Any) -> bool:
        return bool(registro.activa)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Mapping[str, Any]) -> None:
        operaciones.desactivar_promocion(registro, **datos, usuario=usuario)


class ActivarPromocion(Accion):
    """La promoción vuelve a ofrecerse."""

    nombre = "activar"
    titulo = "Activar"
    icono = "toggle_on"
    permiso = "servicios.change_promocion"
    confirmacion = "Vuelve a ofrecerse dentro de su vigencia."
    exito = "Promoción activada."
    no_disponible = "ya está activa"

    def disponible(self, registro: Any) -> bool:
        return not registro.activa

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Mapping[str, Any]) -> None:
        operaciones.activar_promocion(registro, usuario=usuario)
