"""Cómo dice un usuario qué servicios tiene, y a qué servicio del catálogo corresponde."""

from __future__ import annotations

from typing import Any

import pytest

from movistar_site.intercambio.traductor import Referencias, Resolvedor

from .datos import REFERENCIAS, de_persona, json_de, leer, persona

CATALOGO = [
    ("FIB-300", "Fibra 300", "fibra", "Internet de fibra óptica"),
    ("POS-1", "Pospago 20 GB", "pospago", "Pospago"),
    ("TV-1", "Televisión básica", "television", "Televisión"),
    ("TV-2", "Televisión total", "television", "Televisión"),
]


def servicios(valor: Any, clave: str = "servicios") -> list[Any]:
    return [fila["servicio"] for fila in de_persona(**{clave: valor}).valores("contratos")]


@pytest.mark.parametrize(
    "clave",
    [
        "servicio",
        "servicios",
        "services",
        "servicio en uso",
        "sevicio",
        "serivicios",
        "serviciosUtilizados",
        "ServiciosUsados",
        "serviciosActivos",
        "serviciosRetirados",
        "serviciosContratados",
        "serviciosDelCliente",
        "plan",
        "planes",
        "paquete",
        "registro",
        "historial_servicios",
    ],
)
def test_todas_las_maneras_de_llamarlos(clave: str) -> None:
    assert servicios("Fibra óptica", clave) == ["Fibra óptica"]
    assert servicios(["Fibra", "TV"], clave) == ["Fibra", "TV"]


@pytest.mark.parametrize(
    ("valor", "esperados"),
    [
        ("Fibra, Postpago; TV", ["Fibra", "Postpago", "TV"]),
        ([1, 3], [{"indice": 1}, {"indice": 3}]),
        ("2", [{"indice": 2}]),
        ("FIB-300", ["FIB-300"]),
        ({"Fibra": True, "TV": False, "Pospago": "si"}, ["Fibra", "Pospago"]),
        ([{"nombre": "Fibra 300", "precio": "85.000"}], ["Fibra 300"]),
        ({"plan": {"nombre": "Fibra 300"}}, ["Fibra 300"]),
        ({"id": 4, "nombre": "Fibra 300"}, ["Fibra 300"]),
        ([{"id": 4}], [{"indice": 4}]),
        ({"1": "Fibra", "2": "TV"}, ["Fibra", "TV"]),
        ({"Fibra": {"desde": "2020-01-01"}}, ["Fibra"]),
        ([["Fibra"], ["TV"]], ["Fibra", "TV"]),
        ({"movil": "Pospago"}, ["Pospago"]),
    ],
)
def test_cada_manera_de_nombrarlos(valor: Any, esperados: list[Any]) -> None:
    assert servicios(valor) == esperados


@pytest.mark.parametrize(
    "valor", ["", "none", "None", "Sin servicios", {}, [], None, [""], ["none"], "Ninguno", False, [[]]]
)
def test_lo_que_quiere_decir_ninguno(valor: Any) -> None:
    lectura = de_persona(servicios=valor)
    assert lectura.de("contratos") == [] and lectura.avisos == {}


def test_la_fecha_y_el_estado() -> None:
    (fila,) = de_persona(servicios=[{"plan": "Fibra", "fecha": "12-03-2020", "estado": "Cancelado"}]).valores(
        "contratos"
    )
    assert (fila["fecha_inicio"], fila["estado"], fila["fecha_fin"]) == ("2020-03-12", "terminado", "2026-11-26")


def test_sin_fecha_empieza_con_el_cliente_y_lo_dice() -> None:
    lectura = de_persona(servicios="Fibra")
    assert (
        lectura.valores("contratos")[0]["fecha_inicio"] == "2015-01-01"
        and "fecha de vinculación del cliente" in lectura.notas
    )


def test_activos_y_retirados() -> None:
    lectura = de_persona(serviciosActivos=["Fibra"], serviciosRetirados=["TV"])
    assert [(f["servicio"], f["estado"]) for f in lectura.valores("contratos")] == [
        ("Fibra", "activo"),
        ("TV", "terminado"),
    ]
    dentro = de_persona(servicios={"activos": ["Fibra"], "retirados": "TV"})
    assert [f["estado"] for f in dentro.valores("contratos")] == ["activo", "terminado"]


def test_un_mapa_por_fechas() -> None:
    filas = de_persona(servicios={"12-03-2020": "Prepago", "01-02-2022": "Pospago"}).valores("contratos")
    assert [(f["servicio"], f["fecha_inicio"], f["estado"]) for f in filas] == [
        ("Prepago", "2020-03-12", "activo"),
        ("Pospago", "2022-02-01", "activo"),
    ]


