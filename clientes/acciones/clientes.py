"""Lo que se le hace a un cliente: cada acción, su operación."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from movistar_site.comun.acciones import Accion, FormularioFechaYMotivo

from .. import operaciones
from ..forms import FormularioCategoria, FormularioMotivoOpcional
from ..models import EstadoCliente
from .comunes import Datos


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
    no_disponible = "ya está activo o ya no tiene datos personales"

    def disponible(self, registro: Any) -> bool:
        return bool(registro.estado == EstadoCliente.INACTIVO and registro.anonimizado_el is None)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.reactivar_cliente(registro, **datos, usuario=usuario)
