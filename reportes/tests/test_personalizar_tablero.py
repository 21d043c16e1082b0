"""Cada quien elige qué ve en su tablero y en qué orden; se guarda al hacerlo, es solo suyo y se puede restablecer."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from bonificaciones.tests import personas
from reportes.models import PreferenciaTablero
from reportes.tablero import eleccion
from reportes.tablero.papeles import POR_PAPEL
from reportes.tablero.tarjeta import TARJETAS

pytestmark = pytest.mark.django_db
CONSULTAS = 14
PAGINA = "/tablero/"


@pytest.fixture
def analista() -> Any:
    return personas.con_papel("Analista")


@pytest.fixture
def panel(analista: Any, client: Client) -> Client:
    client.force_login(analista)
    return client


def claves(usuario: Any) -> list[str]:
    return [una.clave for una in eleccion.elegidas(usuario)]


def test_sin_elegir_son_las_de_su_papel_en_su_orden(analista: Any) -> None:
    assert claves(analista) == list(POR_PAPEL["Analista"])
    assert not eleccion.eligio(analista)


def test_se_quita_se_pone_y_va_al_final(panel: Client, analista: Any) -> None:
    panel.post(PAGINA, {"quitar": "clientes-activos"})
    assert "clientes-activos" not in claves(analista)
    panel.post(PAGINA, {"poner": "clientes-activos"})
    assert claves(analista)[-1] == "clientes-activos"


def test_sube_y_baja_entre_las_de_su_zona(panel: Client, analista: Any) -> None:
    eleccion.elegir(analista, ["clientes-activos", "altas-y-bajas", "contratos-altas", "servicios-populares"])
    panel.post(PAGINA, {"subir": "contratos-altas"})
    assert claves(analista) == ["contratos-altas", "altas-y-bajas", "clientes-activos", "servicios-populares"]
    panel.post(PAGINA, {"bajar": "altas-y-bajas"})
    assert claves(analista) == ["contratos-altas", "servicios-populares", "clientes-activos", "altas-y-bajas"]


@pytest.mark.parametrize(("accion", "clave"), [("subir", "clientes-activos"), ("bajar", "contratos-altas")])
def test_en_el_borde_no_se_mueve(panel: Client, analista: Any, accion: str, clave: str) -> None:
    puestas = ["clientes-activos", "contratos-altas"]
    eleccion.elegir(analista, puestas)
    assert panel.post(PAGINA, {accion: clave}).status_code == 302
    assert claves(analista) == puestas


def test_lo_arrastrado_queda_en_su_orden_y_lo_demas_donde_estaba(panel: Client, analista: Any) -> None:
    eleccion.elegir(analista, ["clientes-activos", "altas-y-bajas", "contratos-altas", "reclamaciones"])
    panel.post(PAGINA, {"tarjeta": ["reclamaciones", "clientes-activos", "contratos-altas"]})
    assert claves(analista) == ["reclamaciones", "altas-y-bajas", "clientes-activos", "contratos-altas"]


def test_se_restablece(panel: Client, analista: Any) -> None:
    eleccion.elegir(analista, ["reclamaciones"])
    assert "Restablecer" in panel.get(PAGINA).content.decode()
    assert "como el de su papel" in panel.post(PAGINA, {"restablecer": "si"}, follow=True).content.decode()
    assert claves(analista) == list(POR_PAPEL["Analista"])
    assert "Restablecer" not in panel.get(PAGINA).content.decode()


def test_sin_ninguna_el_tablero_lo_dice_y_dice_como_elegir(panel: Client, analista: Any) -> None:
    eleccion.elegir(analista, [])
    html = panel.get("/").content.decode()
    assert "Su tablero no tiene tarjetas" in html
    assert "Qué necesita atención hoy" in html


def test_es_solo_suyo(panel: Client, analista: Any) -> None:
    otra = personas.con_papel("Analista")
    panel.post(PAGINA, {"quitar": "clientes-activos"})
    assert claves(otra) == list(POR_PAPEL["Analista"])
    assert PreferenciaTablero.objects.get().usuario_id == analista.pk


def test_guardar_dos_veces_lo_mismo_no_deja_dos(panel: Client, analista: Any) -> None:
    for _ in range(2):
        panel.post(PAGINA, {"poner": "reclamaciones"})
    assert PreferenciaTablero.objects.count() == 1
    assert claves(analista).count("reclamaciones") == 1


def test_la_que_ya_no_puede_ver_no_se_muestra_y_vuelve_con_el_permiso(analista: Any) -> None:
    elegidas = [una.clave for una in eleccion.elegir(analista, ["clientes-activos", "mis-casos", "reclamaciones"])]
    assert elegidas == ["clientes-activos", "reclamaciones"], "una que su papel no ve no se guarda"
    papel = analista.groups.get()
    analista.groups.clear()
    sin_papel = type(analista).objects.get(pk=analista.pk)
    assert eleccion.elegidas(sin_papel) == []
    analista.groups.add(papel)
    assert claves(type(analista).objects.get(pk=analista.pk)) == ["clientes-activos", "reclamaciones"]


@pytest.mark.parametrize(
    "pedido",
    [
        {},
        {"subir": "no-existe"},
        {"poner": "mis-casos"},
        {"poner": "\x00"},
        {"quitar": "<script>"},
        {"tarjeta": ["no-existe", "no-existe"]},
        {"otra": "cosa"},
    ],
)
def test_lo_que_no_se_entiende_no_cambia_nada(panel: Client, analista: Any, pedido: dict[str, Any]) -> None:
    antes = claves(analista)
    respuesta = panel.post(PAGINA, pedido, follow=True)
    assert respuesta.status_code == 200
    assert claves(analista) == antes


@pytest.mark.parametrize("hecho", ["movida", "puesta", "quitada", "nada", "\x00", ""])
def test_lo_que_diga_la_direccion_no_se_repite_en_la_pagina(panel: Client, hecho: str) -> None:
    html = panel.get(PAGINA, {"hecho": hecho, "tarjeta": "<b>intrusa</b>"}).content.decode()
    assert "intrusa" not in html


def test_se_dice_en_que_lugar_quedo(panel: Client) -> None:
    html = panel.post(PAGINA, {"bajar": "clientes-activos"}, follow=True).content.decode()
    assert "«Clientes activos» quedó en el lugar 2 de 12." in html


@pytest.mark.parametrize("guardado", ["texto", 5, {"a": 1}, [1, None, "clientes-activos", "clientes-activos"]])
def test_lo_guardado_de_mala_manera_no_rompe_el_tablero(panel: Client, analista: Any, guardado: Any) -> None:
    PreferenciaTablero.objects.create(usuario=analista, tarjetas=guardado)
    assert panel.get("/").status_code == 200
    assert panel.get(PAGINA).status_code == 200


def test_otro_metodo_no_se_admite_y_sin_sesion_se_pide_ingresar(panel: Client) -> None:
    assert panel.put(PAGINA).status_code == 405
    assert "/login/" in Client().post(PAGINA, {"quitar": "clientes-activos"}).url  # type: ignore[attr-defined]


def test_la_pagina_hace_pocas_consultas_y_las_mismas_con_todo_puesto(panel: Client, analista: Any) -> None:
    cuentas = []
    for puestas in (["reclamaciones"], list(TARJETAS)):
        eleccion.elegir(analista, puestas)
        panel.get(PAGINA)
        with CaptureQueriesContext(connection) as hechas:
            panel.get(PAGINA)
        cuentas.append(len(hechas))
    assert cuentas[0] == cuentas[1] <= CONSULTAS


@given(st.lists(st.sampled_from(sorted(TARJETAS)), unique=True), st.data())
def test_mover_conserva_las_tarjetas_y_el_orden_de_las_demas_zonas(orden: list[str], datos: Any) -> None:
    tarjetas = [TARJETAS[clave] for clave in orden]
    clave = datos.draw(st.sampled_from([*orden, "no-existe"]))
    movidas = eleccion.mover(tarjetas, clave, datos.draw(st.sampled_from([eleccion.ARRIBA, eleccion.ABAJO])))
    assert sorted(movidas) == sorted(orden)
    zonas = {una.clave: una.zona for una in TARJETAS.values()}
    for zona in set(zonas.values()):
        de_antes, de_ahora = ([c for c in lista if zonas[c] == zona] for lista in (orden, movidas))
        cambiadas = [n for n, (a, b) in enumerate(zip(de_antes, de_ahora, strict=True)) if a != b]
        assert len(cambiadas) in (0, 2)
        assert not cambiadas or zonas.get(clave) == zona
