"""Las formas en que un archivo pone sus registros, una por una."""

from __future__ import annotations

from typing import Any

import pytest

from .datos import Flujo, Objeto, json_de, leer

ANA = {"nombre": "Ana", "apellido": "Ríos", "cedula": "1020304050"}
LUIS = {"nombre": "Luis", "apellido": "Paz", "cedula": "1020304051"}
PLAN = {"nombre": "Fibra 300", "precio": "85.000"}


def nombres(contenido: Any, **opciones: Any) -> list[str]:
    return [valores["nombre"] for valores in leer(contenido, **opciones).valores("clientes")]


@pytest.mark.parametrize("raiz", ["movistar", "miMovistar", "Datos", ""])
def test_cualquier_raiz_o_ninguna(raiz: str) -> None:
    contenido = {"usuarios": [ANA, LUIS]}
    assert nombres({raiz: contenido} if raiz else contenido) == ["Ana", "Luis"]


@pytest.mark.parametrize(
    "clave", ["usuarios", "Usuario", "users", "clientes", "CLIENTE", "Personas", "newUsu", "Datos user", "Usuarios:"]
)
def test_cualquier_nombre_de_la_seccion_de_usuarios(clave: str) -> None:
    assert nombres({clave: [ANA, LUIS]}) == ["Ana", "Luis"]
    assert nombres({"movistar": {clave: {"1020304050": ANA}}}) == ["Ana"]


@pytest.mark.parametrize(
    ("clave", "categoria"),
    [
        ("nuevos", "nuevo"),
        ("regulares", "regular"),
        ("leales", "leal"),
        ("clientes leales", "leal"),
        ("clientes regulares", "regular"),
        ("clientes nuevos", "nuevo"),
        ("Clientes_Nuevos", "nuevo"),
    ],
)
def test_el_grupo_en_que_esta_es_su_categoria(clave: str, categoria: str) -> None:
    for contenido in ({clave: [ANA]}, {"usuarios": {clave: [ANA]}}, {"movistar": {clave: {"1020304050": ANA}}}):
        assert leer(contenido).cliente["categoria"] == categoria


def test_la_categoria_dicha_pesa_mas_que_el_grupo_y_queda_anotado() -> None:
    lectura = leer({"nuevos": [{**ANA, "categoria": "leal"}]})
    assert lectura.cliente["categoria"] == "leal" and "queda la que dice" in lectura.notas


def test_bajo_el_nombre_de_un_servicio_estan_quienes_lo_usan() -> None:
    for contenido in ({"Fibra": [ANA], "Pospago": {"1020304051": LUIS}}, {"usuarios": {"Fibra": [ANA]}}):
        lectura = leer(contenido)
        assert lectura.valores("contratos")[0]["servicio"] == "Fibra"
        assert lectura.valores("contratos")[0]["cliente"] == "CC-1020304050"
    assert len(leer({"Fibra": [ANA], "Pospago": {"1020304051": LUIS}}).valores("contratos")) == 2


def test_los_posibles_clientes_entran_y_quedan_por_confirmar() -> None:
    lectura = leer({"posiblesCli": [ANA]})
    assert "confirme si ya es cliente" in lectura.cliente["pendientes"]["estado"]


@pytest.mark.parametrize("clave", ["1020304050", "7", "usuario1", "0", "Ana"])
def test_un_objeto_por_documento_por_puesto_o_por_cualquier_clave(clave: str) -> None:
    assert nombres({"usuarios": {clave: ANA}}) == ["Ana"]
    assert nombres({clave: ANA}) == ["Ana"]


def test_un_solo_objeto_y_una_lista_sin_nada_alrededor() -> None:
    assert nombres(ANA) == ["Ana"]
    assert nombres([ANA, LUIS]) == ["Ana", "Luis"]
    assert nombres({"usuario": ANA}) == ["Ana"]
    assert nombres([{"usuario": ANA}, {"usuario": LUIS}]) == ["Ana", "Luis"]


@pytest.mark.parametrize(
    "contenido",
    [
        [{"Tipo": "Usuarios", "Usuarios": [ANA]}, {"Tipo": "Servicios", "Servicios": [PLAN]}],
        [{"clientes": [ANA]}, {"planes": [PLAN]}],
        [{"datos": [{"clientes": [ANA]}, {"planes": [PLAN]}]}],
        {"clientes": [ANA], "planes": [PLAN]},
        {"1020304050": ANA, "planes": [PLAN]},
        ["id", 1, "Clientes", [ANA], "Planes", [PLAN]],
    ],
)
def test_usuarios_y_servicios_en_el_mismo_archivo(contenido: Any) -> None:
    lectura = leer(contenido)
    assert lectura.cliente["nombre"] == "Ana"
    assert [s["nombre"] for s in lectura.valores("servicios")] == ["Fibra 300"]


def test_una_lista_dentro_de_datos_en_el_primer_elemento() -> None:
    assert nombres([{"datos": [ANA, LUIS]}]) == ["Ana", "Luis"]


def test_el_rotulo_suelto_de_una_lista_se_avisa() -> None:
    assert leer(["id", 1, "Clientes", [ANA]]).avisos == {"id": "1"}


def test_rotulos_y_servicios_que_se_alternan() -> None:
    servicios = leer(["Fibra", {"precio": "85.000"}, "Pospago", {"precio": "50.000"}], "servicios.json")
    assert [(s["nombre"], s["tipo"]) for s in servicios.valores("servicios")] == [
        ("Fibra", "fibra"),
        ("Pospago", "pospago"),
    ]


