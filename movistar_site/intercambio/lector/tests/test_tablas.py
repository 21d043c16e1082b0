"""CSV y XLSX fila por fila: separadores, comillas, encabezados raros, fórmulas, fechas y lo que se rechaza."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movistar_site.comun.formatos_archivo import escribir_csv, escribir_xlsx
from movistar_site.intercambio.lector import ArchivoIlegible, DocumentoTabla, abrir
from movistar_site.intercambio.lector.tests.ayudas import escrito, leer_tabla


@pytest.mark.parametrize("separador", [";", ",", "\t", "|"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("sep", [True, False])
@pytest.mark.parametrize("salto", ["\n", "\r\n"])
def test_se_lee_cualquier_csv(tmp_path: Path, separador: str, codec: str, sep: bool, salto: str) -> None:
    lineas = [
        f"código{separador}nombre",
        f'05001{separador}"Ñandú, «el; {separador}»\n""otro"""',
        separador,
        f"2{separador}b",
    ]
    texto = salto.join([f"sep={separador}"] * sep + lineas)
    encabezados, filas, reparaciones = leer_tabla(escrito(tmp_path, texto.encode(codec), "a.csv"))
    desde = 2 + sep
    assert encabezados == ["código", "nombre"] and reparaciones == []
    assert filas == [
        (desde, ["05001", f'Ñandú, «el; {separador}»\n"otro"'], ""),
        (desde + 3, ["2", "b"], ""),
    ]


def test_las_filas_dicen_su_linea_y_su_falla(tmp_path: Path) -> None:
    ruta = escrito(tmp_path, "\n\na;b;c;\n1;2\n1;2;3;4\n1;2;3;\n'=1;''x;3\n", "a.csv")
    with abrir(ruta, "a.csv") as documento:
        assert isinstance(documento, DocumentoTabla)
        assert documento.primera_fila == 3 and documento.encabezados == ["a", "b", "c"]
        filas = list(documento.filas())
        assert documento.leidos == documento.bytes
    assert [(numero, celdas) for numero, celdas, _ in filas] == [
        (4, ["1", "2"]), (5, ["1", "2", "3", "4"]), (6, ["1", "2", "3"]), (7, ["=1", "''x", "3"]),
    ]  # fmt: skip
    assert [falla[:24] for _, _, falla in filas] == ["La fila tiene 2 celdas y", "La fila tiene 4 celdas y", "", ""]


def test_una_columna_sin_titulo_y_sin_datos_se_descarta(tmp_path: Path) -> None:
    encabezados, filas, _ = leer_tabla(escrito(tmp_path, "a;;b;\n1;;2;\n3;;4\n", "a.csv"))
    assert (encabezados, [celdas for _, celdas, _ in filas]) == (["a", "b"], [["1", "2"], ["3", "4"]])


@pytest.mark.parametrize(
    ("texto", "dice"),
    [
        ("a;;b\n1;;2\n1;x;2\n", "La columna 2 no tiene título en la primera fila y la fila 3"),
        ("a;b;a\n1;2;3\n", "«a» está dos veces"),
        (";".join(f"c{n}" for n in range(300)), "300 columnas"),
        ('a;b\n1;2\n1;"sin cerrar\n3;4\n', "línea 3 tiene comillas mal cerradas"),
        ('a;b\n1;2\n1;"x" y\n', "línea 3 tiene comillas mal cerradas"),
        (";;\n;;\n", "no tiene filas"),
    ],
)
def test_un_csv_que_no_se_puede_leer_se_rechaza(tmp_path: Path, texto: str, dice: str) -> None:
    with pytest.raises(ArchivoIlegible, match=dice):
        leer_tabla(escrito(tmp_path, texto, "a.csv"))


def test_de_un_csv_roto_salen_las_filas_anteriores(tmp_path: Path) -> None:
    vistas = []
    with abrir(escrito(tmp_path, 'a;b\n1;2\n3;4\n5;"\n', "a.csv"), "a.csv") as documento:
        assert isinstance(documento, DocumentoTabla)
        with pytest.raises(ArchivoIlegible, match="línea 4"):
            for numero, celdas, _ in documento.filas():
                vistas.append((numero, celdas))
    assert vistas == [(2, ["1", "2"]), (3, ["3", "4"])]


