"""El editor de un programa con el navegador: los escalones, lo que alcanza mientras se escribe, y asignar."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bonificaciones.models import Bonificacion, Programa
from bonificaciones.operaciones.otorgar import notificar_fidelizacion
from bonificaciones.tests.fabricas import FabricaPrograma
from clientes.tests import fabricas
from movistar_site.tests.navegador.test_accesibilidad import Revisor

pytestmark = [pytest.mark.navegador, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def rosa(db: None) -> Any:
    hoy = timezone.localdate()
    cliente = fabricas.FabricaCliente(
        nombre="Rosa", apellido="Inventada", fecha_vinculacion=hoy - timedelta(days=4_800)
    )
    fabricas.FabricaContrato(cliente=cliente, estado="activo", precio=Decimal(80_000), fecha_inicio=hoy)
    return cliente


def test_los_escalones_se_escriben_en_renglones_y_el_alcance_cambia_sin_guardar(
    administrador: Any, navegador: Any, rosa: Any
) -> None:
    pagina = navegador(administrador)
    pagina.goto("/bonificaciones/programa/add/")
    alcance = pagina.locator("#alcance")
    expect(alcance).to_contain_text("La cantidad debe ser mayor que cero.")
    pagina.get_by_label("Cálculo").select_option("escalones")
    expect(pagina.locator(".field-cantidad")).to_be_hidden()
    renglones = pagina.locator("[data-escalon]")
    expect(renglones).to_have_count(1)
    for n, (anios, cantidad) in enumerate((("10", "5"), ("12", "12,5"))):
        if n:
            pagina.get_by_role("button", name="Agregar escalón").click()
        renglones.nth(n).get_by_label("Años cumplidos").fill(anios)
        renglones.nth(n).get_by_label("Cantidad").fill(cantidad)
    expect(alcance).to_contain_text("12,5 % de descuento por 1 mes")
    expect(alcance).to_contain_text("$\u00a010.000")
    assert not Programa.objects.filter(calculo="escalones").exists()
    pagina.get_by_label("Nombre").fill("Por años")
    pagina.get_by_label("Código").fill("por-anios")
    pagina.get_by_role("button", name="Guardar", exact=True).click()
    expect(pagina.locator("#result_list")).to_contain_text("Por años")
    assert Programa.objects.get(codigo="POR-ANIOS").escalones[1] == {"anios": 12, "cantidad": "12.50"}


def test_buscar_ahora_asigna_y_la_corrida_abre_sus_filas(administrador: Any, navegador: Any, rosa: Any) -> None:
    programa = FabricaPrograma(nombre="Más de diez")
    pagina = navegador(administrador, ancho=390)
    pagina.goto(f"/fidelizacion/programas/{programa.pk}/correr/")
    pagina.get_by_role("button", name="Asignar a 1 cliente").click()
    expect(pagina.get_by_text("Terminada")).to_be_visible()
    pagina.get_by_role("link", name="Asignadas: ver las 1").click()
    expect(pagina.locator("#result_list")).to_contain_text("Rosa Inventada")
    assert Bonificacion.objects.get().cliente == rosa


def test_las_paginas_de_los_programas_son_accesibles(administrador: Any, navegador: Any, rosa: Any) -> None:
    programa = FabricaPrograma(nombre="Más de diez")
    otro = FabricaPrograma(nombre="En cada aniversario", frecuencia="anual", calculo="escalones",
                           escalones=[{"anios": 10, "cantidad": "5.00"}])  # fmt: skip
    hoy = timezone.localdate()
    corrida = notificar_fidelizacion(programa=programa, hoy=hoy, ahora=timezone.now())
    bono = Bonificacion.objects.get()
    direcciones = (
        "/bonificaciones/programa/", f"/bonificaciones/programa/{otro.pk}/change/", "/bonificaciones/programa/add/",
        f"/fidelizacion/programas/{otro.pk}/correr/", corrida.get_absolute_url(), "/bonificaciones/corrida/",
        "/bonificaciones/bonificacion/", f"/bonificaciones/bonificacion/{bono.pk}/change/",
        f"/fidelizacion/aniversarios/?programa={otro.pk}&dias=90",
        f"/fidelizacion/aniversarios/?programa={otro.pk}&ver=mes",
    )  # fmt: skip
    ancho = Revisor(navegador(administrador))
    ancho.abrir(*direcciones)
    angosto = Revisor(navegador(administrador, ancho=390), ancho.faltas)
    angosto.abrir(*direcciones)
    assert not ancho.faltas, "\n".join(ancho.faltas)
