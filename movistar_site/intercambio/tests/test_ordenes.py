"""Las órdenes `importar` y `exportar`."""

from __future__ import annotations

import json
import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from clientes.models import Cliente
from movistar_site.comun.models import Usuario

from .datos import SERVICIOS, USUARIO, lugares

pytestmark = pytest.mark.django_db


@pytest.fixture
def carpeta(tmp_path: Path) -> Path:
    lugares()
    (tmp_path / "usuario.json").write_text(json.dumps(USUARIO))
    (tmp_path / "servicios.json").write_text(json.dumps(SERVICIOS))
    return tmp_path


def correr(orden: str, *argumentos: Any, **opciones: Any) -> tuple[str, str]:
    salida, errores = StringIO(), StringIO()
    call_command(orden, *map(str, argumentos), stdout=salida, stderr=errores, **opciones)
    return salida.getvalue(), errores.getvalue()


def test_importa_el_par_y_repetirlo_no_cambia_nada(carpeta: Path) -> None:
    Usuario.objects.create_user("lucia")
    archivos = [carpeta / "usuario.json", carpeta / "servicios.json"]
    salida, _ = correr("importar", *archivos, "--simular")
    assert "Simulación" in salida and not Cliente.objects.exists()
    salida, _ = correr("importar", *archivos, "--usuario", "lucia")
    assert "Clientes:           nuevo 3  cambiado 0  igual 0  error 0" in salida
    assert Cliente.history.first().autor == "lucia"  # type: ignore[union-attr]
    assert "ya estaba así" in correr("importar", *archivos)[0]


def test_con_filas_malas_sale_con_uno_y_las_dice_todas(carpeta: Path) -> None:
    tabla = carpeta / "clientes.csv"
    tabla.write_text(
        "Tipo de documento;Documento;Nombre;Apellido;Fecha de vinculación;Apodo\n"
        "CC;1.020.304.050;Ana;Ríos;ayer;x\nCC;1020304050;Eva;Luna;15/03/2012;y\nCC;12;Eva;Luna;15/03/2012;y\n"
    )
    errores = StringIO()
    with pytest.raises(SystemExit) as salida:
        call_command("importar", str(tabla), stdout=StringIO(), stderr=errores)
    assert salida.value.code == 1 and not Cliente.objects.exists()
    dicho = errores.getvalue()
    assert "clientes.csv, fila 2: Fecha de vinculación «ayer»" in dicho
    assert "fila 2 y fila 3 traen la misma clave" in dicho and "fila 4: Documento «12»" in dicho
    assert "«Apodo»" in dicho


@pytest.mark.parametrize(("nombre", "contenido", "dice"), [
    ("nada.json", None, "no existe"), ("roto.json", b"{", "línea 1"), ("otro.txt", b"x", "No se reconoce"),
])  # fmt: skip
def test_un_archivo_ilegible_sale_con_dos(carpeta: Path, nombre: str, contenido: bytes | None, dice: str) -> None:
    if contenido is not None:
        (carpeta / nombre).write_bytes(contenido)
    with pytest.raises(CommandError, match=dice) as fallo:
        correr("importar", carpeta / nombre)
    assert fallo.value.returncode == 2


def test_una_tabla_se_reconoce_por_sus_columnas_o_por_la_entidad_que_se_diga(carpeta: Path) -> None:
    tabla = carpeta / "lista.csv"
    tabla.write_bytes("código,nombre,departamento\n5998,Pueblo Nuevo,5\n".encode("cp1252"))
    assert "Municipios:         nuevo 1" in correr("importar", tabla)[0]
    assert "igual 1" in correr("importar", tabla, "--entidad", "municipios")[0]


@pytest.mark.parametrize("formato", ["json", "csv", "xlsx"])
def test_exporta_y_no_reemplaza_sin_permiso(carpeta: Path, formato: str) -> None:
    correr("importar", carpeta / "usuario.json", carpeta / "servicios.json")
    destino = carpeta / "salida"
    correr("exportar", destino, "--formato", formato)
    archivos = {ruta.name: ruta.read_bytes() for ruta in destino.iterdir()}
    assert len(archivos) == (2 if formato == "json" else 10)
    assert {stat.S_IMODE(ruta.stat().st_mode) for ruta in destino.iterdir()} == {0o600}
    with pytest.raises(CommandError, match="--reemplazar"):
        correr("exportar", destino, "--formato", formato)
    correr("exportar", destino, "--formato", formato, "--reemplazar")
    if formato != "xlsx":
        assert archivos == {ruta.name: ruta.read_bytes() for ruta in destino.iterdir()}


def test_una_carpeta_donde_no_se_puede_escribir_da_una_frase(carpeta: Path) -> None:
    with pytest.raises(CommandError, match="No se puede escribir"):
        correr("exportar", carpeta / "usuario.json" / "dentro")