def libro(filas: list[list[Any]], hojas: int = 1) -> bytes:
    nuevo = openpyxl.Workbook()
    for fila in filas:
        nuevo.active.append(fila)
    for _ in range(hojas - 1):
        nuevo.create_sheet()
    salida = io.BytesIO()
    nuevo.save(salida)
    return salida.getvalue()


def test_excel_da_numeros_logicos_y_fechas_en_iso(tmp_path: Path) -> None:
    fila = ["05001", 3, 74900.5, True, None, date(2012, 3, 15), datetime(2012, 3, 15, 10, 20), time(8, 5), "'=1"]
    titulos = [f"c{n}" for n in range(len(fila))]
    encabezados, filas, _ = leer_tabla(escrito(tmp_path, libro([titulos, fila, [], ["x"]]), "a.XLSX"))
    assert encabezados == titulos
    assert filas == [
        (2, ["05001", 3, 74900.5, True, None, "2012-03-15", "2012-03-15T10:20:00", "08:05:00", "=1"], ""),
        (4, ["x", *[None] * 8], ""),
    ]


def test_de_un_libro_con_varias_hojas_se_dice_cual_se_lee(tmp_path: Path) -> None:
    _, _, reparaciones = leer_tabla(escrito(tmp_path, libro([["a"], [1]], hojas=3), "a.xlsx"))
    assert reparaciones == ["El libro trae 3 hojas: solo se lee la primera, «Sheet»."]


def test_una_hoja_con_demasiadas_filas_se_rechaza(tmp_path: Path, settings: Any) -> None:
    settings.IMPORTACION_MAX_FILAS_EXCEL = 3
    ruta = escrito(tmp_path, libro([["a"], [1], [2], [3]]), "a.xlsx")
    with pytest.raises(ArchivoIlegible, match="pasa de 3 filas"):
        leer_tabla(ruta)


def bomba(nombre: str) -> bytes:
    salida = io.BytesIO()
    with zipfile.ZipFile(salida, "w", zipfile.ZIP_DEFLATED) as comprimido:
        comprimido.writestr(nombre, b"0" * 60_000_000)
    return salida.getvalue()


@pytest.mark.parametrize(
    ("datos", "dice"),
    [
        (b"a;b\n1;2\n", "no es un libro de Excel"),
        (b"PK\x03\x04roto", "no es un libro de Excel"),
        (libro([["a"], [1]])[:-200], "no es un libro de Excel"),
        (bomba("xl/workbook.xml"), "ocupa demasiado"),
        (bomba("otro.xml")[:300], "no es un libro de Excel"),
        (libro([[None]]), "no tiene filas"),
    ],
)
def test_un_excel_que_no_lo_es_se_rechaza(tmp_path: Path, datos: bytes, dice: str) -> None:
    with pytest.raises(ArchivoIlegible, match=dice):
        leer_tabla(escrito(tmp_path, datos, "a.xlsx"))


TEXTOS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)


@given(st.lists(TEXTOS, min_size=1, max_size=5))
@settings(deadline=None, max_examples=60)
def test_lo_que_exporta_el_panel_se_lee_igual(tmp_path_factory: Any, textos: list[str]) -> None:
    filas = [["clave", texto] for texto in textos]
    for escribir, nombre in ((escribir_csv, "a.csv"), (escribir_xlsx, "a.xlsx")):
        ruta = escrito(tmp_path_factory.mktemp("t"), b"".join(escribir(["uno", "dos"], filas)), nombre)
        assert [[uno, dos or ""] for _, (uno, dos), _ in leer_tabla(ruta)[1]] == filas


@given(st.binary(max_size=150), st.sampled_from(["a.csv", "a.xlsx", "a.txt"]))
@settings(deadline=None, max_examples=200)
def test_ningun_archivo_rompe_el_lector_de_tablas(tmp_path_factory: Any, datos: bytes, nombre: str) -> None:
    for contenido in (datos, b"a;b\n" + datos, libro([["a"], [1]]).replace(b"xl/", datos[:3] or b"xl/")):
        try:
            leer_tabla(escrito(tmp_path_factory.mktemp("t"), contenido, nombre))
        except ArchivoIlegible as error:
            assert "\n" not in str(error)
