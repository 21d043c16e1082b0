"""Las páginas «Importar datos» y «Exportar datos»."""

from __future__ import annotations

import io
import json
import re
import stat
import zipfile
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from clientes.models import Cliente
from movistar_site.comun.almacen import carpeta
from movistar_site.comun.models import Exportacion
from servicios.models import Servicio

from .conftest import cuenta
from .datos import SERVICIOS, USUARIO, lugares

pytestmark = pytest.mark.django_db


def archivo(nombre: str, contenido: Any) -> SimpleUploadedFile:
    datos = contenido if isinstance(contenido, bytes) else json.dumps(contenido).encode()
    return SimpleUploadedFile(nombre, datos)


def revisar(cliente: Client, *archivos: SimpleUploadedFile) -> Any:
    return cliente.post("/importar/", {"archivos": list(archivos)})


def ficha_de(respuesta: Any) -> str:
    return re.search(r'name="ficha" value="([^"]+)"', respuesta.content.decode())[1]  # type: ignore[index]


def test_revisar_no_escribe_y_confirmar_si(administrador: Client) -> None:
    lugares()
    revision = revisar(administrador, archivo("usuario.json", USUARIO), archivo("servicios.json", SERVICIOS))
    assert "Los archivos están bien" in revision.content.decode()
    assert not Cliente.objects.exists()
    final = administrador.post("/importar/", {"ficha": ficha_de(revision)})
    assert "Importación terminada" in final.content.decode()
    assert Cliente.objects.count() == 3
    historia = Cliente.objects.get(documento="1020304050").history.get()
    assert (historia.autor, historia.origen) == ("administrador", "importación usuario.json, servicios.json")
    assert "3 nuevos" in LogEntry.objects.get().change_message or "nuevos" in LogEntry.objects.get().change_message
    otra_vez = revisar(administrador, archivo("usuario.json", USUARIO))
    assert "ya está como dicen los archivos" in otra_vez.content.decode()


def test_los_archivos_en_espera_son_privados_y_se_borran_al_confirmar(administrador: Client) -> None:
    revision = revisar(administrador, archivo("servicios.json", SERVICIOS))
    guardados = list(carpeta().iterdir())
    assert [stat.S_IMODE(ruta.stat().st_mode) for ruta in guardados] == [0o600]
    assert stat.S_IMODE(carpeta().stat().st_mode) == 0o700
    ficha = ficha_de(revision)
    administrador.post("/importar/", {"ficha": ficha})
    assert list(carpeta().iterdir()) == []
    assert Servicio.objects.filter(codigo="FIB-300").exists()
    assert "vuelva a subirlo" in administrador.post("/importar/", {"ficha": ficha}).content.decode()


def test_una_ficha_alterada_o_de_otra_cuenta_no_abre_nada(administrador: Client) -> None:
    ficha = ficha_de(revisar(administrador, archivo("servicios.json", SERVICIOS)))
    assert "ya no están disponibles" in administrador.post("/importar/", {"ficha": ficha + "x"}).content.decode()
    otra = Client()
    otra.force_login(cuenta("Administrador", "otra"))
    assert "lo subió otra cuenta" in otra.post("/importar/", {"ficha": ficha}).content.decode()
    assert not Servicio.objects.filter(codigo="FIB-300").exists()


def test_los_errores_se_ven_acotados_y_el_informe_entero_se_descarga(administrador: Client) -> None:
    malos = {f"CC-10000{n:03d}": {"nombre": "A", "apellido": "B", "fecha_vinculacion": "ayer"} for n in range(40)}
    malos["CC-10000999"] = {"nombre": "A", "apellido": "B", "fecha_vinculacion": "2020-01-01", "apodo": "=Pepe"}
    texto = revisar(administrador, archivo("usuario.json", {"movistar": {"usuarios": malos}})).content.decode()
    assert "hay 40 errores" in texto and "Se muestran 25 de 40" in texto and "apodo" in texto
    assert not Cliente.objects.exists()
    enlace = re.search(r'href="(/importar/informe/[^"]+)"', texto)[1]  # type: ignore[index]
    informe = administrador.get(enlace).content.decode("utf-8-sig")
    assert informe.count("No se entiende la fecha") == 40 and "'=Pepe" in informe
    assert "ya no está disponible" in administrador.get("/importar/informe/?ficha=falsa").content.decode()


@pytest.mark.parametrize(
    ("nombre", "datos", "dice"),
    [
        ("usuario.json", b"", "vac"),
        ("usuario.json", b"{,}", "línea 1, columna 2"),
        ("usuario.json", b"5", "Se esperaba un objeto"),
        ("foto.png", b"\x89PNG", "No es un archivo .json, .csv ni .xlsx"),
        ("clientes.xlsx", b"hola", "no es un libro de Excel"),
        ("cosas.csv", b"a;b\n1;2\n", "No se reconoce qué trae"),
        ("usuario.json", b"\x00\x01\x02", "no es de texto"),
    ],
)
def test_un_archivo_ilegible_se_dice_en_una_frase(administrador: Client, nombre: str, datos: bytes, dice: str) -> None:
    respuesta = revisar(administrador, archivo(nombre, datos))
    assert respuesta.status_code == 200 and dice in respuesta.content.decode()


def test_sin_archivo_o_con_uno_enorme_hay_una_frase(administrador: Client, settings: Any) -> None:
    assert "Elija al menos un archivo" in administrador.post("/importar/", {}).content.decode()
    settings.IMPORTACION_MAX_BYTES = 10
    assert "pesan más de" in revisar(administrador, archivo("usuario.json", USUARIO)).content.decode()


@pytest.mark.parametrize(("papel", "importa", "exporta"), [
    ("Administrador", 200, 200), ("Analista", 403, 200),
    ("Agente de atención", 403, 403), ("Asesor de ventas", 403, 403),
])  # fmt: skip
def test_cada_papel_entra_a_lo_suyo(client: Client, papel: str, importa: int, exporta: int) -> None:
    client.force_login(cuenta(papel))
    assert client.get("/importar/").status_code == importa
    assert client.get("/importar/informe/").status_code == importa
    assert client.get("/exportar/").status_code == exporta
    assert client.post("/exportar/").status_code == exporta


def test_sin_entrar_se_va_al_ingreso(client: Client) -> None:
    for ruta in ("/importar/", "/exportar/", "/importar/informe/"):
        assert "/login/" in client.get(ruta)["Location"]


def test_exportar_baja_un_zip_con_el_par(administrador: Client) -> None:
    administrador.post("/importar/", {"ficha": ficha_de(revisar(administrador, archivo("servicios.json", SERVICIOS)))})
    respuesta = administrador.post("/exportar/", {"que": "todo", "formato": "json"})
    comprimido = zipfile.ZipFile(io.BytesIO(b"".join(respuesta.streaming_content)))  # type: ignore[attr-defined]
    assert comprimido.namelist() == ["servicios.json", "usuario.json"]
    assert "FIB-300" in json.loads(comprimido.read("servicios.json"))["movistar"]["servicios"]
    assert Exportacion.objects.get().que == "Todo el panel"
