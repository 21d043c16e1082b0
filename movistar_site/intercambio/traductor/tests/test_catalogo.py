"""Los servicios de un catálogo ajeno: formas, precios y características."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movistar_site.comun.valores import a_pesos
from movistar_site.intercambio.traductor.precios import leer_precio

from .datos import Lectura, json_de, leer


def catalogo(contenido: Any) -> Lectura:
    return leer({"servicios": contenido}, "servicios.json")


def uno(**campos: Any) -> dict[str, Any]:
    (servicio,) = catalogo([{"nombre": "Fibra", **campos}]).valores("servicios")
    return servicio


@pytest.mark.parametrize(
    "contenido",
    [
        [{"nombre": "Fibra 300", "precio": "85.000"}],
        {"FIB-300": {"nombre": "Fibra 300", "precio": "85.000"}},
        {"Fibra 300": {"precio": "85.000"}},
        [{"Nombre": "Fibra", "Planes": [{"nombre": "Fibra 300", "precio": "85.000"}]}],
        {"Fibra": [{"nombre": "Fibra 300", "precio": "85.000"}]},
        {"Fibra": {"p1": {"plan": "Fibra 300", "precio": "85.000"}}},
        ["Fibra 300", {"precio": "85.000"}],
        {"Fibra 300": "por $ 85.000 al mes"},
        {"plan1": {"nombre": "Fibra 300", "Precio:": "85.000"}},
        [{"Plan 1": "Fibra 300", "valor": "85.000"}],
    ],
)
def test_cada_forma_de_poner_un_servicio(contenido: Any) -> None:
    (servicio,) = catalogo(contenido).valores("servicios")
    assert (servicio["nombre"], a_pesos(servicio["precio"])) == ("Fibra 300", 85000)
    assert servicio["tipo"].lower() == "fibra"


def test_una_tabla_puesta_de_lado() -> None:
    contenido = {"plan1": "Fibra 300", "plan2": "TV total", "precios": [{"precio1": "85.000", "precio2": "50.000"}]}
    filas = catalogo(contenido).valores("servicios")
    assert [(f["nombre"], f["precio"]) for f in filas] == [("Fibra 300", "85.000"), ("TV total", "50.000")]


def test_una_lista_de_nombres() -> None:
    assert [f["nombre"] for f in catalogo(["Fibra 300", "TV total"]).valores("servicios")] == ["Fibra 300", "TV total"]


def test_los_servicios_van_con_codigo_unico_y_se_recuerdan_en_su_orden() -> None:
    lectura = catalogo(
        [{"id": 7, "nombre": "Fibra Óptica"}, {"nombre": "fibra optica"}, {"codigo": "TV-1", "nombre": "TV"}]
    )
    assert [f["codigo"] for f in lectura.valores("servicios")] == ["FIBRA-OPTICA", "FIBRA-OPTICA-2", "TV-1"]
    assert [(s["codigo"], s["id"]) for s in lectura.traductor.servicios_leidos] == [
        ("FIBRA-OPTICA", "7"),
        ("FIBRA-OPTICA-2", ""),
        ("TV-1", ""),
    ]


@pytest.mark.parametrize(
    "clave", ["nombre", "name", "Nombre_servicio", "servicio", "producto", "plan", "Plan 1", "tipo"]
)
def test_todas_las_maneras_de_decir_el_nombre(clave: str) -> None:
    (servicio,) = catalogo([{clave: "Pospago", "precio": 50000}]).valores("servicios")
    assert (servicio["nombre"], servicio["tipo"].lower()) == ("Pospago", "pospago")


@pytest.mark.parametrize("clave", ["precio", "Precio:", "valor", "price", "costo", "precio cada mes"])
def test_todas_las_maneras_de_decir_el_precio(clave: str) -> None:
    assert uno(**{clave: 85000})["precio"] == 85000


@pytest.mark.parametrize(
    ("valor", "pesos", "dice"),
    [
        (85000, 85000, ""),
        ("85.000", 85000, ""),
        ("$ 250.000", 250000, ""),
        ("$85.000 COP", 85000, ""),
        ("74900.00", 74900, ""),
        ("30$", 30, "mil pesos"),
        ("$0 - $80.000", 0, "rango"),
        ("entre 50.000 y 80.000", 50000, "rango"),
        ("Internet de 300 megas por $ 20.000 el mes", 20000, "salió de"),
        ("85 mil", 85000, "decía"),
        ("85,000", 85000, "salió de"),
        ("1,200,000", 1200000, "salió de"),
        (Decimal("50.000"), 50000, "revíselo"),
        (Decimal("50.0"), 50, "mil pesos"),
        (500, 500, "mil pesos"),
        ("gratis", 0, "decía"),
        ("$ 80.000 mensuales", 80000, "salió de"),
        ("80.000 pesos", 80000, "salió de"),
    ],
)
def test_cada_manera_de_escribir_un_precio(valor: Any, pesos: int, dice: str) -> None:
    precio = leer_precio(valor)
    assert a_pesos(precio.valor if isinstance(precio.valor, str) else str(precio.valor)) == pesos
    assert dice in precio.nota and bool(dice) == bool(precio.nota)


@pytest.mark.parametrize("valor", ["250 USD", "US$ 20", "€ 30", "20 dólares"])
def test_una_moneda_ajena_se_dice_y_no_se_convierte(valor: str) -> None:
    lectura = catalogo([{"nombre": "Fibra", "precio": valor}])
    assert "precio" not in lectura.valores("servicios")[0] and lectura.avisos == {"precio": valor}


def test_el_precio_de_un_json_con_punto_se_marca() -> None:
    lectura = leer(json_de('{"servicios": [{"nombre": "Fibra", "precio": 50.000}]}'))
    assert lectura.valores("servicios")[0]["precio"] == "50000" and "revíselo" in lectura.notas


def test_lo_que_no_es_un_precio_queda_como_estaba() -> None:
    assert uno(precio="depende")["precio"] == "depende"


@given(st.text(max_size=60) | st.integers() | st.floats() | st.decimals())
def test_ningun_precio_rompe_la_lectura(valor: Any) -> None:
    leer_precio(valor)


@pytest.mark.parametrize(
    ("tipo", "campos", "esperadas"),
    [
        ("fibra", {"megas": 300}, {"velocidad_bajada_mbps": 300}),
        ("fibra", {"velocidad": "300 Mbps"}, {"velocidad_bajada_mbps": 300}),
        (
            "fibra",
            {"Caracteristica 1": "300 megas", "Caracteristica 2": "simétrico"},
            {"velocidad_bajada_mbps": 300, "simetrica": True},
        ),
        ("fibra", {"cualidades": ["Hasta 300 megas"]}, {"velocidad_bajada_mbps": 300}),
        ("pospago", {"navegacion": "20 GB"}, {"datos_gb": 20}),
        ("pospago", {"info": "20 gigas y minutos ilimitados"}, {"datos_gb": 20, "minutos_ilimitados": True}),
        ("prepago", {"capacidad": "2,5 GB", "duracion": "7 días"}, {"datos_gb": 2.5, "dias_vigencia": 7}),
        ("television", {"detalles": "120 canales, 30 canales HD"}, {"canales": 120, "canales_hd": 30}),
        ("television", {"canales": "120"}, {"canales": 120}),
        ("fibra", {"caracteristicas": {"velocidad": "300 megas"}}, {"velocidad_bajada_mbps": 300}),
    ],
)
def test_lo_que_ofrece_se_lee_si_es_seguro(tipo: str, campos: dict[str, Any], esperadas: dict[str, Any]) -> None:
    assert uno(nombre="Uno", tipo=tipo, **campos)["caracteristicas"] == esperadas


@pytest.mark.parametrize(
    ("campos", "dicho"),
    [
        ({"descripcion": "Lo mejor"}, "Lo mejor"),
        ({"description": "Lo mejor"}, "Lo mejor"),
        ({"tamaño": "grande"}, "tamaño: grande"),
        ({"duracion": "12 meses"}, "duracion: 12 meses"),
        ({"descuento": "10 %"}, "descuento: 10 %"),
        ({"megas": "muchas"}, "megas: muchas"),
        ({"caracteristicas": {"color": "azul"}}, "color: azul"),
        ({"cada": "quince días"}, "cada: quince días"),
        ({"oferta": ["a", "b"]}, "oferta: a, b"),
    ],
)
def test_lo_que_no_es_un_atributo_va_a_la_descripcion(campos: dict[str, Any], dicho: str) -> None:
    assert dicho in uno(tipo="fibra", **campos)["descripcion"]


@pytest.mark.parametrize(
    ("clave", "valor", "esperada"),
    [("cada", "mes", "mensual"), ("pago", "anual", "anual"), ("pago", "cada mes", "mensual")],
)
def test_cada_cuanto_se_paga(clave: str, valor: str, esperada: str) -> None:
    assert uno(**{clave: valor})["periodicidad"] == esperada


@pytest.mark.parametrize(
    ("escrito", "tipo"),
    [
        ("Postpago", "pospago"),
        ("prospago", "pospago"),
        ("fibra_optica", "fibra"),
        ("TV", "television"),
        ("Pospagoo", "pospago"),
        ("Dúo", "Dúo"),
    ],
)
def test_el_tipo_se_traduce_y_se_dice(escrito: str, tipo: str) -> None:
    lectura = catalogo([{"nombre": "Uno", "tipo": escrito}])
    assert lectura.valores("servicios")[0]["tipo"] == tipo
    if tipo != escrito:
        (visto,) = lectura.traductor.valores_vistos
        assert (visto["columna"], visto["destino"]) == ("tipo", tipo) and visto["puntaje"] >= 90


def test_un_tipo_que_no_se_conoce_queda_como_esta() -> None:
    assert uno(tipo="Satelital")["tipo"] == "Satelital"


def test_un_servicio_en_blanco_se_omite() -> None:
    assert len(catalogo([{"nombre": "", "precio": ""}, {"nombre": "Fibra"}]).omitidos) == 1


def test_los_atributos_obligatorios_que_faltan_no_se_inventan() -> None:
    assert "caracteristicas" not in uno(tipo="fibra", precio=1)
