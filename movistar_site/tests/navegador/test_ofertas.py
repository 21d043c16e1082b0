"""Las ofertas en el navegador: de la ficha a presentada y contestada, el editor de reglas y sus páginas con axe."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from bonificaciones.models import Oferta, ReglaOferta
from bonificaciones.operaciones.sugerir import sugerir_ofertas
from bonificaciones.tests.escenas_ofertas import Escena
from bonificaciones.tests.fabricas import FabricaOferta
from clientes.models import Cliente
from movistar_site.tests.navegador.persona import leer, oprimir
from movistar_site.tests.navegador.test_accesibilidad import ANCHO_DE_TELEFONO, Revisor

pytestmark = [pytest.mark.navegador, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cliente(db: None) -> Cliente:
    """Uno que solo tiene móvil donde se vende fibra, con algo que espera respuesta."""
    escena = Escena()
    uno = escena.cliente("POS-10", nombre="Nidia", apellido="De Prueba")
    escena.caso(uno, hace=200)
    FabricaOferta(cliente=uno, titulo="Una que espera", presentada_el=timezone.now())
    sugerir_ofertas(hoy=timezone.localdate())
    return uno


def _paginas(cliente: Cliente) -> list[str]:
    regla, oferta = ReglaOferta.objects.get(codigo="CONVERGENCIA"), Oferta.objects.get()
    return [
        cliente.get_absolute_url(),
        reverse("presentar_oferta", args=(cliente.pk, regla.pk)),
        reverse("admin:bonificaciones_oferta_accion", args=(oferta.pk, "rechazar")),
        reverse("admin:bonificaciones_oferta_changelist"),
        reverse("admin:bonificaciones_oferta_change", args=(oferta.pk,)),
        reverse("admin:bonificaciones_reglaoferta_changelist"),
        reverse("admin:bonificaciones_reglaoferta_add"),
        reverse("admin:bonificaciones_reglaoferta_change", args=(regla.pk,)),
        f"{reverse('probar_reglas')}?cliente={cliente.pk}&regla={regla.pk}",
        f"{reverse('sugerencias')}?regla={regla.pk}",
    ]


@pytest.mark.parametrize("ancho", [1440, ANCHO_DE_TELEFONO])
def test_las_paginas_de_las_ofertas_con_axe(navegador: Any, superusuario: Any, cliente: Cliente, ancho: int) -> None:
    revisor = Revisor(navegador(superusuario, ancho=ancho))
    revisor.abrir(*_paginas(cliente))
    revisor.pagina.goto(cliente.get_absolute_url())
    revisor.pagina.get_by_text("Por qué no las otras").click()
    leer(revisor.pagina, "Lo cambiaría:")
    revisor.revisar("las otras, abiertas")
    revisor.comprobar()


def test_de_la_ficha_a_que_la_acepto(navegador: Any, asesor: Any, cliente: Cliente) -> None:
    pagina = navegador(asesor)
    pagina.goto(cliente.get_absolute_url())
    pagina.get_by_role("link", name="Presentar Fib-300").click()
    leer(pagina, "Qué se le ofrece")
    pagina.get_by_label("Por dónde").select_option("oficina")
    oprimir(pagina, "Presentar la oferta")
    leer(pagina, "Oferta presentada: Fib-300.")
    pagina.get_by_role("link", name="Aceptó Fib-300").click()
    oprimir(pagina, "Anotar que aceptó")
    leer(pagina, "Oferta aceptada.")
    assert Oferta.objects.get(titulo="Fib-300").estado == "aceptada"


def test_el_editor_ajusta_cada_renglon_a_su_hecho(navegador: Any, administrador: Any, cliente: Cliente) -> None:
    pagina = navegador(administrador)
    pagina.goto(reverse("admin:bonificaciones_reglaoferta_add"))
    pagina.get_by_label("Nombre").fill("Gesto de año nuevo")
    pagina.get_by_label("Código").fill("GESTO")
    pagina.get_by_label("Hecho").select_option("meses")
    pagina.get_by_label("Valor").fill("24")
    oprimir(pagina, "Agregar condición")
    pagina.get_by_label("Hecho").nth(1).select_option("mora")
    pagina.get_by_label("Valor").nth(1).select_option("no")
    oprimir(pagina, "Agregar condición")
    pagina.get_by_role("button", name="Quitar la condición").nth(2).click()
    assert not pagina.locator("#id_beneficio").is_visible()
    pagina.locator("#id_accion").select_option("beneficio")
    pagina.locator("#id_beneficio").fill("Un gesto")
    pagina.locator("#id_porque").fill("Empieza el año")
    pagina.get_by_role("button", name="Guardar", exact=True).click()
    leer(pagina, "Reglas de oferta")
    regla = ReglaOferta.objects.get(codigo="GESTO")
    assert [(una["hecho"], una["operador"], una["valor"]) for una in regla.condiciones] == [
        ("meses", "minimo", 24), ("mora", "igual", False),
    ]  # fmt: skip
