"""CSV, XLSX y JSON: lo que se escribe se lee igual, y lo roto se dice en una frase."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movistar_site.comun.formatos_archivo import (
    FORMATOS,
    ArchivoIlegible,
    escribir_csv,
    escribir_json,
    escribir_xlsx,
    leer_csv,
    leer_json,
    leer_xlsx,
)
from movistar_site.comun.salida import NoCabeEnExcel, proteger, restaurar

TEXTOS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
PELIGROSOS = ("=1+1", "+573001234567", "-2", "@SUMA(A1)", "\t=1", "\r=1", "\n=1", "'=1", "''+1", "＝1")


@given(TEXTOS)
def test_restaurar_deshace_proteger(texto: str) -> None:
    assert restaurar(proteger(texto)) == texto
    assert not proteger(texto).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.lists(TEXTOS, min_size=1, max_size=4))
@settings(deadline=None, max_examples=60)
def test_csv_y_xlsx_devuelven_el_mismo_texto(textos: list[str]) -> None:
    filas = [["clave", texto] for texto in textos]
    for escribir, leer in ((escribir_csv, leer_csv), (escribir_xlsx, leer_xlsx)):
        tabla = leer(b"".join(escribir(["uno", "dos"], filas)))
        assert [[fila.valores["uno"], fila.valores["dos"] or ""] for fila in tabla.filas] == filas


@pytest.mark.parametrize("texto", PELIGROSOS)
def test_ninguna_celda_queda_como_formula(texto: str) -> None:
    escrito = b"".join(escribir_csv(["a"], [[texto]])).decode("utf-8-sig").split("\r\n", 1)[1].lstrip('"')
    assert escrito.startswith("'")
    hoja = openpyxl.load_workbook(io.BytesIO(b"".join(escribir_xlsx(["a"], [[texto]])))).active
    assert hoja["A2"].data_type == "s" and hoja["A2"].value.startswith("'")


@pytest.mark.parametrize("codificacion", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
@pytest.mark.parametrize("separador", [",", ";", "\t"])
@pytest.mark.parametrize("salto", ["\n", "\r\n"])
def test_se_lee_cualquier_csv_corriente(codificacion: str, separador: str, salto: str) -> None:
    texto = salto.join([f"código{separador}nombre", f'05001{separador}"Ñandú, «el; {separador}»"', ""])
    if codificacion == "latin-1":
        texto = texto.replace("«", "<").replace("»", ">")
    tabla = leer_csv(texto.encode(codificacion))
    assert tabla.encabezados == ["código", "nombre"]
    assert tabla.filas[0].valores["código"] == "05001" and tabla.filas[0].valores["nombre"].startswith("Ñandú, ")


def test_la_linea_sep_de_excel_y_las_filas_vacias_no_estorban() -> None:
    tabla = leer_csv(b"sep=;\r\na;b\r\n\r\n1;2\r\n;\r\n3;4\r\n")
    leidas = [(fila.numero, fila.valores) for fila in tabla.filas]
    assert leidas == [(4, {"a": "1", "b": "2"}), (6, {"a": "3", "b": "4"})]


def test_una_fila_corta_o_larga_lleva_su_falla() -> None:
    assert [bool(fila.falla) for fila in leer_csv(b"a;b\n1\n1;2\n1;2;3\n").filas] == [True, False, True]


@given(st.lists(st.lists(TEXTOS | st.sampled_from(['"', ";", "\r", "\n", ""]), min_size=2, max_size=2), min_size=1))
@settings(deadline=None, max_examples=60)
def test_el_csv_es_el_que_escribiria_la_biblioteca_estandar(filas: list[list[str]]) -> None:
    bufer = io.StringIO(newline="")
    csv.writer(bufer, delimiter=";", lineterminator="\r\n").writerows([[proteger(t) for t in fila] for fila in filas])
    assert b"".join(escribir_csv(["a", "b"], filas)).decode("utf-8-sig") == "a;b\r\n" + bufer.getvalue()


def test_una_columna_sola_vacia_no_es_una_linea_vacia() -> None:
    assert b"".join(escribir_csv(["a"], [[""], ["x"]])).decode("utf-8-sig") == 'a\r\n""\r\nx\r\n'


def test_excel_conserva_ceros_fechas_y_numeros() -> None:
    antigua = date(1850, 1, 1)
    fila = ["05001", date(2026, 2, 3), datetime(2026, 2, 3, 10, 15), Decimal("74900.50"), 3, True, None, antigua]
    titulos = [f"c{n}" for n in range(len(fila))]
    leida = list(leer_xlsx(b"".join(escribir_xlsx(titulos, [fila]))).filas[0].valores.values())
    assert leida == ["05001", datetime(2026, 2, 3), datetime(2026, 2, 3, 10, 15), 74900.5, 3, "sí", None, "1850-01-01"]


def test_json_va_y_vuelve() -> None:
    datos = b"".join(escribir_json(["a", "b", "c"], [["x", None, [1]], ["=1", "", Decimal("1.5")]]))
    assert [fila.valores for fila in leer_json(datos).filas] == [{"a": "x", "c": [1]}, {"a": "=1", "c": "1.5"}]


def bomba() -> bytes:
    salida = io.BytesIO()
    with zipfile.ZipFile(salida, "w", zipfile.ZIP_DEFLATED) as comprimido:
        comprimido.writestr("xl/workbook.xml", b"0" * 60_000_000)
    return salida.getvalue()


def con_entidades() -> bytes:
    salida = io.BytesIO()
    with zipfile.ZipFile(salida, "w") as comprimido:
        comprimido.writestr("xl/workbook.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    return salida.getvalue()


@pytest.mark.parametrize(
    ("leer", "datos", "dice"),
    [
        (leer_csv, b"", "vac"),
        (leer_csv, b" \n", "vac"),
        (leer_csv, b"PK\x03\x04resto", "XLSX"),
        (leer_csv, b"a;b\n1;\x00", "no es de texto"),
        (leer_csv, b'a;b\n1;"sin cerrar\n', "comillas"),
        (leer_csv, b"a;;b\n1;2;3", "columna 2 no tiene"),
        (leer_csv, b"a;a\n1;2", "dos veces"),
        (leer_csv, ";".join(f"c{n}" for n in range(300)).encode(), "300 columnas"),
        (leer_csv, b"\xff\xfe\x00", "UTF-16"),
        (leer_xlsx, b"a;b\n1;2", "no es un libro"),
        (leer_xlsx, b"PK\x03\x04roto", "no es un libro"),
        (leer_xlsx, bomba(), "demasiado"),
        (leer_xlsx, con_entidades(), "no es un libro"),
        (leer_json, b"[{]", "línea 1, columna 3"),
        (leer_json, b"{}", "lista JSON"),
        (leer_json, b"[" * 100_000, "niveles"),
        (leer_json, b"[NaN]", "NaN"),
        (leer_json, b"[" + b"9" * 5_000 + b"]", "demasiadas cifras"),
    ],
)
def test_un_archivo_que_no_se_puede_leer_lo_dice_en_una_frase(leer: Any, datos: bytes, dice: str) -> None:
    with pytest.raises(ArchivoIlegible, match=dice) as fallo:
        leer(datos)
    assert "\n" not in str(fallo.value)


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_ningun_archivo_rompe_el_lector(datos: bytes) -> None:
    for formato in FORMATOS:
        for contenido in (datos, b"PK\x03\x04" + datos, b'[{"a":' + datos):
            try:
                formato().create_dataset(contenido)
            except ArchivoIlegible as error:
                assert str(error).endswith((".", "»"))


def test_un_texto_que_no_cabe_en_excel_se_dice() -> None:
    with pytest.raises(NoCabeEnExcel, match="CSV"):
        b"".join(escribir_xlsx(["a"], [["x" * 40_000]]))


def test_solo_se_ofrecen_csv_xlsx_y_json() -> None:
    assert [formato().get_extension() for formato in FORMATOS] == ["csv", "xlsx", "json"]


def test_una_clave_repetida_en_un_registro_json_es_una_falla() -> None:
    assert "repetida" in leer_json(b'[{"a": 1, "a": 2}]').filas[0].falla