def test_un_usuario_repartido_en_objetos_de_una_clave() -> None:
    trozos = [
        {"nombre": "Ana"},
        {"apellido": "Ríos"},
        {"cedula": 1020304050},
        {"nombre": "Luis"},
        {"cedula": 1020304051},
    ]
    for contenido in (trozos, {"usuarios": trozos}, {"usuarios": Flujo("lista", enumerate(trozos))}):
        assert [c["documento"] for c in leer(contenido).valores("clientes")] == ["1020304050", "1020304051"]


def test_los_datos_en_listas_de_uno() -> None:
    cliente = leer({"usuarios": [{"Id": ["9001234"], "nombre": ["Ana"], "apellido": ["Ríos"]}]}).cliente
    assert (cliente["documento"], cliente["nombre"]) == ("9001234", "Ana")


def test_el_documento_solo_en_la_clave() -> None:
    sin = {"nombre": "Ana", "apellido": "Ríos"}
    assert leer({"usuarios": {"1020304050": sin}}).cliente["documento"] == "1020304050"
    assert leer({"usuarios": {"CE-ABC1234": sin}}).cliente["tipo_documento"] == "CE"


def test_las_secciones_de_personal_y_las_plantillas_se_omiten_y_se_dicen() -> None:
    lectura = leer(
        {
            "usuarios": [ANA, {"nombre": "", "cedula": "", "tel": None, "servicios": []}],
            "empleados": [{"nombre": "Eva", "clave": "s3creta"}, {"nombre": "Leo"}],
            "Administrador": {"user": "root", "password": "otra"},
        }
    )
    assert len(lectura.omitidos) == 4 and len(lectura.de("clientes")) == 1
    assert sum("personal" in motivo for motivo in lectura.omitidos) == 3
    assert "s3creta" not in repr(lectura.salidas) and "otra" not in repr(lectura.salidas)


def test_un_registro_de_solo_usuario_y_contrasena_no_es_un_cliente() -> None:
    lectura = leer({"usuarios": [{"usuario": "ana", "contraseña": "x1y2"}, ANA]})
    assert len(lectura.omitidos) == 1 and "x1y2" not in repr(lectura.salidas)
    assert "x1y2" not in repr(lectura.traductor.claves_vistas)


def test_una_contrasena_no_se_muestra_en_ninguna_parte() -> None:
    lectura = leer({"usuarios": [{**ANA, "Contraseña:": "s3creta", "datos": {"password": "otra1"}}]})
    assert lectura.avisos["Contraseña:"] == "(oculto)"
    dicho = repr(lectura.salidas) + repr(lectura.traductor.claves_vistas)
    assert "s3creta" not in dicho and "otra1" not in dicho


def test_lo_desconocido_se_avisa_con_su_ruta_clave_y_valor() -> None:
    lectura = leer({"usuarios": [{**ANA, "apodo": "Pepa", "gustos": {"color": "azul"}}], "version": 3})
    assert lectura.avisos == {"apodo": "Pepa", "color": "azul", "version": "3"}
    rutas = {s.ruta for s in lectura.salidas if not hasattr(s, "valores")}
    assert rutas == {"usuarios[0].apodo", "usuarios[0].gustos.color", "version"}


def test_una_seccion_repetida_se_lee_las_dos_veces() -> None:
    contenido = json_de(
        '{"usuario": {"nombre": "Ana Ríos", "cc": 12345}, "usuario": {"nombre": "Eva Paz", "cc": 12346}}'
    )
    assert nombres(contenido) == ["Ana", "Eva"]


def test_una_clave_repetida_en_un_registro_deja_el_primer_valor_y_avisa_los_demas() -> None:
    lectura = leer(json_de('{"usuarios": [{"nombre": "Ana", "apellido": "Ríos", "cc": 12345, "nombre": "Eva"}]}'))
    assert lectura.cliente["nombre"] == "Ana" and lectura.avisos == {"nombre": "Eva"}


def test_un_archivo_grande_se_lee_por_partes_con_el_mismo_resultado() -> None:
    usuarios = [(f"CC-10203040{n}", Objeto({**ANA, "cedula": f"10203040{n}"}.items())) for n in range(10, 15)]
    planes = [(0, Objeto(PLAN.items()))]
    contenido = Flujo(
        "objeto",
        [
            (
                "movistar",
                Flujo(
                    "objeto",
                    [
                        ("version", 1),
                        ("usuarios", Flujo("objeto", usuarios)),
                        ("planes", Flujo("lista", planes)),
                    ],
                ),
            )
        ],
    )
    lectura = leer(contenido)
    assert len(lectura.de("clientes")) == 5 and len(lectura.de("servicios")) == 1
    assert lectura.avisos == {"version": "1"}


def test_un_registro_numerado_por_cada_uno_del_archivo() -> None:
    lectura = leer({"usuarios": [{**ANA, "servicios": "Fibra, TV", "quejas": ["No sirve"]}, LUIS]})
    assert {s.registro for s in lectura.de("contratos") + lectura.de("interacciones")} == {1}
    assert [s.registro for s in lectura.de("clientes")] == [1, 2]


def test_la_correccion_de_un_contenedor_dice_que_hay_debajo() -> None:
    lectura = leer({"socios": [ANA], "x": 1}, claves={"": {"socios": "clientes"}})
    assert lectura.cliente["nombre"] == "Ana"
