"""La bandeja con el navegador: un caso se vence y se cumple, se asignan y se responden varios, y vistas."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from clientes import operaciones
from clientes.models import Interaccion, PlantillaRespuesta
from clientes.tests import fabricas
from movistar_site.comun.models import Usuario
from movistar_site.tests.navegador.persona import ir_a, leer, llenar, oprimir
from movistar_site.tests.navegador.test_accesibilidad import Revisor

pytestmark = [pytest.mark.navegador, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def laura(agente: Usuario) -> Usuario:
    Usuario.objects.filter(pk=agente.pk).update(first_name="Laura", last_name="De Prueba")
    agente.refresh_from_db()
    return agente


def radicar(asunto: str, **campos: Any) -> Interaccion:
    ahora = timezone.now()
    datos = {"tipo": "reclamacion", "canal": "telefono", "texto": "Lo que dijo.", "usuario": None, "ahora": ahora}
    cliente = fabricas.FabricaCliente(nombre="Ana", apellido="Inventada")
    return operaciones.registrar_interaccion(cliente=cliente, asunto=asunto, **{**datos, **campos})


def abrir_bandeja(pagina: Any, cual: str) -> None:
    pagina.get_by_role("navigation", name="Bandejas").get_by_role("link", name=re.compile(f"^{cual}")).click()
    expect(pagina.locator("[aria-current='page']").get_by_text(cual)).to_be_visible()


def marcar(pagina: Any, numero: str) -> None:
    pagina.get_by_role("checkbox", name=f"Elegir {numero}").check()


def test_un_caso_se_vence_se_ve_en_silencio_y_se_le_cumple(navegador: Any, laura: Usuario) -> None:
    caso = radicar("Me cobraron dos veces")
    operaciones.asignar_interaccion(caso, usuario=None, responsable=laura)
    vence: Any = caso.vence_el
    salida = StringIO()
    call_command("revisar_plazos", hoy=f"{vence + timedelta(days=1):%Y-%m-%d}", stdout=salida)
    assert "1 silencio positivo anotado" in salida.getvalue()
    pagina = navegador(laura)
    pagina.goto("/")
    # La campana lo anuncia y el aviso lleva al caso.
    pagina.get_by_role("link", name="Avisos, 1 sin leer").click()
    pagina.get_by_role("link", name=re.compile(f"Silencio positivo: {caso.numero}")).click()
    expect(pagina).to_have_url(re.compile(rf"/clientes/interaccion/{caso.pk}/"))
    expect(pagina.get_by_role("link", name="Avisos", exact=True)).to_be_visible()
    ir_a(pagina, "Bandeja de trabajo")
    abrir_bandeja(pagina, "Silencio")
    leer(pagina, caso.numero)
    marcar(pagina, caso.numero)
    expect(pagina.locator("#elegidos-cuenta")).to_have_text("1 caso elegido")
    oprimir(pagina, "Cumplir el silencio")
    llenar(pagina, {"Cómo se le cumplió": "Se le devolvieron $ 74.900 en su factura."})
    oprimir(pagina, "Cumplir el silencio")
    leer(pagina, "hecho en 1 interacción")
    leer(pagina, "No hay silencios positivos por cumplir.")
    caso.refresh_from_db()
    assert caso.silencio.cumplido_por_nombre == "Laura De Prueba"


def test_se_asignan_varios_y_la_fila_abre_el_caso(navegador: Any, laura: Usuario) -> None:
    casos = [radicar(f"Caso número {n}") for n in range(3)]
    pagina = navegador(laura)
    pagina.goto("/atencion/bandeja/sin-asignar/")
    expect(pagina.get_by_role("button", name="Asignar")).to_be_disabled()
    pagina.get_by_role("checkbox", name="Elegir todos los de esta página").check()
    expect(pagina.locator("#elegidos-cuenta")).to_have_text("3 casos elegidos")
    pagina.get_by_role("checkbox", name=f"Elegir {casos[2].numero}").uncheck()
    oprimir(pagina, "Asignar")
    pagina.get_by_label("Persona", exact=True).select_option(label="Laura De Prueba")
    oprimir(pagina, "Asignar")
    leer(pagina, "Asignar: hecho en 2 interacciones.")
    abrir_bandeja(pagina, "Mías")
    leer(pagina, casos[0].numero)
    pagina.get_by_role("row").filter(has_text=casos[1].numero).get_by_text("Caso número 1").click()
    expect(pagina).to_have_url(re.compile(rf"/clientes/interaccion/{casos[1].pk}/"))


def test_se_responden_varios_con_una_plantilla_despues_de_leer_cada_texto(navegador: Any, laura: Usuario) -> None:
    PlantillaRespuesta.objects.create(nombre="Acuse de prueba", texto="Señor(a) {cliente}: {numero} quedó resuelto.")
    casos = [radicar(f"Caso número {n}", fecha=timezone.now() - timedelta(hours=2)) for n in range(2)]
    pagina = navegador(laura)
    pagina.goto("/atencion/bandeja/sin-asignar/")
    pagina.get_by_role("checkbox", name="Elegir todos los de esta página").check()
    oprimir(pagina, "Responder con plantilla")
    pagina.get_by_label("Plantilla").select_option(label="Acuse de prueba")
    pagina.get_by_label("Se resolvió").select_option(label="A favor del cliente")
    oprimir(pagina, "Ver los textos")
    primero = pagina.get_by_label(f"Respuesta de {casos[0].numero}")
    expect(primero).to_have_value(f"Señor(a) Ana Inventada: {casos[0].numero} quedó resuelto.")
    primero.fill("Texto corregido a mano.")
    oprimir(pagina, "Guardar 2 respuestas")
    leer(pagina, "hecho en 2 interacciones")
    assert Interaccion.objects.get(pk=casos[0].pk).respuesta == "Texto corregido a mano."
    assert casos[1].numero in Interaccion.objects.get(pk=casos[1].pk).respuesta


def test_una_vista_se_guarda_se_abre_al_entrar_y_se_borra(navegador: Any, laura: Usuario) -> None:
    radicar("Por la página", canal="web")
    radicar("Por teléfono")
    pagina = navegador(laura)
    pagina.goto("/atencion/bandeja/sin-asignar/")
    oprimir(pagina, "Filtros")
    pagina.get_by_role("group", name="Canal").get_by_label("Página web").check()
    oprimir(pagina, "Filtrar")
    expect(pagina.get_by_text("Por teléfono")).to_have_count(0)
    pagina.locator(".panel-menu > summary").click()
    pagina.get_by_label("Nombre", exact=True).fill("Lo de la web")
    pagina.get_by_label("Abrirla al entrar").check()
    oprimir(pagina, "Guardar vista")
    leer(pagina, "Vista «Lo de la web» guardada.")
    pagina.goto("/")
    ir_a(pagina, "Bandeja de trabajo")
    expect(pagina).to_have_url(re.compile(r"sin-asignar/\?canal=web$"))
    expect(pagina.locator(".panel-menu > summary")).to_contain_text("Lo de la web")
    pagina.locator(".panel-menu > summary").click()
    pagina.get_by_label("Cambiar la vista «Lo de la web»").click()
    oprimir(pagina, "Borrar")
    leer(pagina, "Vista «Lo de la web» borrada.")


def test_la_bandeja_y_los_avisos_son_accesibles(navegador: Any, laura: Usuario) -> None:
    equipo = fabricas.FabricaEquipo()
    equipo.miembros.add(laura)
    casos = [radicar(f"Un asunto más bien largo para ver cómo se parte, número {n}") for n in range(3)]
    for caso in casos[:2]:
        operaciones.asignar_interaccion(caso, usuario=None, responsable=laura, equipo=equipo)
    radicar("Una idea", tipo="sugerencia")
    vence: Any = casos[0].vence_el
    call_command("revisar_plazos", hoy=f"{vence + timedelta(days=1):%Y-%m-%d}", stdout=StringIO())
    PlantillaRespuesta.objects.create(nombre="Acuse de prueba", texto="Señor(a) {cliente}.")
    bandejas = [f"/atencion/bandeja/{slug}/" for slug in ("mi-equipo", "sin-asignar", "silencio", "esta-semana")]
    ancho = Revisor(navegador(laura))
    angosto = Revisor(navegador(laura, ancho=390), ancho.faltas)
    for revisor in (ancho, angosto):
        revisor.abrir(*bandejas, "/avisos/")
        revisor.pagina.goto("/atencion/bandeja/sin-asignar/")
        oprimir(revisor.pagina, "Filtros")
        revisor.pagina.locator(".panel-menu > summary").click()
        revisor.revisar("filtros y vistas abiertos")
        revisor.pagina.goto("/atencion/bandeja/sin-asignar/")
        marcar(revisor.pagina, casos[2].numero)
        oprimir(revisor.pagina, "Responder con plantilla")
        revisor.revisar("elegir la plantilla")
        revisor.pagina.get_by_label("Plantilla").select_option(label="Acuse de prueba")
        oprimir(revisor.pagina, "Ver los textos")
        revisor.revisar("leer los textos")
    ancho.comprobar()
