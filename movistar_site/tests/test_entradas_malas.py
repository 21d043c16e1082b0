"""Ninguna dirección ni formulario del panel responde con un error interno, escriba uno lo que escriba."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.forms import BaseForm
from django.test import Client
from django.urls import reverse

from clientes.tests import fabricas

pytestmark = pytest.mark.django_db

CUARENTA_CIFRAS = "9" * 40
LARGO = "ñ" * 5_000
DISPARATES = (
    "\x00", "'; DROP TABLE x", LARGO, "-1", CUARENTA_CIFRAS, "1e400", "NaN", "<script>", "2026-02-30", "😀", "%_\\\"",
)  # fmt: skip
FINALES = ("", "__exact", "__id__exact", "_from", "_to", "__gte")
MODELOS = sorted(modelo._meta.label_lower for modelo in admin.site._registry)


@pytest.fixture
def panel(superusuario: Any) -> Client:
    cliente = Client()
    cliente.force_login(superusuario, backend="django.contrib.auth.backends.ModelBackend")
    return cliente


def _ruta(modelo: str, fin: str, *args: Any) -> str:
    return reverse(f"admin:{modelo.replace('.', '_')}_{fin}", args=args)


def _parametros(modelo: str) -> list[str]:
    """Los que la lista entiende: búsqueda, página, orden y cada filtro."""
    pantalla = next(p for m, p in admin.site._registry.items() if m._meta.label_lower == modelo)
    filtros = [filtro[0] if isinstance(filtro, tuple) else filtro for filtro in pantalla.list_filter]
    nombres = [f if isinstance(f, str) else getattr(f, "parameter_name", "") for f in filtros]
    extremos = [
        f"{nombre}{fin}" for nombre in nombres for fin in ("", "__exact", "__id__exact", "_from", "_to", "__gte")
    ]
    return ["q", "p", "o", "all", "e", "_to_field", "_changelist_filters", *extremos]


@pytest.mark.parametrize("modelo", MODELOS)
def test_una_lista_con_parametros_disparatados_no_falla(panel: Client, modelo: str) -> None:
    todos = _parametros(modelo)
    # Todos a la vez con cada disparate, y cada uno solo con los dos que más daño hacen.
    juegos = [dict.fromkeys(todos, disparate) for disparate in DISPARATES]
    juegos += [{parametro: disparate} for parametro in todos for disparate in ("\x00", CUARENTA_CIFRAS)]
    malos = [juego for juego in juegos if panel.get(_ruta(modelo, "changelist"), juego).status_code >= 500]
    assert not malos


@pytest.mark.parametrize("modelo", MODELOS)
def test_un_registro_que_no_existe_no_falla(panel: Client, modelo: str) -> None:
    for fin in ("change", "history", "delete"):
        for clave in ("no-existe", CUARENTA_CIFRAS, "-1", "_00", "😀"):
            assert panel.get(_ruta(modelo, fin, clave), follow=True).status_code < 500, (fin, clave)


def _campos(formulario: BaseForm) -> dict[str, str]:
    return {formulario.add_prefix(nombre): nombre for nombre in formulario.fields}


@pytest.mark.parametrize("modelo", MODELOS)
def test_un_formulario_lleno_de_disparates_se_devuelve_con_sus_faltas(panel: Client, modelo: str) -> None:
    fabricas.servicio_con_precio()
    pagina = panel.get(_ruta(modelo, "add"))
    if pagina.status_code == 403:
        return
    datos: dict[str, str] = {}
    for conjunto in pagina.context["inline_admin_formsets"]:
        prefijo = conjunto.formset.prefix
        datos |= {f"{prefijo}-TOTAL_FORMS": "0", f"{prefijo}-INITIAL_FORMS": "0"}
    for disparate in DISPARATES:
        llenos = datos | dict.fromkeys(_campos(pagina.context["adminform"].form), disparate)
        respuesta = panel.post(_ruta(modelo, "add"), llenos)
        # 400: una elección que ninguna lista ofrece.
        assert respuesta.status_code in (200, 302, 400), disparate[:20]


@pytest.mark.parametrize(
    "direccion",
    [
        "/autocomplete/",
        "/search/",
        "/importar/",
        "/importaciones/",
        "/exportar/",
        "/no/existe/",
        "/jsi18n/",
        "/duplicados/",
        "/fusiones/",
        "/avisos/",
        "/avisos/leer/",
        "/vistas/bandeja/guardar/",
        "/atencion/bandeja/",
        "/atencion/bandeja/mias/",
        # Envíos programados
        "/reportes/envios/",
        "/reportes/envios/nuevo/",
        "/reportes/envios/nuevo/?reporte=popularidad",
        "/reportes/envios/99/",
    ],
)
def test_las_demas_direcciones_tampoco_fallan(panel: Client, direccion: str) -> None:
    nombres = (
        "term",
        "s",
        "q",
        "app_label",
        "model_name",
        "field_name",
        "page",
        "por",
        "antes",
        "despues",
        "ver",
        "nombre",
        "aviso",
        "volver",
        "parametros",
        "tipo",
        "motivo",
        "responsable",
        "vence_el_after",
        "busqueda",
        "action",
        "_selected_action",
    )
    for disparate in DISPARATES:
        assert panel.get(direccion, dict.fromkeys(nombres, disparate)).status_code < 500
        campo = {"app_label": "clientes", "model_name": "contrato", "field_name": "cliente", "term": disparate}
        assert panel.get("/autocomplete/", campo).status_code < 500
        assert panel.post(direccion, dict.fromkeys(nombres, disparate)).status_code < 500
