"""Programar un envío con el navegador: del reporte con sus filtros a la entrega que llegó."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from movistar_site.tests.navegador.persona import oprimir
from movistar_site.tests.navegador.test_accesibilidad import Revisor
from reportes.models import EstadoEntrega
from reportes.tests.escenas_envios import FabricaEntrega, FabricaEnvio

pytestmark = [pytest.mark.navegador, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("ancho", [1440, 390])
def test_del_reporte_a_la_entrega_que_llego(navegador: Any, administrador: Any, ancho: int) -> None:
    pagina = navegador(administrador, ancho=ancho)
    revisor = Revisor(pagina)
    pagina.goto("/reportes/popularidad/?periodo=mes_pasado&red=movil")
    pagina.get_by_role("link", name="Programar envío").click()
    expect(pagina.get_by_label("Día de la semana")).to_be_visible()
    expect(pagina.get_by_label("Día del mes")).to_be_hidden()
    pagina.locator("select[name=cada]").select_option(label="Cada mes")
    expect(pagina.get_by_label("Día de la semana")).to_be_hidden()
    pagina.locator("select[name=dia_mes]").select_option(label="El último")
    pagina.locator("textarea[name=destinatarios]").fill("nadie")
    revisor.revisar(f"el formulario, {ancho}")
    oprimir(pagina, "Programar")
    expect(pagina.get_by_text("No es una dirección de correo")).to_be_visible()
    revisor.revisar(f"el formulario con faltas, {ancho}")
    pagina.locator("textarea[name=destinatarios]").fill("jefa@example.co\nplaneacion@example.co")
    oprimir(pagina, "Programar")
    expect(pagina.locator(".envios-datos")).to_contain_text("El último día de cada mes a las 07:00")
    expect(pagina.locator(".envios-datos")).to_contain_text("Móvil")
    oprimir(pagina, "Enviar ahora")
    expect(pagina.locator(".envios-tabla")).to_contain_text("Enviada")
    assert mail.outbox[-1].to == ["jefa@example.co", "planeacion@example.co"]
    pagina.get_by_text("2 direcciones").click()
    revisor.revisar(f"el envío, {ancho}")
    oprimir(pagina, "Pausar")
    expect(pagina.locator(".envios-datos").first).to_contain_text("Ninguna")
    pagina.get_by_role("link", name="Quitar").click()
    revisor.revisar(f"quitarlo, {ancho}")
    oprimir(pagina, "Quitar")
    expect(pagina.get_by_role("heading", name="No tiene envíos programados")).to_be_visible()
    revisor.revisar(f"sin envíos, {ancho}")
    revisor.comprobar()


@pytest.mark.parametrize("ancho", [1440, 390])
def test_los_envios_con_de_todo(navegador: Any, administrador: Any, ancho: int) -> None:
    manana = timezone.now() + timedelta(days=1)
    activo = FabricaEnvio(usuario=administrador, proxima_el=manana)
    for n, (estado, nota) in enumerate(
        [(EstadoEntrega.ENVIADA, ""), (EstadoEntrega.FALLIDA, "El archivo pesa más de 10 MB."),
         (EstadoEntrega.OMITIDA, "La reemplazó la del 22/11/2026 07:00.")]
    ):  # fmt: skip
        FabricaEntrega(envio=activo, para=manana - timedelta(days=n + 2), estado=estado, nota=nota, bytes=18_432)
    FabricaEntrega(
        envio=activo, para=manana - timedelta(days=1), estado=EstadoEntrega.PENDIENTE, cerrada_el=None, intentos=2,
        intentar_el=manana, nota="El servidor de correo no contestó (ConnectionRefusedError).",
    )  # fmt: skip
    detenido = FabricaEnvio(usuario=administrador, estado="detenido", detenido_por="El filtro «Segmento» ya no vale.")
    FabricaEnvio(proxima_el=manana, cada="mes", dia=31)
    revisor = Revisor(navegador(administrador, ancho=ancho))
    lista = reverse("envios")
    revisor.abrir(lista, f"{lista}?de=todos", reverse("nuevo_envio"), reverse("editar_envio", args=(activo.pk,)))
    revisor.abrir(*(reverse("envio", args=(uno.pk,)) for uno in (activo, detenido)))
    revisor.comprobar()
