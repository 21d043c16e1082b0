"""Una reclamación de punta a punta en un Chromium de verdad: radicarla, su constancia, prorrogarla y responderla."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from clientes.models import Interaccion, PlantillaRespuesta
from clientes.tests import fabricas
from movistar_site.tests.navegador.persona import campo, ir_a, leer, llenar, lo_que_se_sale, oprimir, titulo

pytestmark = [pytest.mark.navegador, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _archivos(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "archivos"


@pytest.fixture
def cliente() -> Any:
    cliente = fabricas.FabricaCliente(nombre="Ana María", apellido="Ríos Peña", documento="1020304050")
    fabricas.FabricaContrato(cliente=cliente, servicio=fabricas.servicio_con_precio(nombre="Fibra 300"))
    fabricas.FabricaMotivo(nombre="Error en el cobro", equipo=fabricas.FabricaEquipo(nombre="Facturación"))
    PlantillaRespuesta.objects.create(
        nombre="Ajuste de cobro", texto="Estimada {cliente}:\n\nSobre su caso {cun} ({asunto}) le informamos que…"
    )
    return cliente


def _radicar(pagina: Any, cliente: Any) -> Interaccion:
    pagina.goto(f"/clientes/interaccion/add/?cliente={cliente.pk}")
    campo(pagina, "Tipo").select_option(label="Reclamación")
    campo(pagina, "Motivo").select_option(label="Error en el cobro")
    campo(pagina, "Responder por").select_option(label="Correo electrónico")
    llenar(pagina, {"Asunto": "Cobro doble", "Lo que dice el cliente": "Me cobraron dos veces.\n\nDevuélvanlo."})
    oprimir(pagina, "Guardar")
    caso = Interaccion.objects.get()
    titulo(pagina, f"{caso.numero} · Cobro doble")
    leer(pagina, "Entregue la constancia al cliente.")
    return caso


def _constancia(pagina: Any, caso: Interaccion, carpeta: Path) -> None:
    oprimir(pagina, "Constancia")
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Constancia de la reclamación")
    codigo = f"{caso.cun[:4]} {caso.cun[4:6]} {caso.cun[6:]}"
    leer(pagina, codigo)
    leer(pagina, f"{caso.vence_el:%d/%m/%Y}")
    # «Imprimir» abre el diálogo del navegador, que aquí se anota en vez de abrirse.
    pagina.evaluate("() => { window.print = () => { document.title = 'impresa'; }; }")
    oprimir(pagina, "Imprimir")
    expect(pagina).to_have_title("impresa")
    pagina.emulate_media(media="print")
    expect(pagina.get_by_role("button", name="Imprimir")).to_be_hidden()
    expect(pagina.get_by_text(codigo)).to_be_visible()
    # Impresa cabe en una hoja A4.
    impresa = pagina.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", impresa)) == 1
    pagina.emulate_media(media="screen")
    with pagina.expect_download() as bajada:
        oprimir(pagina, "Descargar PDF")
    destino = carpeta / bajada.value.suggested_filename
    bajada.value.save_as(destino)
    assert destino.name == f"constancia-{caso.numero}.pdf"
    assert destino.read_bytes().startswith(b"%PDF-")
    oprimir(pagina, "Volver al caso")


def _prorrogar(pagina: Any, caso: Interaccion) -> None:
    oprimir(pagina, "Prorrogar")
    oprimir(pagina, "Prorrogar el plazo")
    leer(pagina, "qué prueba hay que practicar")
    campo(pagina, "Motivo").fill("Hay que pedir la medición a la bodega")
    oprimir(pagina, "Prorrogar el plazo")
    leer(pagina, "Plazo prorrogado.")
    caso.refresh_from_db()
    expect(pagina.get_by_role("region", name="Resumen del caso")).to_contain_text(f"vence el {caso.vence_el:%d/%m/%Y}")
    leer(pagina, "Prorrogada; el primer plazo era el")
    expect(pagina.get_by_role("link", name="Prorrogar", exact=True)).to_have_count(0)


def _responder(pagina: Any, caso: Interaccion) -> None:
    oprimir(pagina, "Responder")
    campo(pagina, "Plantilla").select_option(label="Ajuste de cobro")
    respuesta = campo(pagina, "Respuesta")
    expect(respuesta).to_have_value(re.compile(r"^Estimada Ana María Ríos Peña:\s+Sobre su caso \d{4} \d{2} \d{10}"))
    respuesta.fill(respuesta.input_value() + " se devolvió el cobro.")
    campo(pagina, "A favor de quién se resuelve").select_option(label="A favor del cliente")
    oprimir(pagina, "Guardar respuesta")
    leer(pagina, "Respuesta guardada.")
    resumen = pagina.get_by_role("region", name="Resumen del caso")
    expect(resumen).to_contain_text("Respondida a tiempo")
    expect(resumen).to_contain_text("sobraron")
    leer(pagina, "se devolvió el cobro.")
    expect(pagina.get_by_text("Corregir lo radicado")).to_have_count(0)
    caso.refresh_from_db()
    assert (caso.estado, caso.sentido) == ("respondida", "favorable")


def test_se_radica_se_imprime_la_constancia_se_prorroga_y_al_responder_se_detiene_el_reloj(
    navegador: Any, agente: Any, cliente: Any, tmp_path: Path
) -> None:
    pagina = navegador(agente)
    caso = _radicar(pagina, cliente)
    expect(pagina.get_by_role("region", name="Resumen del caso")).to_contain_text("Faltan 15 días hábiles")
    _constancia(pagina, caso, tmp_path)
    _prorrogar(pagina, caso)
    _responder(pagina, caso)


def test_una_plantilla_no_borra_lo_escrito_sin_preguntar(navegador: Any, agente: Any, cliente: Any) -> None:
    pagina = navegador(agente)
    _radicar(pagina, cliente)
    oprimir(pagina, "Responder")
    campo(pagina, "Respuesta").fill("Lo que ya escribí")
    pagina.once("dialog", lambda dialogo: dialogo.dismiss())
    campo(pagina, "Plantilla").select_option(label="Ajuste de cobro")
    expect(campo(pagina, "Plantilla")).to_have_value("")
    expect(campo(pagina, "Respuesta")).to_have_value("Lo que ya escribí")
    pagina.once("dialog", lambda dialogo: dialogo.accept())
    campo(pagina, "Plantilla").select_option(label="Ajuste de cobro")
    expect(campo(pagina, "Respuesta")).to_have_value(re.compile("^Estimada Ana María"))


def test_se_adjunta_un_archivo_y_se_baja_y_uno_malo_se_explica(
    navegador: Any, agente: Any, cliente: Any, tmp_path: Path
) -> None:
    bueno, malo = tmp_path / "factura de febrero.pdf", tmp_path / "programa.pdf"
    bueno.write_bytes(b"%PDF-1.7\n% prueba")
    malo.write_bytes(b"MZ\x90\0" * 20)
    pagina = navegador(agente)
    _radicar(pagina, cliente)
    oprimir(pagina, "Adjuntar")
    pagina.locator("input[type=file]").set_input_files(malo)
    oprimir(pagina, "Adjuntar")
    leer(pagina, "«programa.pdf» no es de un tipo que se acepte")
    pagina.locator("input[type=file]").set_input_files(bueno)
    oprimir(pagina, "Adjuntar")
    leer(pagina, "Archivo adjuntado.")
    with pagina.expect_download() as bajada:
        oprimir(pagina, "factura de febrero.pdf")
    assert bajada.value.suggested_filename == "factura de febrero.pdf"


def test_un_caso_cabe_en_un_telefono(navegador: Any, agente: Any, cliente: Any) -> None:
    pagina = navegador(agente, ancho=390)
    caso = _radicar(pagina, cliente)
    assert not lo_que_se_sale(pagina)
    for direccion in (f"/casos/{caso.pk}/constancia/", f"/clientes/interaccion/add/?cliente={cliente.pk}"):
        pagina.goto(direccion)
        assert not lo_que_se_sale(pagina), direccion


def test_un_cun_se_encuentra_en_la_lista(navegador: Any, agente: Any, cliente: Any) -> None:
    pagina = navegador(agente)
    caso = _radicar(pagina, cliente)
    ir_a(pagina, "Interacciones")
    caja = pagina.get_by_placeholder("Escriba para buscar").filter(visible=True)
    caja.fill(f"{caso.cun[:4]}-{caso.cun[4:6]}-{caso.cun[6:]}")
    with pagina.expect_navigation():
        caja.press("Enter")
    expect(pagina.get_by_role("row").filter(has_text=caso.numero)).to_be_visible()
