"""Lo que comparten las pantallas de los clientes: tonos de los estados y creación."""

from __future__ import annotations

from django.db.models import Model
from django.utils.html import format_html

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


def volverse(registro: Model, creado: Model) -> None:
    """El registro que armó el formulario pasa a ser el que creó la operación: con ese sigue Django."""
    registro.__dict__.update(creado.__dict__)


def en_una_linea(texto: str) -> str:
    """Un documento o un número que no se parte."""
    return format_html('<span class="cliente-linea">{}</span>', texto)
