"""El tablero en el navegador: los gráficos se dibujan y las tarjetas se ordenan, con el teclado o arrastrando."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from clientes.tests import fabricas
from movistar_site.tests.navegador.persona import oprimir
from movistar_site.tests.navegador.test_accesibilidad import Revisor
from reportes.tablero import eleccion
from reportes.tablero.tarjeta import TARJETAS

pytestmark = [pytest.mark.navegador, pytest.mark.django_db(transaction=True)]
DIBUJADOS = "() => [...document.querySelectorAll('canvas[data-grafico]')].every((uno) => Chart.getChart(uno))"


@pytest.fixture
def con_datos(db: None, superusuario: Any) -> None:
    for dias in range(3):
        contrato = fabricas.FabricaContrato(cliente=fabricas.FabricaCliente(municipio=fabricas.FabricaMunicipio()))
        fabricas.FabricaInteraccion(cliente=contrato.cliente, vence_el=fabricas.HOY.replace(day=1 + dias))


def puestas(pagina: Any, zona: str) -> list[str]:
    return list(pagina.locator(f"section[aria-labelledby=zona-{zona}] ol strong").all_inner_texts())


@pytest.mark.parametrize("ancho", [1440, 390])
def test_con_todas_las_tarjetas_se_lee_bien(navegador: Any, superusuario: Any, con_datos: None, ancho: int) -> None:
    eleccion.elegir(superusuario, TARJETAS)
    pagina = navegador(superusuario, ancho=ancho)
    revisor = Revisor(pagina)
    revisor.abrir("/", "/?periodo=12_meses")
    pagina.wait_for_function(DIBUJADOS)
    pagina.get_by_text("Ver en una tabla").first.click()
    pagina.locator(".tablero-que-es > summary").first.click()
    revisor.revisar("el tablero abierto")
    revisor.abrir("/tablero/")
    revisor.comprobar()


def test_cada_renglon_de_lo_pendiente_lleva_a_sus_filas(navegador: Any, superusuario: Any, con_datos: None) -> None:
    pagina = navegador(superusuario)
    pagina.goto("/")
    pagina.get_by_role("link", name="3 casos vencidos sin responder").click()
    expect(pagina.get_by_role("heading", level=1)).to_contain_text("Bandeja de trabajo")
    expect(pagina.locator(".bandeja-tabla tbody tr")).to_have_count(3)


def test_las_tarjetas_se_ordenan_con_el_teclado_y_el_foco_no_se_pierde(navegador: Any, superusuario: Any) -> None:
    eleccion.elegir(superusuario, ["clientes-activos", "contratos-activos", "reclamaciones", "servicios-populares"])
    pagina = navegador(superusuario)
    pagina.goto("/tablero/")
    boton = pagina.get_by_role("button", name="Bajar Clientes activos")
    boton.focus()
    pagina.keyboard.press("Enter")
    expect(pagina.get_by_role("status")).to_have_text("«Clientes activos» quedó en el lugar 2 de 3.")
    expect(boton).to_be_focused()
    pagina.keyboard.press("Enter")
    expect(pagina.get_by_role("status")).to_have_text("«Clientes activos» quedó en el lugar 3 de 3.")
    assert puestas(pagina, "cifras") == ["Contratos activos", "Reclamaciones", "Clientes activos"]
    oprimir(pagina, "Ver el tablero")
    expect(pagina.locator(".tablero-cifra h2").last).to_contain_text("Clientes activos")


def test_las_tarjetas_se_arrastran_y_quedan_guardadas(navegador: Any, superusuario: Any) -> None:
    eleccion.elegir(superusuario, ["clientes-activos", "contratos-activos", "reclamaciones"])
    pagina = navegador(superusuario)
    pagina.goto("/tablero/")
    agarres = pagina.locator(".tablero-agarre")
    agarres.nth(2).hover()
    pagina.mouse.down()
    for n in (1, 0):
        caja = agarres.nth(n).bounding_box()
        pagina.mouse.move(caja["x"] + 5, caja["y"] + 2, steps=8)
    pagina.mouse.up()
    expect(pagina.get_by_role("status")).to_have_text("Quedó guardado el nuevo orden.")
    esperadas = ["Reclamaciones", "Clientes activos", "Contratos activos"]
    assert puestas(pagina, "cifras") == esperadas
    pagina.reload()
    assert puestas(pagina, "cifras") == esperadas


def test_sin_guiones_tambien_se_personaliza(browser: Any, live_server: Any, superusuario: Any) -> None:
    from conftest import _galleta_de

    eleccion.elegir(superusuario, ["clientes-activos", "contratos-activos"])
    contexto = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="es-CO")
    contexto.add_cookies([{**_galleta_de(superusuario), "url": live_server.url}])
    pagina = contexto.new_page()
    pagina.goto("/tablero/")
    pagina.locator("button[name=subir][value=contratos-activos]").dispatch_event("click")
    expect(pagina.locator("ol strong").first).to_have_text("Contratos activos")
    pagina.locator("button[name=quitar][value=clientes-activos]").dispatch_event("click")
    expect(pagina.locator("section[aria-labelledby=zona-cifras] ol strong")).to_have_count(1)
    contexto.close()
    assert [una.clave for una in eleccion.elegidas(superusuario)] == ["contratos-activos"]
