"""Cambiar un plan y arrepentirse, ceder un contrato, y fusionar dos fichas y deshacerlo, en un Chromium de verdad."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from clientes.models import Cliente, Contrato
from clientes.tests import fabricas
from movistar_site.tests.navegador.persona import campo, elegir, ir_a, leer, llenar, lo_que_se_sale, oprimir, titulo
from movistar_site.tests.navegador.test_accesibilidad import Revisor

pytestmark = [pytest.mark.navegador, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ana(db: None) -> Cliente:
    return fabricas.FabricaCliente(
        nombre="Ana María", apellido="Ríos", telefono="+573001234567", fecha_vinculacion=date(2020, 1, 15)
    )


@pytest.fixture
def repetida(ana: Cliente) -> Cliente:
    otra = fabricas.FabricaCliente(
        nombre="Ana", apellido="Rios", telefono="+573001234567", email="ana@ejemplo.co",
        fecha_vinculacion=date(2012, 3, 1), notas="Prefiere la tarde",
    )  # fmt: skip
    contrato = fabricas.FabricaContrato(cliente=otra)
    fabricas.FabricaInteraccion(cliente=otra, contrato=contrato)
    for duena in (ana, otra):
        fabricas.FabricaConsentimiento(cliente=duena)
    return otra


@pytest.fixture
def contrato(ana: Cliente) -> Contrato:
    servicio = fabricas.servicio_con_precio("74900", codigo="FIB-300", nombre="Fibra 300")
    fabricas.servicio_con_precio("99900", tipo=servicio.tipo, codigo="FIB-600", nombre="Fibra 600")
    inicio = timezone.localdate() - timedelta(days=100)
    return fabricas.FabricaContrato(
        cliente=ana, servicio=servicio, fecha_inicio=inicio, permanencia_meses=12, anexo_permanencia="A-7"
    )


def _ficha(registro: Any) -> str:
    return reverse(f"admin:clientes_{registro._meta.model_name}_change", args=(registro.pk,))


# --- El contrato -----------------------------------------------------------------------------------------------------
def _elegir_servicio(pagina: Any, nombre: str) -> None:
    pagina.locator(".select2-selection").first.click()
    pagina.get_by_role("option").filter(has_text=nombre).first.click()


def test_se_programa_un_cambio_de_plan_se_anula_y_se_cambia_hoy(
    navegador: Any, agente: Any, contrato: Contrato
) -> None:
    pagina = navegador(agente)
    pagina.goto(_ficha(contrato))
    oprimir(pagina, "Cambiar plan")
    leer(pagina, "Hoy tiene «FIB-300 · Fibra 300»")
    _elegir_servicio(pagina, "FIB-600")
    pagina.get_by_text("Al terminar el período de cobro").click()
    oprimir(pagina, "Cambiar plan")
    movimientos = pagina.get_by_role("region", name="Movimientos del contrato")
    expect(movimientos).to_contain_text("Programado")
    oprimir(movimientos, "Anular")
    leer(pagina, "pasa a «FIB-600")
    oprimir(pagina, "Anular el cambio")
    expect(movimientos).to_contain_text("Anulado")
    oprimir(pagina, "Cambiar plan")
    _elegir_servicio(pagina, "FIB-600")
    oprimir(pagina, "Cambiar plan")
    expect(movimientos).to_contain_text("Aplicado")
    expect(movimientos.get_by_role("row").filter(has_text="Precio").first).to_contain_text("99.900")


def test_suspender_a_peticion_dice_cuanto_queda_y_ceder_lleva_a_quien_recibe(
    navegador: Any, agente: Any, contrato: Contrato
) -> None:
    fabricas.FabricaCliente(nombre="Zoila", apellido="Recibe")
    pagina = navegador(agente)
    pagina.goto(_ficha(contrato))
    oprimir(pagina, "Suspender")
    campo(pagina, "Por qué se suspende").select_option(label="A petición del cliente")
    campo(pagina, "Motivo").fill("Viaja")
    oprimir(pagina, "Suspender contrato")
    leer(pagina, "Le quedan 60 días")
    campo(pagina, "Se reanuda el").fill(f"{timezone.localdate() + timedelta(days=20):%d/%m/%Y}")
    pagina.keyboard.press("Escape")
    oprimir(pagina, "Suspender contrato")
    leer(pagina, "En curso, prevista")
    oprimir(pagina, "Ceder")
    elegir(pagina, "Nuevo titular", "Zoila")
    oprimir(pagina, "Ceder contrato")
    leer(pagina, "Pasó a Zoila Recibe")
    oprimir(pagina, Contrato.objects.latest("pk").numero)
    leer(pagina, "Viene del contrato")


# --- Fichas repetidas ------------------------------------------------------------------------------------------------
def test_al_crear_una_ficha_repetida_se_avisa_antes_de_guardar(navegador: Any, agente: Any, ana: Cliente) -> None:
    pagina = navegador(agente)
    pagina.goto("/clientes/cliente/add/")
    llenar(pagina, {"Documento": "1.020.304.050", "Nombre": "Ana", "Apellido": "Ríos"})
    llenar(pagina, {"Fecha de vinculación": "15/03/2012", "Teléfono": "300 123 45 67"})
    oprimir(pagina, "Guardar")
    aviso = pagina.get_by_role("alert").filter(has_text="¿No es alguno de estos clientes?")
    expect(aviso.get_by_role("link", name=re.compile("Ana María Ríos"))).to_be_visible()
    expect(pagina.get_by_text("Corrija los errores")).to_be_hidden()
    assert Cliente.objects.count() == 1
    oprimir(pagina, "Guardar de todas formas")
    titulo(pagina, "Ana Ríos")
    assert Cliente.objects.count() == 2


def test_dos_fichas_se_fusionan_dato_por_dato_y_se_deshace(
    navegador: Any, administrador: Any, ana: Cliente, repetida: Cliente
) -> None:
    pagina = navegador(administrador)
    pagina.goto("/")
    ir_a(pagina, "Posibles duplicados")
    leer(pagina, "300 123 4567")
    pagina.get_by_role("link", name=re.compile("^merge Comparar|^Comparar")).click()
    titulo(pagina, "Fusionar dos fichas")
    # La más antigua es la que queda; se cambia: que quede Ana María.
    oprimir(pagina, "Que quede la otra")
    fila = pagina.get_by_role("row").filter(has_text="Fecha de vinculación")
    expect(fila.get_by_label("Fecha de vinculación: 01/03/2012")).to_be_checked()
    expect(pagina.get_by_role("row").filter(has_text="ana@ejemplo.co").get_by_role("radio").nth(1)).to_be_checked()
    leer(pagina, "1 autorización está vigente en las dos")
    pagina.get_by_role("row").filter(has_text="Notas").get_by_role("radio").first.check()
    campo(pagina, "Motivo (opcional; queda en la historia)").fill("Se registró dos veces")
    oprimir(pagina, "Fusionar las dos fichas")
    leer(pagina, "Ana Rios quedó en esta ficha")
    ana.refresh_from_db()
    assert (ana.email, ana.fecha_vinculacion, ana.notas) == ("ana@ejemplo.co", date(2012, 3, 1), "")
    assert Contrato.objects.get().cliente == ana
    ir_a(pagina, "Posibles duplicados")
    leer(pagina, "Ningún cliente repetido")
    oprimir(pagina, "Fusiones hechas")
    fila = pagina.get_by_role("row").filter(has_text="Se registró dos veces")
    fila.get_by_role("link", name=re.compile("^Deshacer")).click()
    leer(pagina, "vuelve a tener su ficha")
    oprimir(pagina, "Deshacer la fusión")
    leer(pagina, "esta ficha volvió, con lo que era suyo")
    assert Contrato.objects.get().cliente_id == repetida.pk
    ana.refresh_from_db()
    assert (ana.email, ana.fecha_vinculacion) == ("", date(2020, 1, 15))


@pytest.mark.parametrize("ancho", [1440, 390])
def test_estas_paginas_se_leen_bien(
    navegador: Any, superusuario: Any, repetida: Cliente, contrato: Contrato, ancho: int
) -> None:
    from clientes.operaciones import cambiar_plan, fusionar_clientes, suspender_contrato

    hoy, ana = timezone.localdate(), contrato.cliente
    fibra = contrato.servicio.tipo.servicios.get(codigo="FIB-600")
    cambiar_plan(contrato, servicio=fibra, cuando="fin_de_periodo", usuario=superusuario, hoy=hoy)
    suspender_contrato(contrato, clase="mora", motivo="Cartera", usuario=superusuario, hoy=hoy)
    una, otra = fabricas.FabricaCliente(), fabricas.FabricaCliente()
    hecha = fusionar_clientes(una, absorbido=otra, elegidos={}, usuario=superusuario, ahora=timezone.now())
    activo = repetida.contratos.get()  # type: ignore[attr-defined]
    acciones = [
        f"/clientes/contrato/{activo.pk}/accion/{a}/" for a in ("suspender", "cambiar-plan", "ceder", "terminar")
    ]
    revisor = Revisor(navegador(superusuario, ancho=ancho, alto=844))
    revisor.abrir(
        _ficha(contrato), *acciones, "/duplicados/", "/duplicados/?por=email", f"/fusionar/{ana.pk}/?q=rios",
        f"/fusionar/{ana.pk}/{repetida.pk}/", "/fusiones/", f"/fusiones/{hecha.pk}/deshacer/",
    )  # fmt: skip
    revisor.pagina.goto("/clientes/cliente/add/")
    llenar(revisor.pagina, {"Documento": "1.020.304.050", "Nombre": "Ana", "Apellido": "Ríos"})
    llenar(revisor.pagina, {"Fecha de vinculación": "15/03/2012", "Teléfono": "300 123 45 67"})
    oprimir(revisor.pagina, "Guardar")
    leer(revisor.pagina, "¿No es alguno de estos clientes?")
    revisor.revisar("el aviso de duplicados")
    assert lo_que_se_sale(revisor.pagina) == [] or ancho == 1440
    revisor.comprobar()
