"""Las listas se pasan de página sin contar la tabla y sin perderse."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clientes.models import Municipio
from clientes.models.lugar import Departamento
from movistar_site.comun import paginadores
from movistar_site.comun.models import Usuario
from movistar_site.comun.paginadores import PaginadorAcotado

URL = "/clientes/municipio/"


@pytest.fixture
def panel(client: Client, db: None) -> Client:
    client.force_login(Usuario.objects.create_superuser("jefa", "j@example.co", "clave-de-prueba-1"))
    departamento, _ = Departamento.objects.get_or_create(codigo="05", defaults={"nombre": "Antioquia"})
    existentes = set(Municipio.objects.values_list("codigo", flat=True))
    codigos = [f"05{i:03}" for i in range(1, 999) if f"05{i:03}" not in existentes][:60]
    Municipio.objects.bulk_create(Municipio(codigo=c, nombre=f"Pueblo {c}", departamento=departamento) for c in codigos)
    return client


def pagina(panel: Client, consulta: str) -> str:
    respuesta = panel.get(URL + consulta)
    assert respuesta.status_code == 200
    return respuesta.content.decode()


def test_la_primera_pagina_dice_su_tramo(panel: Client) -> None:
    total = Municipio.objects.filter(nombre__startswith="Pueblo").count()
    html = pagina(panel, "?q=pueblo")
    assert "1–25 de" in html
    assert str(total) in html
    assert 'rel="next"' in html
    assert 'rel="prev"' not in html


@pytest.mark.parametrize("p", ["9999", "0", "-3", "abc", "1" + "0" * 40])
def test_una_pagina_imposible_da_la_mas_cercana(panel: Client, p: str) -> None:
    assert "Pueblo" in pagina(panel, f"?q=pueblo&p={p}")


def test_mas_del_limite_se_dice_mas_de(panel: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paginadores, "LIMITE_DE_CUENTA", 40)
    html = pagina(panel, "?q=pueblo")
    assert "más de 40" in html
    assert 'rel="next"' in html
    assert "Elegir los" not in html
    assert "filtre la lista" in html


def test_mas_alla_del_final_de_una_lista_sin_contar_se_vuelve_al_principio(
    panel: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paginadores, "LIMITE_DE_CUENTA", 40)
    assert "1–25" in pagina(panel, "?q=pueblo&p=500")


def test_ninguna_lista_cuenta_la_tabla_entera(panel: Client) -> None:
    with CaptureQueriesContext(connection) as consultas:
        pagina(panel, "")
    cuentas = [c["sql"] for c in consultas if "COUNT(" in c["sql"]]
    assert cuentas
    assert all("LIMIT" in sql for sql in cuentas)


def test_lo_que_no_coincide_dice_como_salir(panel: Client) -> None:
    html = pagina(panel, "?q=zzzzqqq")
    assert "Nada coincide" in html
    assert "Quitar filtros" in html


def test_el_paginador_sirve_tambien_con_una_lista_corriente() -> None:
    paginador = PaginadorAcotado(list(range(7)), 3)
    assert paginador.count == 7
    assert list(paginador.page(99).object_list) == [6]
