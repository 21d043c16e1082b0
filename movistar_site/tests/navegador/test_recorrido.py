"""El trabajo del panel de punta a punta, en un Chromium de verdad, como lo haría una persona."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from playwright.sync_api import expect

from clientes.models import Cliente, Municipio
from clientes.tests import fabricas
from conftest import CLAVE
from movistar_site.comun.valores import normalizar
from movistar_site.tests.navegador.persona import (
    PAR,
    buscar,
    campo,
    elegir,
    importar,
    ingresar,
    ir_a,
    leer,
    llenar,
    lo_que_se_sale,
    oprimir,
    titulo,
)
from servicios.models import TipoServicio

pytestmark = [pytest.mark.navegador, pytest.mark.django_db(transaction=True)]
ATRIBUTOS = [("Sensores", "Número entero", "u"), ("Con cámara", "Sí o no", "")]


# --- El recorrido ----------------------------------------------------------------------------------------------------
def _crear_tipo(pagina: Any) -> None:
    ir_a(pagina, "Tipos de servicio")
    oprimir(pagina, "Agregar tipo de servicio")
    llenar(pagina, {"Nombre": "Alarma del hogar", "Descripción": "Sensores y una central que avisa."})
    atributos = pagina.get_by_role("group", name="Atributos que describen")
    for numero, (nombre, clase, unidad) in enumerate(ATRIBUTOS):
        oprimir(pagina, "Agregar Atributo")
        campo(atributos, "Nombre").nth(numero).fill(nombre)
        campo(atributos, "Clase de dato").nth(numero).select_option(label=clase)
        campo(atributos, "Unidad").nth(numero).fill(unidad)
    oprimir(pagina, "Guardar")
    leer(pagina, "Alarma del hogar")


def _crear_servicio(pagina: Any) -> None:
    ir_a(pagina, "Servicios")
    oprimir(pagina, "Agregar servicio")
    campo(pagina, "Tipo de servicio").select_option(label="Alarma del hogar")
    llenar(
        pagina, {"Código": "ALA-1", "Nombre": "Alarma básica", "Sensores (u)": "4", "Precio inicial (COP)": "49.900"}
    )
    oprimir(pagina, "Guardar")
    fila = pagina.get_by_role("row").filter(has_text="ALA-1")
    expect(fila).to_contain_text("$ 49.900")


def _crear_cliente(pagina: Any) -> None:
    ir_a(pagina, "Clientes")
    oprimir(pagina, "Agregar cliente")
    llenar(pagina, {"Documento": "1.020.304.050", "Nombre": "Ana María", "Apellido": "Ríos Peña"})
    llenar(pagina, {"Fecha de vinculación": "15/03/2012", "Teléfono": "12"})
    oprimir(pagina, "Guardar")
    leer(pagina, "El teléfono «12» no es un número de Colombia")
    campo(pagina, "Teléfono").fill("300 123 45 67")
    oprimir(pagina, "Guardar")
    titulo(pagina, "Ana María Ríos Peña")
    expect(pagina.get_by_role("region", name="Quién es")).to_contain_text("Leal")


def _contratar(pagina: Any) -> None:
    ir_a(pagina, "Clientes")
    buscar(pagina, "1.020.304.050")
    oprimir(pagina, "Ana María Ríos Peña")
    oprimir(pagina, "Nuevo contrato")
    elegir(pagina, "Servicio", "ALA-1")
    oprimir(pagina, "Guardar")
    oprimir(pagina, "C-00000384")
    oprimir(pagina, "Activar")
    oprimir(pagina, "Activar contrato")
    leer(pagina, "Contrato activado.")


def _atender(pagina: Any) -> None:
    ir_a(pagina, "Interacciones")
    oprimir(pagina, "Agregar interacción")
    elegir(pagina, "Cliente", "rios pena", "Ana María Ríos Peña")
    campo(pagina, "Tipo").select_option(label="Reclamación")
    llenar(pagina, {"Asunto": "La sirena no suena", "Lo que dice el cliente": "Desde ayer.\nYa la reinicié."})
    oprimir(pagina, "Guardar")
    titulo(pagina, "R-00000272")
    oprimir(pagina, "Responder")
    campo(pagina, "Respuesta").fill("Se cambió la sirena.")
    campo(pagina, "A favor de quién se resuelve").select_option(label="A favor del cliente")
    oprimir(pagina, "Guardar respuesta")
    leer(pagina, "Respuesta guardada.")
    leer(pagina, "Se cambió la sirena.")


def _importar_el_ejemplo(pagina: Any) -> None:
    importar(pagina, *PAR)
    leer(pagina, "Se crearían")
    assert Cliente.objects.count() == 1, "revisar no escribe"
    pagina.get_by_role("button", name=re.compile("^Importar [0-9]")).click()
    leer(pagina, "Importación terminada")
    assert Cliente.objects.count() == 201


def _encontrar(pagina: Any) -> None:
    """Uno de los importados, por su documento con puntos, su nombre sin tildes y su teléfono con espacios."""
    ir_a(pagina, "Clientes")
    personas = Cliente.objects.filter(tipo_persona="natural", tipo_documento="CC", telefono__startswith="+573")
    buscado = next(c for c in personas.exclude(documento="1020304050") if normalizar(c.apellido) != c.apellido.lower())
    cifras = buscado.telefono.removeprefix("+57")
    assert buscar(pagina, buscado.documento_visible) == [buscado.nombre_completo]
    assert buscado.nombre_completo in buscar(pagina, normalizar(f"{buscado.apellido} {buscado.nombre[:4]}"))
    assert buscar(pagina, f"{cifras[:3]} {cifras[3:6]} {cifras[6:8]} {cifras[8:]}") == [buscado.nombre_completo]
    assert buscar(pagina, "zzz no hay nadie") == []
    leer(pagina, "Nada coincide")


def _exportar(pagina: Any, carpeta: Path) -> dict[str, bytes]:
    ir_a(pagina, "Exportar datos")
    with pagina.expect_download() as bajada:
        oprimir(pagina, "Descargar")
    with zipfile.ZipFile(bajada.value.path()) as comprimido:
        comprimido.extractall(carpeta)
    assert sorted(ruta.name for ruta in carpeta.iterdir()) == ["servicios.json", "usuario.json"]
    return {ruta.name: ruta.read_bytes() for ruta in carpeta.iterdir()}


def _vaciar_importar_y_exportar(bajados: Path, destino: Path) -> dict[str, bytes]:
    """Lo bajado entra en un panel recién migrado y vuelve a salir."""
    call_command("flush", interactive=False, verbosity=0)
    assert not Cliente.objects.exists()
    assert (TipoServicio.objects.count(), Group.objects.count()) == (7, 4), "lo que trae el panel vuelve solo"
    assert Municipio.objects.count() > 1_100
    call_command("importar", *map(str, sorted(bajados.iterdir())), stdout=io.StringIO())
    call_command("exportar", str(destino), stdout=io.StringIO())
    return {ruta.name: ruta.read_bytes() for ruta in destino.iterdir()}


def test_el_trabajo_de_un_dia(navegador: Any, administrador: Any, tmp_path: Path) -> None:
    pagina = navegador()
    ingresar(pagina, administrador, "no-es-esta")
    leer(pagina, "no corresponden")
    ingresar(pagina, administrador)
    leer(pagina, "Para empezar")
    _crear_tipo(pagina)
    _crear_servicio(pagina)
    _crear_cliente(pagina)
    # Antes del primer contrato: los del ejemplo traen sus números y uno que ya es de otro cliente se rechaza.
    _importar_el_ejemplo(pagina)
    _encontrar(pagina)
    _contratar(pagina)
    _atender(pagina)
    primera = _exportar(pagina, tmp_path / "bajados")
    datos = json.loads(primera["usuario.json"])["movistar"]["usuarios"]["CC-1020304050"]
    assert (datos["telefono"], datos["servicios"][0]["estado"]) == ("+573001234567", "activo")
    assert datos["interacciones"][0]["respuesta"] == "Se cambió la sirena."
    assert _vaciar_importar_y_exportar(tmp_path / "bajados", tmp_path / "otra-vez") == primera


# --- Lo que se rechaza -----------------------------------------------------------------------------------------------
def test_un_servicio_con_contratos_no_se_borra_y_se_ofrece_retirarlo(navegador: Any, administrador: Any) -> None:
    servicio = fabricas.servicio_con_precio(nombre="Fibra de siempre", codigo="FIB-SIEMPRE")
    fabricas.FabricaContrato(servicio=servicio)
    pagina = navegador(administrador)
    pagina.goto("/")
    ir_a(pagina, "Servicios")
    oprimir(pagina, "Fibra de siempre")
    oprimir(pagina, "Borrar servicio")
    leer(pagina, "«FIB-SIEMPRE · Fibra de siempre» no se puede borrar: lo usa 1 contrato.")
    oprimir(pagina, "Retirar")
    campo(pagina, "Motivo").fill("Lo reemplaza otro plan")
    oprimir(pagina, "Retirar servicio")
    leer(pagina, "Servicio retirado")
    servicio.refresh_from_db()
    assert servicio.estado == "retirado"


def test_un_archivo_roto_se_explica_y_no_se_importa(navegador: Any, administrador: Any, tmp_path: Path) -> None:
    roto, malo = tmp_path / "roto.json", tmp_path / "usuario.json"
    roto.write_text("esto no es JSON")
    malo.write_text(json.dumps({"movistar": {"usuarios": {"CC-1020304050": {
        "nombre": "Ana", "apellido": "Ríos", "fecha_vinculacion": "ayer"}}}}))  # fmt: skip
    pagina = navegador(administrador)
    pagina.goto("/")
    importar(pagina, str(roto))
    leer(pagina, "No se pudo leer")
    leer(pagina, "línea 1")
    importar(pagina, str(malo))
    leer(pagina, "Ningún registro se puede importar todavía")
    fila = pagina.get_by_role("listitem").filter(has_text="CC-1020304050").first
    expect(fila).to_contain_text("Fecha de vinculación")
    expect(fila).to_contain_text("No se entiende la fecha")
    expect(pagina.get_by_role("button", name="Importar", exact=True)).to_be_disabled()
    assert not Cliente.objects.exists()


# --- Historia y lotes ------------------------------------------------------------------------------------------------
def test_la_historia_muestra_el_cambio_y_lo_devuelve(navegador: Any, administrador: Any) -> None:
    cliente = fabricas.FabricaCliente(nombre="Beatriz", apellido="Antes")
    pagina = navegador(administrador)
    pagina.goto("/")
    ir_a(pagina, "Clientes")
    oprimir(pagina, "Beatriz Antes")
    oprimir(pagina, "Editar datos")
    campo(pagina, "Apellido").fill("Después")
    oprimir(pagina, "Guardar")
    titulo(pagina, "Beatriz Después")
    expect(pagina.get_by_role("region", name="Línea de tiempo")).to_contain_text("Cambió apellido")
    pagina.locator("summary").filter(has_text="Más").click()
    oprimir(pagina, "Historia de los datos")
    cambio = pagina.get_by_role("row").filter(has_text="Apellido")
    expect(cambio).to_contain_text("Antes")
    expect(cambio).to_contain_text("Después")
    leer(pagina, "administrador")
    pagina.get_by_role("link", name=re.compile("^Ver y restaurar")).last.click()
    leer(pagina, "Al restaurar, esto es lo que cambiaría hoy:")
    campo(pagina, "Motivo").fill("Se cambió por error")
    oprimir(pagina, "Restaurar esta versión")
    leer(pagina, "Beatriz Antes")
    cliente.refresh_from_db()
    assert cliente.apellido == "Antes"


def _desactivar_las_del_lote(pagina: Any) -> None:
    filas = pagina.get_by_role("row").filter(has_text="Del lote")
    expect(filas).to_have_count(2)
    for fila in filas.all():
        fila.get_by_role("checkbox").check()
    campo(pagina, "Elija la acción").select_option(label="Desactivar")
    oprimir(pagina, "Continuar")


def test_una_accion_sobre_varios_se_confirma_y_dice_a_cuantos(navegador: Any, administrador: Any) -> None:
    fabricas.FabricaCliente.create_batch(2, apellido="Del lote")
    fabricas.FabricaCliente(nombre="Ajena")
    pagina = navegador(administrador)
    pagina.goto("/")
    ir_a(pagina, "Clientes")
    _desactivar_las_del_lote(pagina)
    leer(pagina, "Desactivar: 2 clientes")
    oprimir(pagina, "Cancelar")
    expect(pagina.get_by_role("row").filter(has_text="Ajena")).to_be_visible()
    assert not Cliente.objects.filter(estado="inactivo").exists()
    _desactivar_las_del_lote(pagina)
    oprimir(pagina, "Desactivar cliente")
    leer(pagina, "Escriba el motivo")
    campo(pagina, "Motivo").fill("Se mudaron")
    oprimir(pagina, "Desactivar cliente")
    leer(pagina, "Desactivar: hecho en 2 clientes.")
    assert Cliente.objects.filter(estado="inactivo").count() == 2


# --- Teclado y teléfono ----------------------------------------------------------------------------------------------
def _hasta(pagina: Any, rotulo: str) -> None:
    """Oprime el tabulador hasta llegar al mando con ese nombre."""
    mando = pagina.get_by_role("textbox", name=re.compile(rf"^{rotulo}\*?$")).or_(
        pagina.get_by_role("button", name=rotulo, exact=True)
    )
    destino = mando.filter(visible=True).first
    expect(destino).to_be_attached()
    for _ in range(80):
        if destino.evaluate("el => el === document.activeElement"):
            return
        pagina.keyboard.press("Tab")
    pytest.fail(f"con el tabulador no se llega a «{rotulo}»")


def test_se_entra_y_se_crea_un_cliente_solo_con_el_teclado(navegador: Any, administrador: Any) -> None:
    pagina = navegador()
    pagina.goto("/clientes/cliente/add/")
    for rotulo, dato in {"Nombre de usuario": administrador.username, "Contraseña": CLAVE}.items():
        _hasta(pagina, rotulo)
        pagina.keyboard.type(dato)
    pagina.keyboard.press("Enter")
    titulo(pagina, "Clientes")
    datos = {"Documento": "52.000.111", "Nombre": "Zoila", "Apellido": "Teclas", "Fecha de vinculación": "01/02/2020"}
    for rotulo, dato in datos.items():
        _hasta(pagina, rotulo)
        pagina.keyboard.type(dato)
    _hasta(pagina, "Guardar")
    pagina.keyboard.press("Enter")
    titulo(pagina, "Zoila Teclas")
    assert Cliente.objects.get().fecha_vinculacion == date(2020, 2, 1)


def test_en_el_telefono_se_crea_un_cliente_desde_el_menu(navegador: Any, administrador: Any) -> None:
    pagina = navegador(administrador, ancho=390, alto=844)
    pagina.goto("/")
    assert lo_que_se_sale(pagina) == []
    oprimir(pagina, "Abrir el menú")
    ir_a(pagina, "Clientes")
    oprimir(pagina, "Agregar cliente")
    llenar(pagina, {"Documento": "52000222", "Nombre": "Móvil", "Apellido": "De Prueba"})
    llenar(pagina, {"Fecha de vinculación": "01/02/2020", "Teléfono": "300 765 43 21"})
    oprimir(pagina, "Guardar")
    titulo(pagina, "Móvil De Prueba")
    assert lo_que_se_sale(pagina) == []
    assert Cliente.objects.get().telefono == "+573007654321"
