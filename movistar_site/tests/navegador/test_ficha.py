"""La ficha de un cliente, en un Chromium de verdad: seguir la línea de tiempo, filtrarla, mirar un día y actuar."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from clientes.tests import fabricas
from movistar_site.tests.navegador.persona import leer, oprimir

pytestmark = [pytest.mark.navegador, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cliente() -> Any:
    """Con tantas consultas que no caben en una página, y un contrato de hace años."""
    cliente = fabricas.FabricaCliente(nombre="Ana", apellido="Ríos", fecha_vinculacion=date(2014, 5, 3))
    servicio = fabricas.servicio_con_precio(nombre="Fibra de antes")
    contrato = fabricas.FabricaContrato(cliente=cliente, servicio=servicio, fecha_inicio=date(2016, 1, 1))
    for n in range(40):
        fabricas.FabricaInteraccion(
            cliente=cliente, contrato=contrato, asunto=f"Caso {n}", fecha=fabricas.AHORA - timedelta(days=n)
        )
    return cliente


def test_la_linea_de_tiempo_se_sigue_sin_dejar_la_pagina(navegador: Any, agente: Any, cliente: Any) -> None:
    pagina = navegador(agente)
    pagina.goto(cliente.get_absolute_url())
    linea = pagina.get_by_role("region", name="Línea de tiempo")
    expect(linea.get_by_text("Se vinculó como cliente")).to_have_count(0)
    oprimir(linea, "Ver más")
    expect(linea.get_by_text("Se vinculó como cliente")).to_be_visible()
    expect(linea.get_by_role("link", name="Ver más")).to_have_count(0)
    # Las dos páginas están, sin repetir nada.
    for n in range(40):
        expect(linea.get_by_role("link", name=f"Consulta: Caso {n}", exact=True)).to_have_count(1)
    assert pagina.url.endswith("/ficha/")


def test_se_filtra_y_se_mira_un_dia(navegador: Any, agente: Any, cliente: Any) -> None:
    pagina = navegador(agente)
    pagina.goto(cliente.get_absolute_url())
    pagina.get_by_role("navigation", name="Clases de suceso").get_by_role("link", name="Contratos").click()
    linea = pagina.get_by_role("region", name="Línea de tiempo")
    expect(linea).to_contain_text("Contrató Fibra de antes")
    expect(linea).not_to_contain_text("Caso 1")
    pagina.get_by_label("¿Qué tenía el día?").fill("2015-12-31")
    oprimir(pagina, "Ver")
    foto = pagina.get_by_role("region", name="Así estaba el 31/12/2015")
    expect(foto).to_contain_text("Ninguno.")
    pagina.get_by_label("¿Qué tenía el día?").fill("2016-01-01")
    oprimir(pagina, "Ver")
    foto = pagina.get_by_role("region", name="Así estaba el 01/01/2016")
    expect(foto).to_contain_text("Fibra de antes")
    # El filtro de la línea de tiempo sigue puesto.
    expect(linea).not_to_contain_text("Caso 1")
    oprimir(foto, "Cerrar")
    expect(foto).to_have_count(0)


def test_desde_la_ficha_se_actua_sobre_un_contrato(navegador: Any, agente: Any, cliente: Any) -> None:
    pagina = navegador(agente, ancho=390, alto=844)
    pagina.goto(cliente.get_absolute_url())
    contratos = pagina.get_by_role("region", name="Contratos", exact=True)
    contratos.locator("summary").first.click()
    contratos.get_by_role("link", name="Terminar").click()
    leer(pagina, "No tiene vuelta")