def test_en_un_historial_uno_termina_cuando_empieza_el_otro() -> None:
    filas = de_persona(historial_servicios={"01-02-2022": "Pospago", "12-03-2020": "Prepago"}).valores("contratos")
    assert [(f["servicio"], f["estado"], f.get("fecha_fin")) for f in filas] == [
        ("Prepago", "terminado", "2022-02-01"),
        ("Pospago", "activo", None),
    ]


def test_lo_copiado_del_plan_se_avisa_y_su_precio_se_firma() -> None:
    lectura = de_persona(servicios=[{"nombre": "Fibra 300", "precio": "85.000", "megas": 300}])
    assert lectura.valores("contratos")[0]["precio"] == "85.000" and lectura.avisos == {"megas": "300"}


def test_el_servicio_guarda_a_sus_suscriptores() -> None:
    lectura = leer({"servicios": [{"nombre": "Fibra 300", "precio": "85.000", "usuarios": [persona()]}]})
    assert lectura.valores("contratos")[0]["servicio"] == "Fibra 300" and lectura.cliente["nombre"] == "Ana"
    solo = leer(
        {"servicios": {"FIB-300": {"nombre": "Fibra 300", "precio": 1, "clientes": ["1020304050", 1020304051]}}}
    )
    assert [f["cliente"] for f in solo.valores("contratos")] == ["CC-1020304050", "CC-1020304051"]


def test_una_clave_repetida_son_dos_servicios() -> None:
    contenido = json_de('{"usuarios": [{"nombre": "Ana Ríos", "cc": 12345, "plan": "Fibra", "plan": "TV"}]}')
    assert [f["servicio"] for f in leer(contenido).valores("contratos")] == ["Fibra", "TV"]


def test_lo_corregido_por_la_gente_manda() -> None:
    lectura = leer({"usuarios": [persona(servicios="El bueno")]}, valores={"servicio": {"el bueno": "FIB-300"}})
    assert lectura.valores("contratos")[0]["servicio"] == "FIB-300"


def test_los_servicios_del_catalogo_se_reconocen_en_las_claves() -> None:
    referencias = Referencias(REFERENCIAS.municipios, servicios=[("HOG-1", "Hogar feliz", "fibra")])
    lectura = leer({"Hogar feliz": [persona()]}, referencias=referencias)
    assert lectura.valores("contratos")[0]["servicio"] == "Hogar feliz"


# --- A qué servicio corresponde --------------------------------------------------------------------------------------
LEIDOS = [
    {"codigo": "TV-1", "nombre": "Televisión básica", "id": "77"},
    {"codigo": "FIB-300", "nombre": "Fibra 300", "id": ""},
]


@pytest.mark.parametrize(
    ("referencia", "codigo"),
    [
        ("FIB-300", "FIB-300"),
        ("fib-300", "FIB-300"),
        ("Fibra 300", "FIB-300"),
        ("FIBRA_300", "FIB-300"),
        ("televisión BASICA", "TV-1"),
        ("Postpago", "POS-1"),
        ("prospago", "POS-1"),
        ("fibra_optica", "FIB-300"),
        ("Internet", "FIB-300"),
        ("Fibra 3000", "FIB-300"),
        ({"indice": 1}, "TV-1"),
        ({"indice": 2}, "FIB-300"),
        ({"indice": 77}, "TV-1"),
        ("77", "TV-1"),
        ({"nombre": "Fibra 300"}, "FIB-300"),
        ("el de siempre", "POS-1"),
    ],
)
def test_el_resolvedor_halla_el_servicio(referencia: Any, codigo: str) -> None:
    assert Resolvedor(CATALOGO, {"el de siempre": "POS-1"}, LEIDOS).resolver(referencia).codigo == codigo


@pytest.mark.parametrize(
    ("referencia", "dice"),
    [
        ("TV", "puede ser 2 servicios"),
        ("Cosa rara", "No se reconoce"),
        ({"indice": 9}, "No hay ningún"),
        ("", "No dice"),
        ({}, "No dice"),
    ],
)
def test_el_resolvedor_no_adivina(referencia: Any, dice: str) -> None:
    resolucion = Resolvedor(CATALOGO, {}, LEIDOS).resolver(referencia)
    assert resolucion.codigo == "" and dice in resolucion.motivo


def test_el_resolvedor_propone_lo_parecido() -> None:
    resolucion = Resolvedor(CATALOGO).resolver("Televisión bas")
    assert resolucion.codigo == "" and resolucion.candidatos[0][0] == "TV-1" and resolucion.candidatos[0][2] < 90
