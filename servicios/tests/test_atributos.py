"""Las características contra los atributos del tipo: cualquier valor se lee o se rechaza con una frase."""

import json
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from servicios.atributos import (
    Definicion,
    TipoDato,
    leer_caracteristicas,
    mostrar_valor,
    proponer_clave,
    validar_caracteristicas,
)
from servicios.models import validar_clave

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda hijos: st.lists(hijos, max_size=3) | st.dictionaries(st.text(max_size=8), hijos, max_size=3),
    max_leaves=6,
)
CLAVES = st.sampled_from(["a", "b", "c", "d", "e"])


@st.composite
def definiciones(draw):
    filas = []
    for clave in draw(st.sets(CLAVES, min_size=1)):
        tipo_dato = draw(st.sampled_from(TipoDato))
        numerico = tipo_dato in (TipoDato.ENTERO, TipoDato.DECIMAL)
        limites = sorted(draw(st.lists(st.integers(-1000, 1000), min_size=2, max_size=2)))
        filas.append(
            Definicion(
                clave=clave,
                nombre=clave.upper(),
                tipo_dato=tipo_dato,
                obligatorio=draw(st.booleans()),
                minimo=Decimal(limites[0]) if numerico and draw(st.booleans()) else None,
                maximo=Decimal(limites[1]) if numerico and draw(st.booleans()) else None,
                opciones=("HD", "4K") if tipo_dato == TipoDato.OPCION else (),
            )
        )
    return filas


@given(definiciones=definiciones(), valor=JSON | st.dictionaries(CLAVES, JSON))
def test_cualquier_json_se_lee_o_se_rechaza_solo_con_validationerror(definiciones, valor):
    try:
        leidas = validar_caracteristicas(definiciones, valor)
    except ValidationError as error:
        assert all(frase for frase in error.messages)
        assert list(error.message_dict) == ["caracteristicas"]
    else:
        # Lo aceptado es JSON estricto y releerlo, antes o después de pasar por la base, da lo mismo.
        guardado = json.loads(json.dumps(leidas, allow_nan=False))
        assert json.dumps(validar_caracteristicas(definiciones, guardado)) == json.dumps(leidas)


@pytest.mark.parametrize(
    ("tipo_dato", "valor", "leido"),
    [
        ("entero", "300", 300),
        ("entero", 300.0, 300),
        ("decimal", "1.5", 1.5),
        ("decimal", "2.0", 2),
        ("texto", "  4K  ", "4K"),
        ("si_no", "Sí", True),
        ("si_no", "no", False),
        ("opcion", "HD", "HD"),
    ],
)
def test_los_valores_validos_se_leen(tipo_dato, valor, leido):
    definicion = Definicion("x", "X", TipoDato(tipo_dato), opciones=("HD",))
    assert validar_caracteristicas([definicion], {"x": valor}) == {"x": leido}


def test_se_dicen_todas_las_faltas_a_la_vez():
    filas = [
        Definicion("mbps", "Velocidad", TipoDato.ENTERO, obligatorio=True),
        Definicion("gb", "Gigas", TipoDato.ENTERO, maximo=Decimal(100)),
    ]
    leidas, faltas = leer_caracteristicas(filas, {"gb": 200, "otro": 1})
    assert leidas == {}
    assert faltas == {
        "mbps": "Velocidad: es obligatorio para este tipo de servicio.",
        "gb": "Gigas: el máximo es 100.",
        "otro": "El tipo de servicio no tiene el atributo «otro».",
    }


@given(nombre=st.text(max_size=120), largo=st.integers(10, 40))
def test_la_clave_propuesta_siempre_es_valida_y_cabe(nombre, largo):
    try:
        clave = proponer_clave(nombre, largo=largo)
    except ValueError as error:
        assert "no sale una clave" in str(error)
        return
    validar_clave(clave)
    assert len(clave) <= largo


def test_la_clave_propuesta_esquiva_las_ocupadas_y_no_empieza_por_cifra():
    assert proponer_clave("Velocidad de bajada", largo=40) == "velocidad_de_bajada"
    assert proponer_clave("Gigas", largo=40, ocupadas={"gigas", "gigas_2"}) == "gigas_3"
    assert proponer_clave("5G", largo=40) == "dato_5g"


@pytest.mark.parametrize(
    ("unidad", "valor", "texto"),
    [("Mbps", 300, "300 Mbps"), ("", True, "Sí"), ("", False, "No"), ("GB", 1500.5, "1.500,5 GB"), ("", "4K", "4K")],
)
def test_un_valor_se_muestra_con_su_unidad(unidad, valor, texto):
    assert mostrar_valor(Definicion("x", "X", TipoDato.TEXTO, unidad=unidad), valor) == texto
