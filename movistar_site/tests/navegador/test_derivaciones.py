"""De la orden que premia la permanencia al «Acepto» del cliente, con el navegador y desde un teléfono."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from bonificaciones.models import Bonificacion, Derivacion, Programa
from bonificaciones.tests.fabricas import FabricaPrograma
from bonificaciones.tests.personas import derivada_a
from clientes.models import CargaRne, Contacto
from clientes.tests import fabricas
from movistar_site.comun.models import Parametro, Usuario
from movistar_site.tests.navegador.persona import elegir, leer, llenar, oprimir
from movistar_site.tests.navegador.test_accesibilidad import Revisor

pytestmark = [pytest.mark.navegador, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ana(asesor: Usuario) -> Usuario:
    """La asesora, en una hora en que se puede contactar y con la lista de números excluidos al día."""
    hoy = timezone.localdate()
    Usuario.objects.filter(pk=asesor.pk).update(first_name="Ana", last_name="De Prueba")
    for clave in ("franja_semana", "franja_sabado"):
        Parametro.objects.create(clave=clave, valor="00:00-23:59", vigente_desde=hoy, norma="Prueba")
    # También en domingo o festivo se prueba: aquí ningún día lo es.
    CargaRne.objects.create(consultada_el=hoy, completa=True)
    asesor.refresh_from_db()
    return asesor


@pytest.fixture(autouse=True)
def _ningun_dia_es_festivo(monkeypatch: pytest.MonkeyPatch) -> None:
    """La puerta cierra los domingos y festivos; la prueba corre cualquier día."""
    monkeypatch.setattr("clientes.contacto.Reglas.franja", lambda reglas, dia: reglas.semana)


def cliente_de_hace_anios(nombre: str) -> Any:
    hoy = timezone.localdate()
    desde = hoy.replace(year=hoy.year - 12, day=1)
    cliente = fabricas.FabricaCliente(nombre=nombre, telefono="+573001112233", fecha_vinculacion=desde)
    servicio = fabricas.servicio_con_precio("74900.00", nombre="Fibra inventada")
    fabricas.FabricaContrato(cliente=cliente, servicio=servicio, fecha_inicio=desde)
    fabricas.FabricaConsentimiento(cliente=cliente, canal="telefono", otorgado_el=timezone.now())
    return cliente


def en_la_derivacion(pagina: Any, nombre: str) -> None:
    expect(pagina.get_by_role("heading", level=2, name=nombre)).to_be_visible()


def test_de_la_orden_a_la_aceptacion(navegador: Any, ana: Usuario, agente: Usuario) -> None:
    cliente = cliente_de_hace_anios("Zoraida")
    Programa.objects.all().delete()
    FabricaPrograma(
        codigo="DIEZ-ANIOS", nombre="Más de diez años", descripcion="Hola, {cliente}: le damos {beneficio}."
    )
    salida = StringIO()
    call_command("notificar_fidelizacion", stdout=salida)
    derivacion = Derivacion.objects.get()
    assert (derivacion.cliente, derivacion.asesor) == (cliente, ana)

    # En el teléfono: la campana lo anuncia y lleva a su bandeja.
    pagina = navegador(ana, ancho=390, alto=844)
    revisor = Revisor(pagina)
    pagina.goto("/")
    pagina.get_by_role("link", name="Avisos, 1 sin leer").click()
    pagina.get_by_role("link", name="Recibió 1 cliente con bonificación").click()
    expect(pagina).to_have_url(re.compile("/fidelizacion/derivaciones/mias/"))
    leer(pagina, "10 % de descuento por 6 meses")
    revisor.revisar("la bandeja de derivaciones")
    pagina.get_by_role("link", name="Zoraida Inventada").click()

    # Su página: quién es, qué ganó, qué tiene y qué decirle. El número se marca solo con un contacto abierto.
    en_la_derivacion(pagina, "Zoraida Inventada")
    leer(pagina, "Hola, Zoraida Inventada: le damos 10 % de descuento por 6 meses.")
    leer(pagina, "Fibra inventada")
    expect(pagina.locator("a[href^='tel:']")).to_have_count(0)
    revisor.revisar("la página de una derivación")
    oprimir(pagina, "Llamar")
    en_la_derivacion(pagina, "Contacto en curso por teléfono")
    expect(pagina.locator("a[href='tel:+573001112233']")).to_have_text(re.compile("300 111 2233"))

    # Aceptó: sin prueba no hay aceptación.
    respuesta = pagina.locator("details.derivacion-aceptar")
    respuesta.locator("summary").click()
    oprimir(respuesta, "Guardar que aceptó")
    leer(pagina, "Diga dónde está la prueba de que aceptó: el silencio no vale.")
    revisor.revisar("la página con una falta")
    llenar(respuesta, {"Prueba de que aceptó": "Grabación 4471"})
    oprimir(respuesta, "Guardar que aceptó")
    leer(pagina, "El cliente aceptó: la bonificación queda aceptada.")
    en_la_derivacion(pagina, re.compile("^Aceptó el"))  # type: ignore[arg-type]
    bono = Bonificacion.objects.get()
    assert (bono.estado, bono.aceptada_por, bono.evidencia) == ("aceptada", "telefono", "Grabación 4471")
    assert Contacto.objects.get().resultado == "efectivo"

    revisor.revisar("la página cerrada")
    revisor.comprobar()

    # En la ficha, quien atiende lo ve.
    otra = navegador(agente)
    otra.goto(cliente.get_absolute_url())
    seccion = otra.locator("section", has=otra.get_by_role("heading", name="Bonificaciones"))
    expect(seccion.get_by_text("Aceptada")).to_be_visible()
    expect(seccion.get_by_text("Ana De Prueba")).to_be_visible()


def test_no_responde_pide_otro_dia_y_no_quiere_mas_ofertas(navegador: Any, ana: Usuario) -> None:
    derivacion = derivada_a(ana, cliente=cliente_de_hace_anios("Zoraida"), vence_el=timezone.localdate())
    pagina = navegador(ana)
    pagina.goto(derivacion.get_absolute_url())
    oprimir(pagina, "Llamar")
    oprimir(pagina, "No respondió")
    leer(pagina, "Se le puede buscar ahora")
    despues = pagina.locator("details.derivacion-aplazar")
    despues.locator("summary").click()
    manana = timezone.localdate() + timedelta(days=1)
    llenar(despues, {"Volver el": f"{manana:%Y-%m-%d}", "Qué pidió": "Que mañana en la tarde"})
    oprimir(despues, "Dejar para ese día")
    leer(pagina, "Para después: ese día vuelve a sus pendientes.")
    derivacion.refresh_from_db()
    assert (derivacion.estado, derivacion.volver_el) == ("aplazada", manana)
    oprimir(pagina, "No quiere más ofertas")
    llenar(pagina, {"Cómo lo pidió": "Por teléfono, grabación 12"})
    oprimir(pagina, "Dejar de ofrecerle")
    pagina.goto(derivacion.get_absolute_url())
    leer(pagina, "Pidió que no se le ofrezca más")
    expect(pagina.get_by_role("button", name="Llamar")).to_have_count(0)


def test_el_administrador_pasa_varias_a_otro_asesor_y_ve_la_carga(
    navegador: Any, ana: Usuario, administrador: Usuario
) -> None:
    for nombre in ("Zoraida", "Nicanor"):
        derivada_a(None, cliente=fabricas.FabricaCliente(nombre=nombre), vence_el=None)
    pagina = navegador(administrador)
    pagina.goto("/fidelizacion/derivaciones/sin-asesor/")
    expect(pagina.get_by_role("button", name="Pasar a otro asesor")).to_be_disabled()
    for nombre in ("Zoraida", "Nicanor"):
        pagina.get_by_role("checkbox", name=f"Elegir a {nombre} Inventada").check()
    expect(pagina.locator("#elegidos-cuenta")).to_have_text("2 clientes elegidos")
    oprimir(pagina, "Pasar a otro asesor")
    pagina.get_by_label("Asesor").select_option(label="Ana De Prueba")
    llenar(pagina, {"Motivo": "Es de su zona"})
    oprimir(pagina, "Pasar")
    leer(pagina, "hecho en 2 derivaciones")
    pagina.goto("/fidelizacion/asesores/")
    fila = pagina.get_by_role("row", name=re.compile("Ana De Prueba"))
    expect(fila.get_by_role("cell").first).to_have_text("2")
    revisor = Revisor(pagina)
    revisor.revisar("la carga de los asesores")
    revisor.comprobar()
    fila.get_by_role("link", name="Ajustar a Ana De Prueba").click()
    expect(pagina.get_by_label("Asesor")).to_have_value(str(ana.pk))
    llenar(pagina, {"Máximo de derivaciones abiertas": "2"})
    fabricas.FabricaMunicipio(nombre="Pueblo Inventado")
    elegir(pagina, "Municipios", "Pueblo Inventado")
    oprimir(pagina, "Guardar")
    pagina.goto("/fidelizacion/asesores/")
    leer(pagina, "Lleno")
