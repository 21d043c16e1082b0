"""Importar y exportar el catálogo desde sus pantallas."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import tablib
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from movistar_site.comun.models import Exportacion, Usuario
from movistar_site.comun.recursos_base import Contexto
from servicios.models import PrecioServicio, Servicio, TipoServicio
from servicios.recursos import RecursoServicio, RecursoTipoServicio

pytestmark = pytest.mark.django_db
HOY = date(2026, 6, 15)
COLUMNAS = ["Código", "Nombre", "Tipo de servicio", "Precio", "Características"]
FIBRA = ["FIB-9", "Fibra nueve", "INTERNET de fibra optica", "$ 74.900", '{"velocidad_bajada_mbps": 9}']


def importar(*filas: list[Any], columnas: list[str] | None = None, **opciones: Any) -> Any:
    tabla = tablib.Dataset(*filas, headers=columnas or COLUMNAS)
    return RecursoServicio(Contexto(hoy=HOY)).import_data(tabla, **opciones)


def test_un_servicio_entra_con_su_precio_y_repetirlo_no_cambia_nada() -> None:
    assert importar(FIBRA).totals["new"] == 1
    servicio = Servicio.objects.get(codigo="FIB-9")
    assert servicio.precio_en(HOY) == Decimal("74900.00")
    assert servicio.history.get().origen == "importación archivo"
    assert importar(FIBRA).totals["skip"] == 1
    assert PrecioServicio.objects.count() == 1


def test_una_fila_mala_detiene_todas_y_salen_todas_las_faltas() -> None:
    mala = ["fib 8", "", "no existe", "74,900", "[1]"]
    resultado = importar(FIBRA, mala)
    assert resultado.has_validation_errors() and not Servicio.objects.exists()
    assert {(lugar, falta.campo) for lugar, falta in resultado.faltas} == {
        ("fila 3", campo)
        for campo in ("Código", "Nombre", "Tipo de servicio", "Precio vigente (COP)", "Características")
    }


def test_dos_filas_con_la_misma_clave_se_nombran() -> None:
    ((_, falta),) = importar(FIBRA, FIBRA).faltas
    assert "fila 2 y fila 3" in falta.motivo


def test_las_columnas_desconocidas_se_dicen_y_las_que_faltan_tambien() -> None:
    resultado = importar([*FIBRA, "x"], columnas=[*COLUMNAS, "Color"])
    assert resultado.desconocidos == ["Color"] and resultado.totals["new"] == 1
    falta = importar(["FIB-10", "Otra"], columnas=["codigo", "nombre"])
    assert str(falta.base_errors[0].error).startswith("Falta la columna «Tipo de servicio»")
    solo_nombre = importar(["FIB-9", "Otro nombre"], columnas=["codigo", "nombre"])
    assert solo_nombre.totals["update"] == 1


def test_simular_no_escribe() -> None:
    assert importar(FIBRA, dry_run=True).totals["new"] == 1
    assert not Servicio.objects.exists()


def test_un_atributo_en_uso_no_se_quita() -> None:
    importar(FIBRA)
    tabla = tablib.Dataset(["fibra", '[{"clave": "otra", "nombre": "Otra"}]'], headers=["codigo", "atributos"])
    ((_, falta),) = RecursoTipoServicio(Contexto(hoy=HOY)).import_data(tabla).faltas
    assert "FIB-9" in falta.motivo
    assert TipoServicio.objects.get(codigo="fibra").atributos.filter(clave="velocidad_bajada_mbps").exists()


# --- La pantalla -----------------------------------------------------------------------------------------------------


@pytest.fixture
def navegador(client: Client, settings: Any, tmp_path: Path) -> Client:
    settings.DATOS_DIR = tmp_path
    client.force_login(_cuenta("Administrador"))
    return client


def _cuenta(papel: str) -> Usuario:
    usuario = Usuario.objects.create_user(papel.replace(" ", "-"), is_staff=True)
    usuario.groups.add(Group.objects.get(name=papel))
    return usuario


def csv(*filas: list[str]) -> bytes:
    return "\n".join(
        ";".join('"' + celda.replace('"', '""') + '"' for celda in fila) for fila in (COLUMNAS, *filas)
    ).encode()


def test_el_boton_de_importar_lleva_a_la_pagina_con_su_lista(navegador: Client) -> None:
    puerta = reverse("admin:servicios_servicio_import")
    assert navegador.get(puerta).headers["Location"] == "/importar/?modelo=servicios.servicio"
    enviado = navegador.post(puerta, {"import_file": SimpleUploadedFile("servicios.csv", csv(FIBRA))})
    # 307: el navegador repite el envío, con su archivo, en la página.
    assert (enviado.status_code, enviado.headers["Location"]) == (307, "/importar/?modelo=servicios.servicio")
    assert not Servicio.objects.exists()


def test_quien_solo_ve_no_importa_ni_exporta(client: Client) -> None:
    client.force_login(_cuenta("Agente de atención"))
    for vista in ("import", "export"):
        assert client.post(reverse(f"admin:servicios_servicio_{vista}")).status_code == 403
    lista = client.get(reverse("admin:servicios_servicio_changelist")).content.decode()
    assert "/import/" not in lista and "export_admin_action" not in lista


def test_se_exporta_lo_filtrado_o_lo_elegido(navegador: Client) -> None:
    importar(FIBRA, ["FIB-8", "=Fibra ocho", *FIBRA[2:]])
    columnas = {"recursoservicio_codigo": "on", "recursoservicio_nombre": "on"}
    url = reverse("admin:servicios_servicio_export")
    respuesta = navegador.post(f"{url}?q=ocho", {"format": 0, "resource": 0, **columnas})
    texto = b"".join(respuesta.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert texto == "Código;Nombre\r\nFIB-8;'=Fibra ocho\r\n"
    elegido = str(Servicio.objects.get(codigo="FIB-9").pk)
    pagina = navegador.post(
        reverse("admin:servicios_servicio_changelist"), {"action": "export_admin_action", "_selected_action": [elegido]}
    ).content.decode()
    assert "1 registro elegido" in " ".join(pagina.split()) and "Precio vigente" in pagina
    respuesta = navegador.post(url, {"format": 1, "resource": 0, "export_items": [elegido], **columnas})
    hoja = openpyxl.load_workbook(io.BytesIO(b"".join(respuesta.streaming_content))).active  # type: ignore[attr-defined]
    assert [[celda.value for celda in fila] for fila in hoja] == [["Código", "Nombre"], ["FIB-9", "Fibra nueve"]]
    alterada = navegador.post(url, {"format": 1, "resource": 0, "export_items": [elegido, "x"], **columnas})
    assert alterada.status_code == 200 and not alterada.streaming
    filtrada, elegida = Exportacion.objects.order_by("pk")
    assert (filtrada.que, filtrada.registros, filtrada.filtro) == ("Servicios", 1, "búsqueda: ocho")
    assert (elegida.formato, elegida.estado, elegida.filtro) == ("xlsx", "terminada", "uno elegido en la lista")


def test_ningun_texto_en_ingles_en_las_paginas(navegador: Client) -> None:
    for vista in ("import", "export"):
        texto = navegador.get(reverse(f"admin:servicios_servicio_{vista}")).content.decode()
        for ingles in ("Submit", "Select format", "This exporter", "File to import", "Resource"):
            assert ingles not in texto
