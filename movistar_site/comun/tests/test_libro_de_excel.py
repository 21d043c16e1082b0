"""El libro de Excel que escribe el panel: lo que entra sale igual, y cualquier programa lo abre."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movistar_site.comun.formatos_archivo import leer_xlsx
from movistar_site.comun.salida import NoCabeEnExcel, escribir_xlsx, libro

ESPACIO = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# El orden en que el esquema (ECMA-376, parte 1, CT_Worksheet) admite lo que lleva una hoja.
ORDEN = ["sheetViews", "sheetFormatPr", "cols", "sheetData", "dataValidations"]
DIFICILES = st.sampled_from(
    [
        "_x000D_", "_x000d_x", "__x0041_", "\r", "\r\n", "\x01\x1f", "\ufffe\uffff", " a", "a ", "  ", "\ta", "a\n",
        "🙂", "&amp;", "<c/>", "]]>", "|", " | ", '"', "=1", "'=1", "\u2028", "\xa0a\xa0", "x" * 32_766,
    ]
)  # fmt: skip
TEXTOS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30) | DIFICILES
FECHAS = st.dates(date(1901, 1, 1), date(9999, 12, 31))
INSTANTES = st.datetimes(datetime(1901, 1, 1), datetime(9999, 12, 31)).map(lambda d: d.replace(microsecond=0))
NUMEROS = st.integers(-(10**14), 10**14) | st.decimals(-(10**9), 10**9, places=2)


def leido(filas: list[list[Any]]) -> list[list[Any]]:
    """Lo que el panel lee de un libro escrito por el panel."""
    titulos = [f"c{n}" for n in range(len(filas[0]))]
    tabla = leer_xlsx(b"".join(escribir_xlsx(titulos, filas)))
    return [list(fila.valores.values()) for fila in tabla.filas]


@given(st.lists(st.tuples(TEXTOS, TEXTOS), min_size=1, max_size=5))
@settings(deadline=None, max_examples=80)
def test_cualquier_texto_va_y_vuelve_igual(filas: list[tuple[str, str]]) -> None:
    con_clave = [["clave", *fila] for fila in filas]
    assert [[celda or "" for celda in fila] for fila in leido(con_clave)] == con_clave


@given(FECHAS, INSTANTES, NUMEROS)
@settings(deadline=None, max_examples=80)
def test_fechas_y_numeros_son_fechas_y_numeros(dia: date, instante: datetime, numero: Any) -> None:
    ((_, fecha, hora, cifra),) = leido([["clave", dia, instante, numero]])
    assert fecha.date() == dia
    # Excel guarda la hora como fracción del día.
    assert abs(hora - instante) < timedelta(milliseconds=1)
    assert cifra == (float(numero) if isinstance(numero, Decimal) else numero)


@given(st.dates(date(1, 1, 1), date(1900, 12, 31)))
@settings(deadline=None, max_examples=20)
def test_las_fechas_que_excel_no_conoce_van_como_texto(dia: date) -> None:
    assert leido([["clave", dia]]) == [["clave", dia.isoformat()]]


@pytest.mark.parametrize("largo", [32_767, 32_768, 40_000])
def test_el_limite_de_una_celda_es_el_de_excel(largo: int) -> None:
    if largo <= libro.LARGO_DE_CELDA:
        assert leido([["a", "x" * largo]]) == [["a", "x" * largo]]
        return
    with pytest.raises(NoCabeEnExcel, match="exporte en CSV"):
        leido([["a", "x" * largo]])


def test_lo_que_no_es_finito_va_como_texto() -> None:
    assert leido([["a", float("nan"), float("inf")]]) == [["a", "nan", "inf"]]


def test_el_encabezado_lleva_estilo_y_queda_fijo() -> None:
    hoja = openpyxl.load_workbook(
        io.BytesIO(b"".join(escribir_xlsx(["Código", "Nombre"], [["05001", "Ana" * 9]])))
    ).active
    assert hoja.freeze_panes == "A2"
    assert hoja["A1"].font.bold and not hoja["A2"].font.bold
    assert hoja["A2"].value == "05001" and hoja["A2"].data_type == "s"
    assert hoja.column_dimensions["B"].width > hoja.column_dimensions["A"].width


def test_lo_que_no_cabe_en_una_hoja_sigue_en_otra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libro, "FILAS_POR_HOJA", 1_500)
    datos = b"".join(escribir_xlsx(["n"], ([n] for n in range(2_500))))
    abierto = openpyxl.load_workbook(io.BytesIO(datos), read_only=True)
    assert abierto.sheetnames == ["Datos", "Datos 2", "Datos 3"]
    filas = [[fila[0] for fila in hoja.iter_rows(values_only=True)] for hoja in abierto.worksheets]
    assert all(hoja[0] == "n" and len(hoja) <= 1_500 for hoja in filas)
    assert [n for hoja in filas for n in hoja[1:]] == list(range(2_500))


def test_una_hoja_sin_filas_tambien_se_abre() -> None:
    hoja = openpyxl.load_workbook(io.BytesIO(b"".join(escribir_xlsx(["a"], [])))).active
    assert [celda.value for fila in hoja for celda in fila] == ["a"]


def test_cada_parte_esta_declarada_y_en_el_orden_del_esquema() -> None:
    comprimido = zipfile.ZipFile(io.BytesIO(b"".join(escribir_xlsx(["a"], [["=1"], [date(2026, 1, 1)], [3], [None]]))))
    assert comprimido.testzip() is None
    # Excel no abre libros con las extensiones ZIP64.
    assert all(parte.extract_version < zipfile.ZIP64_VERSION for parte in comprimido.infolist())
    nombres = set(comprimido.namelist())
    for nombre in nombres:
        ET.fromstring(comprimido.read(nombre))
    tipos = ET.fromstring(comprimido.read("[Content_Types].xml"))
    declaradas = {uno.get("PartName", "").lstrip("/") for uno in tipos if uno.tag.endswith("Override")}
    assert declaradas == {n for n in nombres if n.endswith(".xml")} - {"[Content_Types].xml"}
    hoja = ET.fromstring(comprimido.read("xl/worksheets/sheet1.xml"))
    partes = [hijo.tag.removeprefix(ESPACIO) for hijo in hoja]
    assert partes == [parte for parte in ORDEN if parte in partes]


def test_las_opciones_de_una_columna_se_eligen_de_una_lista() -> None:
    xml = libro.lista_de_opciones([[], ["CC", "NIT"], ["x" * 300]])
    assert xml.count("<dataValidation ") == 1 and 'sqref="B2:B1048576"' in xml and '"CC,NIT"' in xml
    assert libro.lista_de_opciones([[]]) == ""
    assert [libro._letra(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_el_primer_byte_sale_antes_de_pedir_una_fila() -> None:
    def filas() -> Any:
        raise AssertionError("todavía no")
        yield

    assert next(escribir_xlsx(["a"], filas())).startswith(b"PK\x03\x04")
