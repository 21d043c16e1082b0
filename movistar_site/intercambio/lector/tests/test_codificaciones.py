"""UTF-8 con BOM o sin él, UTF-16, Latin-1, Windows; y lo que no es de texto, que se rechaza diciendo qué es."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movistar_site.comun.archivos import DetectorDeCodificacion, decodificar
from movistar_site.intercambio.lector import ArchivoIlegible, abrir
from movistar_site.intercambio.lector.tests.ayudas import escrito, leer_json, leer_tabla

NOMBRES = [{"nombre": "Íñigo Ñáñez"}, {"nombre": "Güido"}]


@pytest.mark.parametrize(
    ("codec", "dice"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("cp1252", "cp1252"),
        ("latin-1", "cp1252"),
    ],
)
@pytest.mark.parametrize("ventana", [1, 5, 4_096])
@pytest.mark.parametrize("salto", ["\n", "\r\n"])
def test_se_lee_en_cualquier_codificacion(tmp_path: Path, codec: str, dice: str, ventana: int, salto: str) -> None:
    texto = json.dumps(NOMBRES, ensure_ascii=False, indent=1).replace("\n", salto)
    ruta = escrito(tmp_path, texto.encode(codec))
    assert leer_json(ruta, ventana) == (NOMBRES, [])
    with abrir(ruta, "u.json") as documento:
        assert documento.codificacion == dice


def test_utf16_del_otro_extremo_tambien(tmp_path: Path) -> None:
    assert leer_json(escrito(tmp_path, b"\xfe\xff" + json.dumps(NOMBRES).encode("utf-16-be"))) == (NOMBRES, [])


def test_los_escapes_u_se_leen(tmp_path: Path) -> None:
    assert leer_json(escrito(tmp_path, r'["\u00d1o\u00f1o \ud83d\ude00"]'))[0] == ["Ñoño 😀"]


def test_una_letra_de_windows_despues_de_un_mega_de_ascii_no_engana(tmp_path: Path) -> None:
    relleno = '{"nombre": "Ana"},' * 100_000
    assert len(relleno) > 1_500_000
    leido, reparaciones = leer_json(escrito(tmp_path, f'[{relleno}{{"nombre": "Íñigo"}}]'.encode("cp1252")))
    assert leido[-1] == {"nombre": "Íñigo"} and reparaciones == []


def test_un_byte_malo_no_estropea_las_tildes_de_un_utf8(tmp_path: Path) -> None:
    datos = json.dumps(NOMBRES, ensure_ascii=False).encode().replace(b"ido", b"\xe9do")
    leido, reparaciones = leer_json(escrito(tmp_path, b"\n" + datos))
    assert [registro["nombre"] for registro in leido] == ["Íñigo Ñáñez", "Güédo".replace("é", "é")]
    assert "línea 2" in reparaciones[0] and "Windows" in reparaciones[0]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60), st.integers(1, 7))
def test_detectar_por_trozos_da_lo_mismo_que_de_una_vez(texto: str, trozo: int) -> None:
    for codec in ("utf-8", "utf-8-sig", "utf-16"):
        datos = texto.encode(codec)
        if len(datos) < 3 or (datos[:2] in (b"\xff\xfe", b"\xfe\xff") and codec != "utf-16"):
            continue
        detector = DetectorDeCodificacion()
        detector.alimentar(datos[:3])
        for inicio in range(3, len(datos), trozo):
            detector.alimentar(datos[inicio : inicio + trozo])
        codificacion = detector.resultado()
        assert codificacion.danada_en == -1
        assert datos.decode(codificacion.nombre) == decodificar(datos)


@pytest.mark.parametrize(
    ("contenido", "dice"),
    [
        (b"", "vacío"),
        (b" \r\n\t", "vacío"),
        (b"PK\x03\x04\x14\x00", "un ZIP o un libro de Excel"),
        (b"\x89PNG\r\n\x1a\n", "una imagen PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"%PDF-1.7\n", "un PDF"),
        (b"\x1f\x8b\x08", "GZIP"),
        (b"\xd0\xcf\x11\xe0\xa1", "Office antiguo"),
        (b"SQLite format 3\x00", "base de datos SQLite"),
        (b'{"a":\n"x\x00y"}', "carácter nulo en la línea 2"),
        (b"\xff\xfe[", "UTF-16"),
        ('["\0"]'.encode("utf-16"), "caracteres nulos"),
        ("[1]".encode("utf-32"), "caracteres nulos"),
    ],
)
@pytest.mark.parametrize("nombre", ["usuario.json", "usuario.csv"])
def test_lo_que_no_es_de_texto_se_rechaza_en_una_frase(
    tmp_path: Path, contenido: bytes, dice: str, nombre: str
) -> None:
    with pytest.raises(ArchivoIlegible, match=dice) as fallo:
        abrir(escrito(tmp_path, contenido), nombre)
    assert str(fallo.value).endswith(".") and "\n" not in str(fallo.value)


@pytest.mark.parametrize("nombre", ["u.JSON", "u.Json", "U.jsonl"])
def test_la_extension_vale_en_mayusculas(tmp_path: Path, nombre: str) -> None:
    with abrir(escrito(tmp_path, "[]"), nombre) as documento:
        assert documento.formato == "json"


@pytest.mark.parametrize("nombre", ["foto.png", "datos", "libro.xls", "datos.zip"])
def test_otra_extension_se_rechaza(tmp_path: Path, nombre: str) -> None:
    with pytest.raises(ArchivoIlegible, match=r"No es un archivo \.json"):
        abrir(escrito(tmp_path, "[]"), nombre)


def test_un_csv_que_por_dentro_es_json_se_dice(tmp_path: Path) -> None:
    with pytest.raises(ArchivoIlegible, match="por dentro es un JSON"):
        leer_tabla(escrito(tmp_path, '[{"a": 1}]', "datos.csv"))
