"""Quiénes tienen cada servicio y cuántos son, con cifras hechas a mano."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clientes.tests.fabricas import FabricaCambioPlan, FabricaCliente, FabricaContrato, FabricaMunicipio
from reportes.marco import REPORTES, Lista
from servicios.tests.fabricas import FabricaServicio

pytestmark = pytest.mark.django_db
HOY = date(2026, 3, 16)
LISTA = REPORTES["clientes-por-servicio"]
assert isinstance(LISTA, Lista)


@pytest.fixture
def operador() -> dict[str, Any]:
    """Quién tiene qué.

    Ana: Fibra y Fibra. Luz: Fibra (hasta el 10/03/2026 era Móvil) y Móvil suspendido. Sol: Móvil terminado en febrero.
    """
    fibra, movil = FabricaServicio(nombre="Fibra"), FabricaServicio(nombre="Móvil")
    pueblo = FabricaMunicipio()
    ana, luz, sol = FabricaCliente(nombre="Ana", municipio=pueblo), FabricaCliente(nombre="Luz"), FabricaCliente()
    FabricaContrato(cliente=ana, servicio=fibra)
    FabricaContrato(cliente=ana, servicio=fibra)
    cambiado = FabricaContrato(cliente=luz, servicio=fibra)
    FabricaCambioPlan(contrato=cambiado, estado="aplicado", efectivo_el=date(2026, 3, 10), servicio_anterior=movil)
    FabricaContrato(cliente=luz, servicio=movil, estado="suspendido")
    FabricaContrato(cliente=sol, servicio=movil, estado="terminado", fecha_fin=date(2026, 2, 1))
    return {"fibra": str(fibra.pk), "movil": str(movil.pk), "pueblo": pueblo.pk, "ana": ana.pk}


def cuentas(**parametros: Any) -> tuple[int, str]:
    """Contratos y clientes; además, que la lista tenga esas filas."""
    pedido = LISTA.pedir(parametros, hoy=HOY)
    assert not pedido.conjunto.form.errors
    filas = list(LISTA.listado.solo_valores(LISTA.consulta(pedido).order_by("pk"), pedido.al))
    assert len(filas) == LISTA.cuantas(pedido)
    ((titulo, clientes),) = LISTA.resumen(pedido)
    assert titulo == "Clientes"
    return LISTA.cuantas(pedido), clientes


def test_de_entrada_los_que_hoy_se_prestan(operador: dict[str, Any]) -> None:
    assert cuentas() == (3, "2")
    assert cuentas(servicio=[operador["fibra"]]) == (3, "2")
    assert cuentas(servicio=[operador["movil"]]) == (0, "0")


def test_tambien_los_suspendidos_y_los_que_terminaron(operador: dict[str, Any]) -> None:
    assert cuentas(cuales="en_pie") == (4, "2")
    assert cuentas(cuales="todos") == (5, "3")
    assert cuentas(cuales="todos", servicio=[operador["movil"]]) == (2, "2")


def test_por_donde_vive_el_cliente(operador: dict[str, Any]) -> None:
    assert cuentas(municipio=operador["pueblo"]) == (2, "1")


def test_un_dia_pasado_con_el_servicio_de_entonces(operador: dict[str, Any]) -> None:
    # El 15/01/2026: Ana dos de Fibra; Luz dos de Móvil (su suspensión no se anotó: cuenta); Sol uno de Móvil.
    assert cuentas(al="2026-01-15") == (5, "3")
    assert cuentas(al="2026-01-15", servicio=[operador["movil"]]) == (3, "2")
    assert cuentas(al="2026-01-15", cuales="todos", servicio=[operador["fibra"]]) == (2, "1")
    # El 01/02/2026 Sol ya no lo tenía.
    assert cuentas(al="2026-02-01", cuales="en_pie", servicio=[operador["movil"]]) == (2, "1")


def test_cada_fila_abre_al_cliente(operador: dict[str, Any]) -> None:
    pedido = LISTA.pedir({"municipio": operador["pueblo"]}, hoy=HOY)
    (fila, enlaces), _ = LISTA.listado.filas(LISTA.consulta(pedido).order_by("pk"), pedido.al)
    assert fila["servicio"] == "Fibra"
    assert enlaces["cliente"] == reverse("ficha_de_cliente", args=(operador["ana"],))


def test_las_cuentas_de_entrada_no_recorren_los_contratos(operador: dict[str, Any]) -> None:
    pedido = LISTA.pedir({}, hoy=HOY)
    with CaptureQueriesContext(connection) as dichas:
        LISTA.cuantas(pedido)
        LISTA.resumen(pedido)
    assert not [una["sql"] for una in dichas if "clientes_contrato" in una["sql"]]
