"""Ninguna página del panel muestra ingles."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import translation

from clientes.models import Cliente
from movistar_site.comun.models import Usuario
from servicios.models import PrecioServicio, Servicio, TipoServicio

INGLES = re.compile(
    r"\b(Add|Save|Search|Filters?|History|Select|Change|Delete|Log (?:in|out)|Yes|No results|Home|Close|Cancel|Back|"
    r"Next|Previous|Apply|Reset|Clear|Run|Show|Hide|View|Edit|Remove|Password|Welcome|Type to|All|Any|True|False|"
    r"Toggle|Loading|Actions?|Choose|Export|Import|Submit|Today|Now|Light|Dark|System|Unknown|Empty)\b"
)
SIN_TEXTO = {"script", "style", "template"}
ATRIBUTOS = {"title", "placeholder", "aria-label", "alt", "data-label"}


class _Textos(HTMLParser):
    """Lo que una persona lee: el texto y los atributos que se muestran o se dictan."""

    def __init__(self) -> None:
        super().__init__()
        self.textos: list[str] = []
        self._mudos = 0
        self._icono = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._mudos += tag in SIN_TEXTO
        propios = dict(attrs)
        self._icono = tag == "span" and "material-symbols" in (propios.get("class") or "")
        self.textos += [valor for nombre, valor in attrs if nombre in ATRIBUTOS and valor]

    def handle_endtag(self, tag: str) -> None:
        self._mudos -= tag in SIN_TEXTO
        self._icono = False

    def handle_data(self, data: str) -> None:
        if not self._mudos and not self._icono and data.strip():
            self.textos.append(data.strip())


def ingles_en(html: str) -> list[str]:
    lector = _Textos()
    lector.feed(html)
    return [texto[:80] for texto in lector.textos if INGLES.search(texto)]


@pytest.fixture
def panel(client: Client, db: None) -> Client:
    cuenta = Usuario.objects.create_superuser("jefa", "jefa@example.co", "clave-de-prueba-1")
    client.force_login(cuenta)
    return client


@pytest.fixture
def servicio(db: None) -> Servicio:
    tipo = TipoServicio.objects.create(codigo="prueba_idioma", nombre="Tipo de prueba")
    servicio = Servicio.objects.create(codigo="PRU-1", nombre="Servicio de prueba", tipo=tipo)
    PrecioServicio.objects.create(servicio=servicio, valor=Decimal(50_000), vigente_desde=date(2024, 1, 1))
    servicio.nombre = "Servicio renombrado"
    servicio.save()
    return servicio


def test_el_lector_de_ingles_lo_encuentra() -> None:
    assert ingles_en('<a title="Apply Filters">x</a><p>Save</p>') == ["Apply Filters", "Save"]
    assert ingles_en('<span class="material-symbols-outlined">History</span><script>Save</script>') == []


def test_las_listas_y_los_formularios_nuevos_estan_en_espanol(panel: Client) -> None:
    faltas = {}
    for modelo in admin.site._registry:
        for nombre in ("changelist", "add"):
            url = reverse(f"admin:{modelo._meta.app_label}_{modelo._meta.model_name}_{nombre}")
            respuesta = panel.get(url)
            if respuesta.status_code == 200 and (encontrado := ingles_en(respuesta.content.decode())):
                faltas[url] = encontrado
    assert faltas == {}


def test_el_tablero_y_las_paginas_de_un_registro_estan_en_espanol(panel: Client, servicio: Servicio) -> None:
    base = f"/servicios/servicio/{servicio.pk}"
    version = servicio.history.last().pk
    urls = [
        "/",
        f"{base}/change/",
        f"{base}/delete/",
        f"{base}/history/",
        f"{base}/history/{version}/",
        "/password_change/",
        "/password_change/done/",
        "/clientes/cliente/?q=zzz",
        "/comun/usuario/",
        "/search/?s=ser&extended=1",
        "/avisos/",
        "/atencion/bandeja/mias/",
        "/no/existe/",
        f"/auth/group/{Group.objects.first().pk}/change/",
    ]
    faltas = {url: encontrado for url in urls if (encontrado := ingles_en(panel.get(url).content.decode()))}
    assert faltas == {}


def test_un_formulario_con_errores_los_dice_en_espanol(panel: Client) -> None:
    for url in ("/clientes/cliente/add/", "/servicios/servicio/add/", "/comun/usuario/add/", "/password_change/"):
        respuesta = panel.post(url, {})
        assert respuesta.status_code == 200
        assert ingles_en(respuesta.content.decode()) == []


def test_el_ingreso_y_la_salida_estan_en_espanol(client: Client, db: None) -> None:
    assert ingles_en(client.get("/login/").content.decode()) == []
    fallido = client.post("/login/", {"username": "nadie", "password": "mal"})
    assert "no corresponden" in fallido.content.decode()
    assert ingles_en(fallido.content.decode()) == []


def test_el_espanol_compilado_va_al_dia_con_su_fuente() -> None:
    fuente = Path(__file__).parent.parent / "locale/es/LC_MESSAGES/django.po"
    pares = re.findall(r'^msgid "([^"\n]+)"\nmsgstr "([^"\n]+)"$', fuente.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(pares) > 150
    with translation.override("es-co"):
        ajenos = {
            ingles: translation.gettext(ingles)
            for ingles, espanol in pares
            if "%" not in ingles and translation.gettext(ingles) != espanol
        }
    # Los que llevan contexto («Task») se piden de otra manera.
    assert set(ajenos) <= {"Failed", "Ready", "Running", "Successful"}


def test_no_queda_cliente_sin_espanol_en_la_pantalla_de_clientes(panel: Client) -> None:
    Cliente.objects.create(documento="1020304050", nombre="Ana", apellido="Prueba", fecha_vinculacion=date(2020, 1, 1))
    assert ingles_en(panel.get("/clientes/cliente/").content.decode()) == []
