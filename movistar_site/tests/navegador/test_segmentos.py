"""Un segmento con el navegador: la cuenta cambia al elegir filtros, se guarda y abre a sus clientes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from bonificaciones.models import Segmento
from clientes.tests import fabricas
from movistar_site.comun.models import Usuario
from movistar_site.tests.navegador.persona import ir_a, llenar, oprimir
from movistar_site.tests.navegador.test_accesibilidad import Revisor
from servicios.tests.fabricas import FabricaPromocion

pytestmark = [pytest.mark.navegador, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("ancho", [1440, 390])
def test_se_arma_un_segmento_mirando_su_cuenta(navegador: Any, administrador: Usuario, ancho: int) -> None:
    fabricas.FabricaCliente.create_batch(3, estrato=3)
    municipio = fabricas.FabricaMunicipio(nombre="Pueblo Uno")
    fabricas.FabricaCliente(estrato=3, municipio=municipio, nombre="Rosa", apellido="Inventada")
    FabricaPromocion()
    pagina = navegador(administrador, ancho=ancho)
    revisor = Revisor(pagina)
    pagina.goto(reverse("admin:bonificaciones_segmento_add"))
    cuenta = pagina.locator(".segmento-cifra")
    expect(cuenta).to_have_text("4")
    pagina.get_by_role("checkbox", name="3", exact=True).check()
    expect(cuenta).to_have_text("4")
    # El selector con buscador avisa por jQuery: la cuenta también se entera.
    pagina.locator(".field-municipio .select2-search__field").fill("Pueblo Uno")
    pagina.get_by_role("option", name=re.compile("Pueblo Uno")).click()
    expect(cuenta).to_have_text("1")
    llenar(pagina, {"Nombre": "Estrato tres del pueblo"})
    revisor.revisar(f"el editor, {ancho}")
    oprimir(pagina, "Guardar")
    expect(pagina.locator(".segmento-cuenta")).to_have_text("1")
    revisor.revisar(f"la lista, {ancho}")
    segmento = Segmento.objects.get()
    assert segmento.filtros == f"estado=activo&estrato=3&municipio={municipio.pk}"
    pagina.get_by_role("link", name=re.compile("Ver 1 cliente de")).click()
    expect(pagina.get_by_text("Rosa Inventada")).to_be_visible()
    expect(pagina.locator(".cliente-grupo")).to_contain_text("Segmento Estrato tres del pueblo. Clientes hoy: 1.")
    revisor.revisar(f"los clientes del segmento, {ancho}")
    revisor.comprobar()


def test_de_la_lista_de_clientes_a_un_segmento(navegador: Any, administrador: Usuario) -> None:
    fabricas.FabricaCliente(categoria_asignada="leal", motivo_categoria="Se ganó")
    fabricas.FabricaCliente()
    pagina = navegador(administrador)
    pagina.goto(f"{reverse('admin:clientes_cliente_changelist')}?categoria=leal")
    oprimir(pagina, "Guardar como segmento")
    expect(pagina.locator(".segmento-cifra")).to_have_text("1")
    llenar(pagina, {"Nombre": "Los leales"})
    oprimir(pagina, "Guardar")
    ir_a(pagina, "Segmentos")
    expect(pagina.get_by_role("link", name="Los leales", exact=True)).to_be_visible()


def test_la_promocion_y_la_ficha_dicen_quien_puede_tenerla(navegador: Any, administrador: Usuario) -> None:
    cliente = fabricas.FabricaCliente()
    puede = FabricaPromocion(nombre="Para todos", vigente_hasta=None)
    FabricaPromocion(nombre="Para leales", categorias=["leal"], vigente_hasta=None)
    pagina = navegador(administrador)
    revisor = Revisor(pagina)
    pagina.goto(reverse("admin:servicios_promocion_change", args=(puede.pk,)))
    expect(pagina.locator(".promocion-alcance")).to_contain_text("Clientes que pueden tenerla hoy1")
    revisor.revisar("la promoción")
    pagina.goto(cliente.get_absolute_url())
    pagina.get_by_text("1 que no puede tener, y por qué").click()
    expect(pagina.get_by_text("Es para clientes de categoría leal; este es regular.")).to_be_visible()
    revisor.revisar("la ficha")
    revisor.comprobar()
