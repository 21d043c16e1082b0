"""Un reporte con el navegador: se filtra, se ordena, se abre una cifra y sus filas son las que dice."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import expect

from movistar_site.comun.models import Usuario
from movistar_site.tests.navegador.persona import oprimir
from movistar_site.tests.navegador.test_accesibilidad import Revisor
from reportes.marco import REPORTES, Agrupado
from reportes.marco.enlaces import direccion, direccion_de_filas

pytestmark = [pytest.mark.navegador, pytest.mark.django_db(transaction=True)]
DIBUJADO = "lienzo => Boolean(window.Chart.getChart(lienzo))"


@pytest.fixture
def operador(transactional_db: None) -> None:
    call_command("datos_demo", clientes=120, agregar=True, verbosity=0)


@pytest.mark.parametrize("ancho", [1440, 390])
def test_de_una_cifra_a_sus_filas_y_de_vuelta(
    navegador: Any, administrador: Usuario, operador: None, ancho: int
) -> None:
    pagina = navegador(administrador, ancho=ancho)
    revisor = Revisor(pagina)
    pagina.goto(reverse("reportes"))
    pagina.get_by_role("link", name=re.compile("Servicios más populares")).click()
    lienzo = pagina.locator("canvas[data-grafico]")
    expect(lienzo).to_be_visible()
    pagina.wait_for_function(DIBUJADO, arg=lienzo.element_handle())
    revisor.revisar(f"el reporte, {ancho}")
    pagina.get_by_text("Filtros", exact=False).first.click()
    pagina.get_by_label("Red").select_option(label="Móvil")
    oprimir(pagina, "Ver")
    expect(pagina).to_have_url(re.compile("red=movil"))
    expect(pagina.locator(".reporte-dichos")).to_contain_text("Móvil")
    primera = pagina.locator(".reporte-tabla tbody:not(.reporte-total) td a").first
    cifra = primera.inner_text()
    primera.click()
    expect(pagina.locator(".reporte-cuantas")).to_have_text(cifra)
    assert pagina.locator(".reporte-tabla tbody tr").count() == min(int(cifra.replace(".", "")), 25)
    revisor.revisar(f"las filas, {ancho}")
    pagina.get_by_role("link", name="Servicios más populares").click()
    expect(pagina).to_have_url(re.compile("red=movil"))
    revisor.comprobar()


def test_se_baja_lo_que_esta_a_la_vista(navegador: Any, administrador: Usuario, operador: None) -> None:
    pagina = navegador(administrador)
    pagina.goto(direccion("popularidad", {"red": "movil"}))
    pagina.get_by_text("Descargar").click()
    for nombre, fin in (("Excel", ".xlsx"), ("PDF", ".pdf")):
        with pagina.expect_download() as bajado:
            pagina.get_by_role("link", name=nombre, exact=True).click()
        assert bajado.value.suggested_filename.endswith(fin)


@pytest.mark.parametrize("ancho", [1440, 390])
def test_ningun_reporte_tiene_faltas_de_accesibilidad(
    navegador: Any, administrador: Usuario, operador: None, ancho: int
) -> None:
    pagina = navegador(administrador, ancho=ancho)
    revisor = Revisor(pagina)
    for clave, reporte in REPORTES.items():
        todo = {"periodo": "todo"} if reporte.con_periodo else {}
        revisor.abrir(direccion(clave, todo))
        if isinstance(reporte, Agrupado):
            revisor.abrir(direccion_de_filas(clave, reporte.cifras[0].nombre, parametros=todo))
    revisor.comprobar()
