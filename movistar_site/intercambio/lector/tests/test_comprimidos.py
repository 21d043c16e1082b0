"""Un ZIP da sus archivos de datos y dice lo que dejó fuera; una bomba, uno cifrado o uno tramposo se rechaza."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from movistar_site.intercambio.lector import ArchivoIlegible, expandir
from movistar_site.intercambio.lector.tests.ayudas import escrito, leer_json


def comprimido(archivos: dict[str, bytes], bandera: int = 0) -> bytes:
    salida = io.BytesIO()
    with zipfile.ZipFile(salida, "w", zipfile.ZIP_DEFLATED) as nuevo:
        for nombre, datos in archivos.items():
            nuevo.writestr(nombre, datos)
    crudo = salida.getvalue()
    if bandera:
        # El bit de cifrado, en la cabecera local y en el directorio central.
        for firma, lugar in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            posicion = crudo.index(firma) + lugar
            crudo = crudo[:posicion] + bytes((crudo[posicion] | bandera,)) + crudo[posicion + 1 :]
    return crudo


def test_de_un_zip_salen_sus_datos_y_se_dice_lo_omitido(tmp_path: Path) -> None:
    datos = comprimido(
        {
            "datos/": b"",
            "datos/usuario.JSON": b"[1]",
            "servicios.json": b"[2]",
            "__MACOSX/datos/._usuario.json": b"x",
            "datos/._servicios.json": b"x",
            ".DS_Store": b"x",
            "leeme.txt": b"x",
            "vacio.csv": b"",
            "señal.csv": b"a\n1\n",
        }
    )
    hallados = expandir(escrito(tmp_path, datos, "d.ZIP"), "d.ZIP", tmp_path / "destino")
    assert [nombre for nombre, _ in hallados] == ["datos/usuario.JSON", "servicios.json", "señal.csv"]
    assert leer_json(hallados[0][1])[0] == [1]
    assert all(ruta.parent == tmp_path / "destino" for _, ruta in hallados)
    assert dict(hallados.omitidos) == {
        "__MACOSX/datos/._usuario.json": "es un archivo del sistema",
        "datos/._servicios.json": "es un archivo del sistema",
        ".DS_Store": "es un archivo del sistema",
        "leeme.txt": "no es .json, .csv ni .xlsx",
        "vacio.csv": "está vacío",
    }


def test_lo_que_no_es_un_zip_es_el_mismo_archivo(tmp_path: Path) -> None:
    ruta = escrito(tmp_path, "[1]", "x")
    assert expandir(ruta, "usuario.json", tmp_path / "destino") == [("usuario.json", ruta)]
    assert not (tmp_path / "destino").exists()


@pytest.mark.parametrize(
    ("datos", "dice"),
    [
        (b"hola", "no es un ZIP"),
        (comprimido({"a.json": b"[1, 2, 3]"})[:-10], "no es un ZIP"),
        (comprimido({"a.json": b"0" * 60_000_000}), "ocupa demasiado"),
        (comprimido({"../../etc/a.json": b"[]"}), "ruta fuera de él"),
        (comprimido({"/etc/a.json": b"[]"}), "ruta fuera de él"),
        (comprimido({"C:\\a.json": b"[]"}), "ruta fuera de él"),
        (comprimido({"..\\a.json": b"[]"}), "ruta fuera de él"),
        (comprimido({"otro.zip": comprimido({"a.json": b"[]"})}), "otro comprimido dentro"),
        (comprimido({"a.json": b"[1]"}, bandera=1), "contraseña"),
        (comprimido({"leeme.txt.doc": b"x"}), "ningún archivo"),
        (comprimido({f"{n}.json": b"[]" for n in range(60)}), "60 archivos y se admiten 50"),
    ],
)
def test_un_zip_que_no_se_debe_abrir_se_rechaza(tmp_path: Path, datos: bytes, dice: str) -> None:
    with pytest.raises(ArchivoIlegible, match=dice) as fallo:
        expandir(escrito(tmp_path, datos, "d.zip"), "d.zip", tmp_path / "destino")
    assert "\n" not in str(fallo.value)


def test_un_zip_que_miente_sobre_su_tamano_se_rechaza(tmp_path: Path, settings: Any) -> None:
    settings.IMPORTACION_MAX_BYTES_ABIERTO = 1_000
    datos = comprimido({"a.json": b"[" + b"1," * 5_000 + b"1]"})
    mentira = datos.replace((10_003).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert mentira != datos
    with pytest.raises(ArchivoIlegible):
        expandir(escrito(tmp_path, mentira, "d.zip"), "d.zip", tmp_path / "destino")


def test_ningun_zip_danado_rompe_el_lector(tmp_path: Path) -> None:
    datos = comprimido({"a.json": b"[1, 2, 3]" * 20, "b.csv": b"a;b\n1;2\n"})
    for posicion in range(len(datos)):
        roto = datos[:posicion] + bytes((datos[posicion] ^ 0xFF,)) + datos[posicion + 1 :]
        try:
            expandir(escrito(tmp_path, roto, "d.zip"), "d.zip", tmp_path / "destino")
        except ArchivoIlegible as error:
            assert "\n" not in str(error)
