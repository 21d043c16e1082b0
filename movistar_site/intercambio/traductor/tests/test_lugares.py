"""El municipio que dice un texto."""

from __future__ import annotations

from typing import Any

import pytest

from movistar_site.intercambio.traductor.parecidos import Municipios

from .datos import REFERENCIAS, de_persona, leer, persona

MUNICIPIOS = Municipios(REFERENCIAS.municipios)


@pytest.mark.parametrize(
    ("escrito", "departamento", "codigo"),
    [
        ("05001", "", "05001"),
        (5001, "", "05001"),
        ("Medellín", "", "05001"),
        ("MEDELLIN ", "", "05001"),
        ("Medellin, Antioquia", "", "05001"),
        ("Medellín (Antioquia)", "", "05001"),
        ("Bogota", "", "11001"),
        ("Bogotá D.C.", "", "11001"),
        ("Cúcuta", "", "54001"),
        ("Cartagena", "", "13001"),
        ("Armenia", "", "63001"),
        ("Armenia", "Antioquia", "05059"),
        ("Rionegro", "Antioquia", "05615"),
        ("Rionegro", "68", "68615"),
        ("Rionegro, Santander", "", "68615"),
        ("Medelin", "", "05001"),
        ("Cali, Colombia", "", "76001"),
    ],
)
def test_el_municipio_se_reconoce(escrito: Any, departamento: str, codigo: str) -> None:
    assert MUNICIPIOS.buscar(escrito, departamento).destino == codigo


@pytest.mark.parametrize("escrito", ["Rionegro", "Barbosa", "Villanueva"])
def test_un_nombre_de_varios_municipios_no_se_adivina_y_se_proponen(escrito: str) -> None:
    hallado = MUNICIPIOS.buscar(escrito)
    assert hallado.destino == "" and len(hallado.propuestas) >= 2


def test_por_debajo_del_umbral_solo_se_propone() -> None:
    hallado = MUNICIPIOS.buscar("Medalin")
    assert hallado.destino == "" and hallado.propuestas[0][0] == "05001" and 75 <= hallado.propuestas[0][2] < 90
    assert MUNICIPIOS.buscar("xyzw") == ("", "", 0, "", ())


def test_lo_parecido_queda_con_su_puntaje_y_una_nota() -> None:
    lectura = de_persona(ciudad="Medelin")
    (visto,) = lectura.traductor.valores_vistos
    assert (visto["columna"], visto["valor"], visto["destino"], visto["por"]) == (
        "municipio",
        "Medelin",
        "05001",
        "parecido",
    )
    assert visto["puntaje"] >= 90 and "parecido de" in lectura.notas and visto["veces"] == 1


def test_lo_que_no_se_reconoce_queda_como_esta() -> None:
    lectura = de_persona(ciudad="Medalin")
    (visto,) = lectura.traductor.valores_vistos
    assert lectura.cliente["municipio"] == "Medalin" and visto["destino"] == "" and visto["propuestas"]


def test_la_capital_se_prefiere_y_se_dice() -> None:
    assert "por ser capital" in de_persona(ciudad="Armenia").notas
    assert de_persona(ciudad="Armenia", departamento="Antioquia").cliente["municipio"] == "05059"


def test_lo_corregido_por_la_gente_manda() -> None:
    lectura = leer({"usuarios": [persona(ciudad="La Arenosa")]}, valores={"municipio": {"la arenosa": "08001"}})
    assert lectura.cliente["municipio"] == "08001"
    assert lectura.traductor.valores_vistos[0]["por"] == "mapa"


def test_un_departamento_sin_municipio_se_avisa() -> None:
    assert de_persona(departamento="Antioquia").avisos == {"departamento": "Antioquia"}
