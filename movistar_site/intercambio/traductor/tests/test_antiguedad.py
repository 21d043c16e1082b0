"""Desde cuándo es cliente alguien, escrito de cada una de las maneras conocidas."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movistar_site.intercambio.traductor.antiguedad import leer_fecha, leer_vinculacion

from .datos import HOY, de_persona, leer, persona


@pytest.mark.parametrize(
    ("valor", "fecha"),
    [
        ("2012-03-15", date(2012, 3, 15)),
        ("15-03-2012", date(2012, 3, 15)),
        ("15/03/2012", date(2012, 3, 15)),
        ("15.03.2012", date(2012, 3, 15)),
        (["15", "03", "2012"], date(2012, 3, 15)),
        ([15, 3, 2012], date(2012, 3, 15)),
        (["2012", "03", "15"], date(2012, 3, 15)),
        ("2012-03-15T10:20:00", date(2012, 3, 15)),
        ("20120315", date(2012, 3, 15)),
        ("15 de marzo de 2012", date(2012, 3, 15)),
        ("15-Mar-2012", date(2012, 3, 15)),
        (" 5/3/2012 ", date(2012, 3, 5)),
    ],
)
def test_una_fecha_es_exacta(valor: Any, fecha: date) -> None:
    assert leer_vinculacion(valor, HOY) == (fecha, "")


@pytest.mark.parametrize(
    ("valor", "fecha", "dice"),
    [
        ("15-03-12", date(2012, 3, 15), "dos cifras"),
        ("15/03/98", date(1998, 3, 15), "dos cifras"),
        (2011, date(2011, 1, 1), "año de ingreso"),
        ("2011", date(2011, 1, 1), "año de ingreso"),
        ("desde 2011", date(2011, 1, 1), "año"),
        ("marzo de 2012", date(2012, 3, 1), "mes"),
        (4, date(2022, 11, 26), "«4 años»"),
        ("4", date(2022, 11, 26), "«4 años»"),
        ("7 años", date(2019, 11, 26), "«7 años» contados hasta el 26/11/2026"),
        ("2 Años", date(2024, 11, 26), "«2 Años»"),
        ("18 meses", date(2025, 5, 26), "«18 meses»"),
        ("1 año y 6 meses", date(2025, 5, 26), "Derivada"),
        ("2,5", date(2024, 5, 26), "Derivada"),
        ("siete años", date(2019, 11, 26), "Derivada"),
        ("más de 10 años", date(2016, 11, 25), "Derivada"),
        ("hace 3 años", date(2023, 11, 26), "Derivada"),
        ("s", date(2016, 11, 25), "más de diez"),
        ("n", HOY, "no lleva más de diez"),
        (True, date(2016, 11, 25), "más de diez"),
        ("0", HOY, "«0 años»"),
    ],
)
def test_una_antiguedad_se_deriva_y_lo_dice(valor: Any, fecha: date, dice: str) -> None:
    leida = leer_vinculacion(valor, HOY)
    assert leida is not None and leida.fecha == fecha and dice in leida.pendiente


@pytest.mark.parametrize(
    "valor", ["jajaja", "31/02/2020", "500", 1800, 3000, "-4", "", None, {}, [], "mucho", "x años", "9" * 60]
)
def test_lo_que_no_se_entiende_no_se_adivina(valor: Any) -> None:
    assert leer_vinculacion(valor, HOY) is None


@given(st.text(max_size=90) | st.integers() | st.floats() | st.booleans() | st.lists(st.text(max_size=5), max_size=4))
def test_ningun_valor_rompe_la_lectura_de_fechas(valor: Any) -> None:
    leer_fecha(valor, HOY)
    leer_vinculacion(valor, HOY)


@pytest.mark.parametrize(
    "clave",
    [
        "tiempo",
        "tiempo_afiliado",
        "tiempo afiliado",
        "TiempoAfiliado",
        "años afiliado",
        "años",
        "añosServ",
        "Años con movistar",
        "antiguedad en años",
        "permanencia",
        "lealtad",
        "duracion",
    ],
)
def test_todas_las_maneras_de_decir_la_antiguedad(clave: str) -> None:
    cliente = leer({"usuarios": [{"nombre": "Ana", "apellido": "Ríos", "cc": "12345", clave: "7 años"}]}).cliente
    assert cliente["fecha_vinculacion"] == "2019-11-26" and "«7 años»" in cliente["pendientes"]["fecha_vinculacion"]


@pytest.mark.parametrize(
    "clave",
    [
        "fechaInicio",
        "fechaI",
        "fechaIngreso",
        "fechaR",
        "Fecha de registro",
        "fecha",
        "año",
        "Año de inicio",
        "año de registro",
    ],
)
def test_todas_las_maneras_de_decir_la_fecha_de_ingreso(clave: str) -> None:
    cliente = leer({"usuarios": [{"nombre": "Ana", "apellido": "Ríos", "cc": "12345", clave: "15/03/2012"}]}).cliente
    assert cliente["fecha_vinculacion"] == "2012-03-15" and "pendientes" not in cliente


def sin_fecha(**campos: Any) -> Any:
    return leer({"usuarios": [{"nombre": "Ana", "apellido": "Ríos", "cc": "12345", **campos}]})


@pytest.mark.parametrize(
    "campos",
    [
        {"tiempo_afiliado": 18, "unidad": "meses"},
        {"meses": 18},
        {"tiempo_afiliado_meses": "18"},
        {"años": 1, "meses": 6},
    ],
)
def test_los_meses_al_lado(campos: dict[str, Any]) -> None:
    assert sin_fecha(**campos).cliente["fecha_vinculacion"] == "2025-05-26"


def test_sin_ninguna_fecha_se_pone_la_de_referencia_y_queda_pendiente() -> None:
    cliente = sin_fecha().cliente
    assert (
        cliente["fecha_vinculacion"] == "2026-11-26"
        and "El archivo no la trae" in cliente["pendientes"]["fecha_vinculacion"]
    )


def test_una_antiguedad_que_no_se_entiende_se_conserva_y_se_dice() -> None:
    lectura = sin_fecha(años="jajaja")
    assert lectura.avisos == {"años": "jajaja"} and "jajaja" in lectura.cliente["pendientes"]["fecha_vinculacion"]


def test_una_fecha_pesa_mas_que_una_antiguedad() -> None:
    lectura = sin_fecha(fechaIngreso="15/03/2012", años=7)
    assert lectura.cliente["fecha_vinculacion"] == "2012-03-15" and "pendientes" not in lectura.cliente
    assert lectura.avisos == {"años": "7"}


def test_la_columna_del_panel_con_algo_que_no_se_entiende_se_deja_para_que_se_corrija() -> None:
    lectura = leer({"usuarios": [{**persona(), "desde": None, "fecha_vinculacion": "nunca"}]})
    assert lectura.cliente["fecha_vinculacion"] == "nunca"
    assert de_persona(fecha_vinculacion="7 años", desde="").cliente["fecha_vinculacion"] == "2019-11-26"
