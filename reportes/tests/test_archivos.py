"""Un reporte en un archivo: los mismos números, con su tipo; el primer trozo sale sin preguntar nada."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from movistar_site.comun.models import Exportacion, Usuario
from reportes.marco import REPORTES, Agrupado, Lista
from reportes.marco import salidas as de_salidas
from reportes.marco.salidas import FORMATOS, DemasiadoLargo, archivo, exigir_que_quepa

from .escena import HOY, operador

# Estos nombres de estilo son los del propio libro: lo que se ve en Excel.
MILES, PORCENTAJE = "#,##0", "0.0\\ %"


@pytest.fixture(scope="module", autouse=True)
def _operador(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with operador(django_db_blocker, clientes=60):
        yield


@pytest.fixture
def panel(db: None) -> Client:
    cliente = Client()
    cliente.force_login(
        Usuario.objects.create_superuser("ana", "ana@example.com", "clave-larga-9", first_name="Ana"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return cliente


def sacar(clave: str, formato: str, **parametros: Any) -> bytes:
    reporte = REPORTES[clave]
    pedido = reporte.pedir(parametros, hoy=HOY)
    return b"".join(archivo(reporte, pedido, formato, autor="Ana Ruiz", ahora=timezone.now()))


@pytest.mark.parametrize("formato", FORMATOS)
@pytest.mark.parametrize("clave", REPORTES)
def test_el_primer_trozo_sale_sin_preguntar_nada_a_la_base(db: None, clave: str, formato: str) -> None:
    reporte = REPORTES[clave]
    pedido = reporte.pedir({}, hoy=HOY)
    pedido.conjunto.form.is_valid()
    trozos = archivo(reporte, pedido, formato, autor="Ana Ruiz", ahora=timezone.now())
    with CaptureQueriesContext(connection) as consultas:
        primero = next(trozos)
    assert primero
    # De una lista en PDF se pregunta, antes, si cabe.
    assert len(consultas) == 0
    assert len(primero + b"".join(trozos)) > 60  # una lista vacía son solo sus títulos


def test_csv_excel_y_json_dicen_los_mismos_numeros(db: None) -> None:
    reporte = REPORTES["popularidad"]
    assert isinstance(reporte, Agrupado)
    filas = reporte.tabla(reporte.pedir({}, hoy=HOY)).filas
    leidas = list(csv.reader(io.StringIO(sacar("popularidad", "csv").decode("utf-8-sig")), delimiter=";"))
    en_json = json.loads(sacar("popularidad", "json"))
    hoja = openpyxl.load_workbook(io.BytesIO(sacar("popularidad", "xlsx")))["Reporte"]
    assert [int(fila[2]) for fila in leidas[1:]] == [fila.valores["activos"] for fila in filas]
    assert [fila["activos"] for fila in en_json["filas"]] == [fila.valores["activos"] for fila in filas]
    assert [celda.value for celda in hoja["C"]][1:-1] == [fila.valores["activos"] for fila in filas]
    assert en_json["total"]["activos"] == hoja.cell(hoja.max_row, 3).value == sum(f.valores["activos"] for f in filas)


def test_excel_lleva_cada_cifra_con_su_formato_y_el_total_marcado(db: None) -> None:
    libro = openpyxl.load_workbook(io.BytesIO(sacar("popularidad", "xlsx")))
    hoja = libro["Reporte"]
    assert hoja["C2"].number_format == MILES
    assert hoja["D2"].number_format == PORCENTAJE
    assert 0 < hoja["D2"].value < 1, "un porcentaje es una fracción: se puede seguir calculando con él"
    ultima = hoja.max_row
    assert hoja.cell(ultima, 1).value == "Total"
    assert hoja.cell(ultima, 3).font.b
    ficha = {fila[0].value: fila[1].value for fila in libro["Qué es"].iter_rows()}
    assert ficha["Lo sacó"] == "Ana Ruiz"
    assert ficha["Período"].startswith("Del 01/03/2026")
    assert "Contratos activos" in ficha


def test_json_trae_de_que_es_y_con_que_filtros(db: None) -> None:
    datos = json.loads(sacar("popularidad", "json", red="movil"))
    assert datos["reporte"] == "Servicios más populares"
    assert datos["filtros"]["Red"] == "Móvil"
    assert isinstance(datos["filas"][0]["participacion"], int | float)


def test_el_pdf_lleva_los_filtros_el_autor_y_todas_las_paginas(db: None) -> None:
    escrito = sacar("popularidad", "pdf", departamento="05")
    assert escrito.startswith(b"%PDF-1.")
    assert escrito.rstrip().endswith(b"%%EOF")
    assert escrito.count(b"/Type /Page\n") >= 1


def test_lo_que_no_cabe_en_un_pdf_se_dice_y_no_se_corta(panel: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(de_salidas, "FILAS_POR_PDF", 3)
    reporte = REPORTES["popularidad"]
    assert isinstance(reporte, Agrupado)
    filas = reporte.filas_de(reporte.pedir({}, hoy=HOY), reporte.medida_que_abre(reporte.cifras[0]))  # type: ignore[arg-type]
    with pytest.raises(DemasiadoLargo, match="Un PDF lleva hasta 3 filas"):
        exigir_que_quepa("pdf", filas)
    exigir_que_quepa("csv", filas)
    respuesta = panel.get(reverse("descargar_reporte", args=("popularidad", "pdf")),
                          {"cifra": "activos", "fila": "todas"}, follow=True)  # fmt: skip
    assert "bájelo en Excel o en CSV" in respuesta.content.decode()


def test_las_filas_de_una_cifra_se_bajan_y_queda_constancia(panel: Client) -> None:
    parametros = {"cifra": "activos", "fila": "todas", "red": "movil"}
    respuesta: Any = panel.get(reverse("descargar_reporte", args=("popularidad", "csv")), parametros)
    lineas = b"".join(respuesta.streaming_content).decode("utf-8-sig").splitlines()
    reporte = REPORTES["popularidad"]
    assert isinstance(reporte, Agrupado)
    total = reporte.tabla(reporte.pedir({"red": "movil"}, hoy=timezone.localdate())).total.valores["activos"]
    assert len(lineas) - 1 == total > 0
    constancia = Exportacion.objects.get()
    assert (constancia.puerta, constancia.registros, constancia.autor) == ("reporte", total, "ana")
    assert "Red: Móvil" in constancia.filtro


def test_quien_no_puede_exportar_personas_no_baja_sus_filas(db: None) -> None:
    from django.contrib.auth.models import Permission

    usuario = Usuario.objects.create_user("luz", password="clave-larga-9", is_staff=True)
    for codigo in ("view_servicio", "view_contrato"):
        usuario.user_permissions.add(Permission.objects.get(codename=codigo))
    cliente = Client()
    cliente.force_login(usuario, backend="django.contrib.auth.backends.ModelBackend")
    bajar = reverse("descargar_reporte", args=("popularidad", "csv"))
    assert cliente.get(bajar).status_code == 200
    assert cliente.get(bajar, {"cifra": "activos"}).status_code == 403
    pagina = cliente.get(reverse("filas_de_reporte", args=("popularidad", "activos"))).content.decode()
    assert "Descargar" not in pagina
    # Y las de los clientes, que no puede ver, tampoco las abre.
    assert cliente.get(reverse("filas_de_reporte", args=("popularidad", "clientes"))).status_code == 403


def test_una_lista_en_pdf_dice_cuantas_filas_lleva(db: None) -> None:
    for reporte in REPORTES.values():
        if isinstance(reporte, Lista):
            assert sacar(reporte.clave, "pdf").startswith(b"%PDF-1.")
