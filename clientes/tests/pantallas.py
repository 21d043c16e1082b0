"""Lo que comparten las pruebas de las pantallas: direcciones, un registro de cada modelo y cómo leer las faltas."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clientes.models import Departamento

from .fabricas import (
    FabricaCliente,
    FabricaConsentimiento,
    FabricaContrato,
    FabricaDepartamento,
    FabricaInteraccion,
    FabricaMunicipio,
    FabricaPromocion,
)


def _departamento() -> Any:
    cuantos = Departamento.objects.count()
    return FabricaDepartamento(codigo=f"{cuantos % 90 + 10}", nombre=f"Departamento {cuantos}")


def _interaccion() -> Any:
    contrato = FabricaContrato()
    return FabricaInteraccion(cliente=contrato.cliente, contrato=contrato)


CREAR = {
    "departamento": _departamento,
    "municipio": FabricaMunicipio,
    "cliente": lambda: FabricaCliente(municipio=FabricaMunicipio()),
    "contrato": lambda: FabricaContrato(promocion=FabricaPromocion()),
    "interaccion": _interaccion,
    "consentimiento": FabricaConsentimiento,
}
"""Cómo crear un registro de cada modelo, con todo lo que su fila nombra."""


def lista(modelo: str) -> str:
    return reverse(f"admin:clientes_{modelo}_changelist")


def ficha(registro: Any) -> str:
    return reverse(f"admin:clientes_{registro._meta.model_name}_change", args=(registro.pk,))


def nueva(modelo: str) -> str:
    return reverse(f"admin:clientes_{modelo}_add")


def borrado(registro: Any) -> str:
    return reverse(f"admin:clientes_{registro._meta.model_name}_delete", args=(registro.pk,))


def accion(registro: Any, nombre: str) -> str:
    return reverse(f"admin:clientes_{registro._meta.model_name}_accion", args=(registro.pk, nombre))


def errores(respuesta: Any) -> Any:
    """Las faltas de un formulario que no pasó."""
    assert respuesta.status_code == 200, respuesta.headers.get("Location")
    return respuesta.context["adminform"].form.errors


def consultas_de(navegador: Any, url: str) -> list[str]:
    """El SQL que hace una página."""
    with CaptureQueriesContext(connection) as capturadas:
        respuesta = navegador.get(url)
    assert respuesta.status_code == 200
    return [consulta["sql"] for consulta in capturadas.captured_queries]
