"""Lo que la página de una importación cuenta: sumas que cuadran, lo no reconocido junto, y de dónde vino."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from clientes.models import Cliente
from movistar_site.comun.recursos_base import mostrar_entero
from movistar_site.intercambio import consultas, correspondencias, operaciones, presentacion
from movistar_site.intercambio.models import AvisoImportacion, Importacion
from movistar_site.intercambio.vistas import resumen

from . import escenas
from .test_paginas import de, texto

pytestmark = pytest.mark.django_db


def _leida(contenido: dict[str, Any], **opciones: Any) -> Importacion:
    """Una importación de verdad, leída y comparada."""
    archivo = io.BytesIO(json.dumps(contenido).encode())
    importacion = operaciones.crear_importacion(
        archivos=[("padrón.json", archivo)], usuario=None, hoy=timezone.localdate(), **opciones
    )
    operaciones.empezar_lectura(importacion)
    importacion.refresh_from_db()
    return importacion


def _persona(n: int, **otros: Any) -> dict[str, Any]:
    return {"cedula": f"10203{n:05}", "nombres": "Ana", "apellidos": "De Prueba", "telefono": "300 123 45 67",
            "fecha de ingreso": "15/03/2012", **otros}  # fmt: skip


# --- Cuentas ---------------------------------------------------------------------------------------------------------
def test_las_cuentas_suman_los_registros_del_archivo(administrador: Client) -> None:
    importacion = _leida({"usuarios": [_persona(1), _persona(2), _persona(3, telefono="12")]}, ante_errores="omitir")
    operaciones.confirmar(importacion, usuario=None)
    assert "3 registros del archivo: 2 creados + 1 con errores." in texto(administrador.get(de(importacion)))


def test_lo_que_un_registro_lleva_dentro_se_dice_aparte() -> None:
    importacion = _leida({"usuarios": [_persona(1, servicios=["Nada conocido"])]})
    dicho = resumen.cuenta_completa(importacion, resumen._ANTES, {})
    assert dicho == "1 registro del archivo, con lo que lleva dentro, da 2: 1 nuevo + 1 con errores."


def test_lo_corregido_no_se_cuenta_como_creado_hasta_reintentarlo(administrador: Client) -> None:
    importacion = _leida({"usuarios": [_persona(1), _persona(3, telefono="12")]}, ante_errores="omitir")
    operaciones.confirmar(importacion, usuario=None)
    malo = importacion.plan.get(tipo="error")  # type: ignore[attr-defined]
    operaciones.corregir_registro(malo, valores={"telefono": "300 765 43 21"}, usuario=None)
    assert "1 creado + 1 por reintentar" in texto(administrador.get(de(importacion)))
    importacion.refresh_from_db()
    operaciones.reintentar(importacion, usuario=None)
    importacion.refresh_from_db()
    assert consultas.por_reintentar(importacion) == {} and Cliente.objects.count() == 2
    assert "2 registros del archivo: 2 creados." in texto(administrador.get(de(importacion)))


def test_el_avance_de_un_paso_no_hereda_el_del_anterior(monkeypatch: pytest.MonkeyPatch) -> None:
    importacion = _leida({"usuarios": [_persona(1)]})
    assert importacion.hechos
    operaciones.confirmar(importacion, usuario=None, en_cola=False)
    importacion.refresh_from_db()
    assert (importacion.hechos, importacion.total, importacion.porcentaje) == (0, 0, 0)


# --- Lo no reconocido ------------------------------------------------------------------------------------------------
def test_lo_no_reconocido_va_junto_por_clave_y_luego_uno_por_uno(administrador: Client) -> None:
    importacion = _leida({"usuarios": [_persona(n, apodo=f"Mona {n}", vendedor="V-1") for n in range(30)]})
    grupos = consultas.avisos_por_clave(importacion)
    assert [(grupo["clave"], grupo["veces"]) for grupo in grupos] == [("apodo", 30), ("vendedor", 30)]
    html = texto(administrador.get(f"{de(importacion)}?ver=avisos"))
    assert "Uno por uno" in html and "Mona " in html
    ultima = AvisoImportacion.objects.order_by("-pk")[10].pk
    assert "Uno por uno" not in texto(administrador.get(f"{de(importacion)}?ver=avisos&despues={ultima}"))


def test_una_parte_del_archivo_se_ignora_y_sus_registros_quedan_dichos() -> None:
    importacion = _leida({"usuarios": [_persona(1)], "personas": [_persona(2), _persona(3)]})
    assert importacion.cuentas["clientes"]["nuevo"] == 3
    operaciones.cambiar_mapa(importacion, claves={"": {"personas": ""}}, valores={})
    importacion.refresh_from_db()
    assert (importacion.cuentas["clientes"]["nuevo"], importacion.cuentas["clientes"]["omitido"]) == (1, 2)
    (vista,) = [v for v in importacion.claves_vistas if v["normal"] == "personas"]
    assert vista["por"] == "ajuste" and correspondencias.opcion_de_clave(vista) == correspondencias.NADA


def test_un_valor_que_se_deja_vacio_ya_no_es_un_error(administrador: Client) -> None:
    importacion = _leida({"usuarios": [_persona(1, ciudad="Villa Perdida")]})
    assert importacion.cuentas["clientes"] == {"error": 1} and consultas.sin_reconocer(importacion) == 1
    operaciones.cambiar_mapa(importacion, claves={}, valores={"municipio": {"villa perdida": ""}})
    importacion.refresh_from_db()
    assert importacion.cuentas["clientes"] == {"nuevo": 1} and consultas.sin_reconocer(importacion) == 0
    html = texto(administrador.get(f"{de(importacion)}?ver=mapa"))
    assert '<option value="-" selected>(dejar vacío)' in html and "Corregido" in html


@pytest.mark.parametrize("columna", ["categoria", "estado", "tipo", "canal", "periodicidad", "tipo_documento", "x"])
def test_cada_lista_de_valores_tiene_sus_titulos(columna: str) -> None:
    for _, opciones in correspondencias.listas_de({columna})[columna]:
        assert all((titulo and titulo != valor) or valor.isupper() for valor, titulo in opciones), opciones


# --- De dónde vino y cómo se lee -------------------------------------------------------------------------------------
def test_la_que_corre_desde_la_consola_se_sigue_en_la_pagina(administrador: Client) -> None:
    importacion = _leida({"usuarios": [_persona(1)]})
    assert "desde la consola" in texto(administrador.get("/importaciones/"))
    operaciones.confirmar(importacion, usuario=None, en_cola=False)
    html = texto(administrador.get(de(importacion)))
    assert 'role="progressbar"' in html and "desde la consola" in html
    operaciones.aplicar(importacion)
    html = texto(administrador.get(de(importacion)))
    assert "Importación terminada" in html and f"sha256 {importacion.archivos.get().huella[:12]}" in html  # type: ignore[attr-defined]


def test_una_reparacion_de_todo_el_archivo_no_inventa_una_linea(administrador: Client) -> None:
    importacion = escenas.con_de_todo(cuantos=1)
    libro = "El libro trae 3 hojas: solo se lee la primera, «Clientes»."
    importacion.archivos.update(reparaciones=[{"linea": 0, "columna": 0, "que": libro}])  # type: ignore[attr-defined]
    html = texto(administrador.get(de(importacion)))
    assert f"<li>{libro}</li>" in html and "Línea 0" not in html


def test_lo_que_cambia_se_lee_como_en_el_panel() -> None:
    pendiente = mostrar_entero({"fecha_vinculacion": "Solo dice el año."})
    assert pendiente == "fecha_vinculacion: Solo dice el año."
    importacion = escenas.importacion()
    cambios = [["pendientes", "Datos por completar", "", pendiente], ["fecha_vinculacion", "F", "2012-03-15", ""]]
    fila = presentacion.fila_del_plan(escenas.registro(importacion, "cambiado", detalle={"cambios": cambios}), {})
    assert fila.cambios[0]["despues"] == "Fecha de vinculación: Solo dice el año."
    assert fila.cambios[1]["antes"] == "15/03/2012"


def test_un_registro_con_errores_se_llama_como_en_el_archivo() -> None:
    registro = escenas.registro(escenas.importacion(), "error", titulo="")
    fila = presentacion.fila_del_plan(registro, {})
    assert (fila.titulo, fila.clave) == ("Ana María Ríos", registro.clave)


def test_la_pagina_de_subir_ofrece_las_plantillas(administrador: Client) -> None:
    html = texto(administrador.get("/importar/"))
    for direccion in ("/exportar/plantilla/clientes.xlsx", "/exportar/plantilla/clientes.csv"):
        assert f'href="{direccion}"' in html
        assert administrador.get(direccion).status_code == 200
