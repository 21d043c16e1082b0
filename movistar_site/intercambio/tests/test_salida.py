"""Exportar por columnas dice lo mismo que leer cada registro, queda anotado y no cambia mientras se lee."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from clientes.models import Cliente, Contrato, Interaccion
from clientes.recursos import RecursoCliente
from movistar_site.comun.celdas import Recortado, ValorJson
from movistar_site.comun.models import Exportacion
from movistar_site.comun.recursos_base import Columna, Contexto
from movistar_site.comun.salida import Cuenta, escribir_consulta, escritura
from movistar_site.comun.salida.instantanea import instantanea
from movistar_site.comun.salida.plan import compilar
from movistar_site.intercambio.entidades import ENTIDADES
from movistar_site.intercambio.exportador import TODO, archivos, flujo
from movistar_site.intercambio.salida.plantillas import AYUDA, plantilla

from .datos import HOY, lugares, par
from .motor import importar

GRANDES = ("precios", "departamentos", "municipios", "clientes", "contratos", "interacciones", "consentimientos")
RAROS = ("+57300123456", "3001234567", "+576011234567", "+573٠٠1234567", "=1+1", "", "+573001234567")


@pytest.fixture
def llena(db: None) -> None:
    """Una base con de todo, también lo que nadie debería haber guardado."""
    lugares()
    assert importar(par(), hoy=HOY).malas == []
    for n, telefono in enumerate(RAROS):
        Cliente.objects.create(
            tipo_documento="CC", documento=f"9000{n}", nombre=f"=Nombre {n}", apellido=' «x»; "y" & <z>\r\n ',
            telefono=telefono, fecha_vinculacion="1850-01-01" if n else "2020-02-29", notas="a;b\n\x1f" * n,
            id_origen=str(n) if n else "", pendientes={"telefono": "7 cifras", "apellido": "No venía"} if n else {},
            municipio_id=None if n % 2 else "05001",
        )  # fmt: skip


def tabla(nombre: str, formato: str, **opciones: Any) -> bytes:
    entidad = ENTIDADES[nombre]
    recurso = entidad.recurso(Contexto(hoy=HOY))
    return b"".join(escribir_consulta(recurso, entidad.consulta(), formato, **opciones))


# --- Lo mismo por los dos caminos ------------------------------------------------------------------------------------
@pytest.mark.parametrize("nombre", GRANDES)
@pytest.mark.parametrize("formato", ["csv", "json", "xlsx"])
def test_por_columnas_sale_lo_mismo_que_registro_por_registro(
    llena: None, monkeypatch: pytest.MonkeyPatch, nombre: str, formato: str
) -> None:
    cuenta = Cuenta()
    por_columnas = tabla(nombre, formato, cuenta=cuenta)
    assert cuenta.registros == ENTIDADES[nombre].consulta().count()
    monkeypatch.setattr(escritura, "compilar", lambda *_: None)
    assert por_columnas == tabla(nombre, formato)


@pytest.mark.parametrize("nombre", GRANDES)
def test_lo_grande_no_arma_registros(llena: None, nombre: str) -> None:
    entidad = ENTIDADES[nombre]
    assert compilar(entidad.recurso(Contexto(hoy=HOY)), entidad.consulta(), None, "default", "csv") is not None


class RecursoConOrigen(RecursoCliente):
    """El recurso con columnas que la exportación no conoce de antemano."""

    id_origen = Columna(Recortado(), "Origen")
    pendientes = Columna(ValorJson(dict, "{}"), "Por completar")

    class Meta(RecursoCliente.Meta):
        fields = ("documento", "id_origen", "pendientes")


def test_las_columnas_nuevas_de_un_recurso_salen_sin_decirselo_a_la_exportacion(llena: None) -> None:
    consulta = Cliente.objects.filter(documento__in=["90000", "90001"]).order_by("documento")
    salidas = {
        formato: b"".join(escribir_consulta(RecursoConOrigen(Contexto(hoy=HOY)), consulta, formato))
        for formato in ("csv", "json")
    }
    nombres = ["documento", "id_origen", "pendientes"]
    texto = b"".join(escribir_consulta(RecursoConOrigen(Contexto(hoy=HOY)), consulta, "csv", nombres=nombres)).decode(
        "utf-8-sig"
    )
    # Sin nada por completar, la celda queda vacía.
    assert texto.split("\r\n")[1] == "90000;;"
    assert '90001;1;"{""' in texto
    registros = json.loads(salidas["json"])
    assert registros[1]["pendientes"] == {"telefono": "7 cifras", "apellido": "No venía"}
    assert registros[1]["id_origen"] == "1" and "id_origen" not in registros[0]


def test_una_consulta_sin_repetidos_no_junta_registros_con_las_mismas_celdas(llena: None) -> None:
    recurso = ENTIDADES["clientes"].recurso(Contexto(hoy=HOY))
    consulta = Cliente.objects.filter(documento__startswith="9000").distinct()
    escrito = b"".join(escribir_consulta(recurso, consulta, "csv", nombres=["tipo_documento", "estado"]))
    assert escrito.count(b"\r\n") == 1 + len(RAROS)


def test_una_consulta_vacia_da_solo_el_encabezado(llena: None) -> None:
    recurso = ENTIDADES["clientes"].recurso(Contexto(hoy=HOY))
    for consulta in (Cliente.objects.none(), Cliente.objects.filter(documento="no")):
        assert b"".join(escribir_consulta(recurso, consulta, "json")) == b"[\n]\n"
        assert b"".join(escribir_consulta(recurso, consulta, "csv", nombres=["estado"])).count(b"\r\n") == 1


def test_el_par_lleva_lo_pendiente_y_de_donde_vino(llena: None) -> None:
    datos = {n: b"".join(e()) for n, e in archivos(hoy=HOY).items()}
    usuarios = json.loads(datos["usuario.json"])["movistar"]["usuarios"]
    assert usuarios["CC-90001"]["id_origen"] == "1"
    assert list(usuarios["CC-90001"]["pendientes"]) == ["apellido", "telefono"]
    assert not {"id_origen", "pendientes"} & set(usuarios["CC-90000"])
    assert len(usuarios["CC-1020304050"]["servicios"]) == 2


# --- Por el navegador ------------------------------------------------------------------------------------------------
@pytest.fixture
def panel(llena: None, administrador: Client) -> Client:
    return administrador


def bajar(panel: Client, que: str, formato: str) -> Any:
    return panel.post(reverse("exportar_datos"), {"que": que, "formato": formato})


@pytest.mark.parametrize("formato", ["csv", "xlsx", "json"])
def test_se_baja_una_entidad_y_queda_anotado(panel: Client, formato: str) -> None:
    respuesta = bajar(panel, "clientes", formato)
    assert respuesta.streaming and f".{formato}" in respuesta["Content-Disposition"]
    assert not Exportacion.objects.exists(), "nada sale todavía y nada se anota"
    datos = b"".join(respuesta.streaming_content)
    hecha = Exportacion.objects.get()
    assert (hecha.autor, hecha.que, hecha.formato, hecha.puerta) == ("administrador", "Clientes", formato, "pagina")
    assert (hecha.registros, hecha.bytes, hecha.estado) == (Cliente.objects.count(), len(datos), "terminada")
    assert hecha.termino is not None


@pytest.mark.parametrize("formato", ["csv", "xlsx"])
def test_todo_el_panel_en_tablas_es_un_zip(panel: Client, formato: str) -> None:
    datos = b"".join(bajar(panel, TODO, formato).streaming_content)
    comprimido = zipfile.ZipFile(io.BytesIO(datos))
    assert comprimido.testzip() is None
    assert comprimido.namelist() == [f"{nombre}.{formato}" for nombre in ENTIDADES]
    if formato == "xlsx":
        assert openpyxl.load_workbook(io.BytesIO(comprimido.read("clientes.xlsx"))).active.max_row > 10
    assert Exportacion.objects.get().registros == sum(entidad.consulta().count() for entidad in ENTIDADES.values())


def test_una_descarga_cortada_queda_interrumpida_con_lo_que_salio(panel: Client) -> None:
    respuesta = bajar(panel, "clientes", "csv")
    trozos = respuesta._iterator
    encabezado = next(trozos)
    assert Exportacion.objects.get().estado == "en_curso"
    trozos.close()
    cortada = Exportacion.objects.get()
    assert (cortada.estado, cortada.registros, cortada.bytes) == ("interrumpida", 0, len(encabezado))


def test_lo_que_no_cabe_en_excel_se_dice_en_la_pagina(panel: Client) -> None:
    Cliente.objects.filter(documento="90000").update(notas="x" * 32_768)
    respuesta = bajar(panel, "clientes", "xlsx")
    assert not respuesta.streaming and "exporte en CSV" in respuesta.content.decode()
    assert not Exportacion.objects.exists()
    lista = reverse("admin:clientes_cliente_export")
    columnas = {"recursocliente_documento": "on", "recursocliente_notas": "on"}
    assert "exporte en CSV" in panel.post(lista, {"format": 1, "resource": 0, **columnas}).content.decode()
    sin_notas = panel.post(lista, {"format": 1, "resource": 0, "recursocliente_documento": "on"})
    assert sin_notas.streaming


@pytest.mark.parametrize("datos", [{}, {"que": "nada", "formato": "csv"}, {"que": "clientes", "formato": "pdf"}])
def test_lo_que_no_se_puede_elegir_se_dice(panel: Client, datos: dict[str, str]) -> None:
    respuesta = panel.post(reverse("exportar_datos"), datos)
    assert respuesta.status_code == 200 and not respuesta.streaming
    assert "Elija" in respuesta.content.decode()


def test_la_pagina_ofrece_solo_lo_permitido(llena: None, agente: Any, cliente_http: Any) -> None:
    from django.contrib.auth.models import Permission

    agente.user_permissions.add(Permission.objects.get(codename="exportar_contrato"))
    panel = cliente_http(agente)
    pagina = panel.get(reverse("exportar_datos")).content.decode()
    assert 'value="contratos"' in pagina and 'value="clientes"' not in pagina and 'value="todo"' not in pagina
    assert "plantillas" not in pagina
    assert not bajar(panel, "clientes", "csv").streaming and bajar(panel, "contratos", "csv").streaming


def test_la_lista_exporta_con_sus_filtros_y_los_dice_en_espanol(panel: Client) -> None:
    url = reverse("admin:clientes_cliente_export") + "?q=nombre&estado__exact=activo"
    respuesta = panel.post(url, {"format": 2, "resource": 0, "recursocliente_documento": "on"})
    assert len(json.loads(b"".join(respuesta.streaming_content))) == len(RAROS)
    hecha = Exportacion.objects.get()
    assert (hecha.puerta, hecha.registros) == ("lista", len(RAROS))
    assert hecha.filtro.startswith("búsqueda: nombre") and "activo" in hecha.filtro.lower()


def test_un_filtro_que_no_se_entiende_no_es_un_error_interno(panel: Client) -> None:
    respuesta = panel.get(reverse("admin:clientes_cliente_export") + "?fecha_vinculacion__gte=x", follow=True)
    assert respuesta.status_code == 200 and "no se entendió" in respuesta.content.decode()


# --- Plantillas ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("nombre", ENTIDADES)
def test_la_plantilla_tiene_las_columnas_y_dice_como_llenarlas(db: None, nombre: str) -> None:
    libro = openpyxl.load_workbook(io.BytesIO(b"".join(plantilla(ENTIDADES[nombre], "xlsx"))))
    recurso = ENTIDADES[nombre].recurso()
    datos, ayuda = libro.worksheets
    assert [celda.value for celda in datos[1]] == recurso.encabezados() and datos.max_row == 1
    assert ayuda.title == AYUDA
    filas = list(ayuda.iter_rows(min_row=2, values_only=True))
    assert [fila[0] for fila in filas] == recurso.encabezados()
    assert all(fila[2] and fila[2] != "Un valor." for fila in filas)
    csv = b"".join(plantilla(ENTIDADES[nombre], "csv")).decode("utf-8-sig")
    assert csv.rstrip("\r\n").split(";") == recurso.encabezados()


def test_la_plantilla_de_clientes_da_a_elegir_y_dice_lo_obligatorio(db: None) -> None:
    datos, ayuda = openpyxl.load_workbook(io.BytesIO(b"".join(plantilla(ENTIDADES["clientes"], "xlsx")))).worksheets
    assert any("natural" in validacion.formula1 for validacion in datos.data_validations.dataValidation)
    por_titulo = {fila[0]: fila for fila in ayuda.iter_rows(min_row=2, values_only=True)}
    assert "identifica" in por_titulo["Documento"][1] and por_titulo["Apellido"][1] == "No"
    assert "Cédula de ciudadanía" in por_titulo["Tipo de documento"][2]


@pytest.mark.parametrize(("entidad", "formato"), [("nada", "csv"), ("clientes", "pdf")])
def test_una_plantilla_que_no_existe_no_se_encuentra(panel: Client, entidad: str, formato: str) -> None:
    url = reverse("plantilla_de_importacion", kwargs={"entidad": entidad, "formato": formato})
    assert panel.get(url).status_code == 404


# --- La orden --------------------------------------------------------------------------------------------------------
def test_la_orden_exporta_una_entidad_y_lo_anota(llena: None, tmp_path: Path) -> None:
    salida, destino = io.StringIO(), tmp_path / "salida"
    call_command("exportar", str(destino), "--formato", "csv", "--entidad", "contratos", stdout=salida)
    assert [ruta.name for ruta in destino.iterdir()] == ["contratos.csv"]
    hecha = Exportacion.objects.get()
    assert (hecha.autor, hecha.puerta, hecha.que) == ("consola", "orden", "Contratos")
    assert hecha.registros == Contrato.objects.count() and hecha.bytes == (destino / "contratos.csv").stat().st_size
    assert "2 registros." in salida.getvalue()
    with pytest.raises(CommandError, match="--reemplazar"):
        call_command("exportar", str(destino), "--formato", "csv", "--entidad", "contratos", stdout=salida)


def test_si_algo_no_cabe_la_orden_no_deja_nada(llena: None, tmp_path: Path) -> None:
    Interaccion.objects.update(texto="x" * 40_000)
    with pytest.raises(CommandError, match="exporte en CSV") as fallo:
        call_command("exportar", str(tmp_path / "x"), "--formato", "xlsx", stdout=io.StringIO())
    assert fallo.value.returncode == 1
    assert list((tmp_path / "x").iterdir()) == [] and Exportacion.objects.get().estado == "interrumpida"


# --- La instantánea --------------------------------------------------------------------------------------------------
# En la base en memoria de las pruebas de SQLite no hay una segunda conexión: allí lo prueba test_cortes, en un archivo.
if connection.vendor != "sqlite":

    @pytest.mark.django_db(transaction=True)
    def test_lo_que_cambia_durante_la_exportacion_no_sale() -> None:
        lugares()
        assert importar(par(), hoy=HOY).malas == []
        cuenta = Cuenta()
        trozos = flujo(hoy=HOY, formato="csv", entidad="clientes", cuenta=cuenta)
        next(trozos)
        # Nadie espera por quien exporta.
        Cliente.objects.create(tipo_documento="CC", documento="77777", nombre="Llegó", apellido="Después",
                               fecha_vinculacion=HOY)  # fmt: skip
        assert b"77777" not in b"".join(trozos)
        assert cuenta.registros == Cliente.objects.count() - 1
        assert not [alias for alias in vars(connections._connections) if str(alias).startswith("instantanea")]


def test_dentro_de_una_transaccion_se_lee_por_ella(db: None) -> None:
    with instantanea() as base:
        assert base == "default"
