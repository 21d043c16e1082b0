"""Lo que comparten las pantallas de los clientes: tonos de los estados, tablas de solo lectura y creación."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import TabularInline

from movistar_site.comun.opciones import Categoria

from ..models import EstadoCliente, EstadoContrato, EstadoInteraccion, TipoInteraccion

TONOS_CATEGORIA = {Categoria.NUEVO: "info", Categoria.REGULAR: "neutral", Categoria.LEAL: "primary"}
TONOS_CLIENTE = {EstadoCliente.ACTIVO: "success", EstadoCliente.INACTIVO: "neutral"}
TONOS_CONTRATO = {
    EstadoContrato.PENDIENTE: "info",
    EstadoContrato.ACTIVO: "success",
    EstadoContrato.SUSPENDIDO: "warning",
    EstadoContrato.TERMINADO: "neutral",
}
TONOS_INTERACCION = {
    EstadoInteraccion.ABIERTA: "warning",
    EstadoInteraccion.EN_TRAMITE: "info",
    EstadoInteraccion.RESPONDIDA: "success",
}
TONOS_TIPO = {
    TipoInteraccion.CONSULTA: "neutral",
    TipoInteraccion.RECLAMACION: "danger",
    TipoInteraccion.SUGERENCIA: "neutral",
}
FILAS_POR_TABLA = 10


class TablaDeLectura(TabularInline):
    """Una tabla de la ficha: se lee por páginas, cada fila abre su registro y nada se edita aquí.

    `lista` y `agregar`: los nombres de ruta de la lista entera y del formulario de uno nuevo.
    """

    extra = 0
    max_num = 0
    tab = True
    hide_title = True
    per_page = FILAS_POR_TABLA
    show_change_link = True
    template_before = "admin/clientes/cliente/tabla.html"
    lista = ""
    agregar = ""
    permiso_agregar = ""
    boton = ""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def volverse(registro: Model, creado: Model) -> None:
    """El registro que armó el formulario pasa a ser el que creó la operación: con ese sigue Django."""
    registro.__dict__.update(creado.__dict__)
