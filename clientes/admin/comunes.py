"""Lo que comparten las pantallas de los clientes: tonos de los estados, tablas de solo lectura y creación."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import TabularInline

from movistar_site.comun.opciones import Categoria

from ..models import EstadoCliente, EstadoContrato, EstadoInteraccion, TipoInteraccion
from ..plazos import Situacion

TONOS_CATEGORIA: dict[str, str] = {Categoria.NUEVO: "info", Categoria.REGULAR: "neutral", Categoria.LEAL: "primary"}
TONOS_CLIENTE: dict[str, str] = {EstadoCliente.ACTIVO: "success", EstadoCliente.INACTIVO: "neutral"}
TONOS_CONTRATO: dict[str, str] = {
    EstadoContrato.PENDIENTE: "info",
    EstadoContrato.ACTIVO: "success",
    EstadoContrato.SUSPENDIDO: "warning",
    EstadoContrato.TERMINADO: "neutral",
}
TONOS_INTERACCION: dict[str, str] = {
    EstadoInteraccion.ABIERTA: "warning",
    EstadoInteraccion.EN_TRAMITE: "info",
    EstadoInteraccion.RESPONDIDA: "success",
}
TONOS_TIPO: dict[str, str] = {
    TipoInteraccion.CONSULTA: "neutral",
    TipoInteraccion.RECLAMACION: "danger",
    TipoInteraccion.SUGERENCIA: "neutral",
    TipoInteraccion.RECURSO: "primary",
}
TONOS_SITUACION: dict[str, str] = {
    Situacion.SIN_PLAZO: "neutral",
    Situacion.EN_TERMINO: "info",
    Situacion.POR_VENCER: "warning",
    Situacion.VENCIDA: "danger",
    Situacion.SILENCIO: "danger",
    Situacion.A_TIEMPO: "success",
    Situacion.FUERA_DE_TERMINO: "warning",
    Situacion.RESPONDIDA: "success",
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
    template_before = "admin/clientes/cliente/tabla.html"
    lista = ""
    agregar = ""
    permiso_agregar = ""
    boton = ""

    @admin.display(description="número")
    def enlace(self, registro: Any) -> str:
        """El número, o lo que nombra al registro, con el camino a su ficha."""
        opciones = registro._meta
        url = reverse(f"admin:{opciones.app_label}_{opciones.model_name}_change", args=(registro.pk,))
        return format_html('<a class="panel-enlace" href="{}">{}</a>', url, self.nombre_de(registro))

    def nombre_de(self, registro: Any) -> str:
        """Cómo se nombra el registro en su fila."""
        return registro.numero

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


def en_una_linea(texto: str) -> str:
    """Un documento o un número que no se parte."""
    return format_html('<span class="cliente-linea">{}</span>', texto)
