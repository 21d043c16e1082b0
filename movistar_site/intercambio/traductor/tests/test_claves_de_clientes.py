"""Las maneras de llamar a cada dato de un cliente, y lo que se deduce de ellas."""

from __future__ import annotations

from typing import Any

import pytest

from movistar_site.intercambio.traductor.claves import normal

from .datos import de_persona, leer, persona


def sin_documento(**campos: Any) -> Any:
    return leer({"usuarios": [{"nombre": "Ana", "apellido": "Ríos", "desde": 2015, **campos}]})


@pytest.mark.parametrize(
    ("una", "otra"),
    [
        ("Tiempo afiliado:", "tiempo_afiliado"),
        ("TiempoAfiliado", "tiempo-afiliado"),
        ("Año de inicio", "ano de inicio"),
        ("c.c", "CC"),
        (" Contacto ", "contacto"),
        ("# de identificacion", "de identificacion"),
        ("Dirección:", "direccion"),
        ("numId", "num_id"),
        ("usuario #", "Usuario"),
        ("e-mail", "Email"),
    ],
)
def test_dos_maneras_de_escribir_la_misma_clave(una: str, otra: str) -> None:
    assert normal(una) == normal(otra)


@pytest.mark.parametrize(
    "clave",
    [
        "documento",
        "n_documento",
        "n_identidad",
        "identidad",
        "identificacion",
        "identificacio",
        "identificador",
        "# de identificacion",
        "cedula",
        "Cédula:",
        "cc",
        "c.c",
        "dni",
        "numId",
        "numIden",
        "numeroDocumento",
        "numero del documento de identidad",
        "doc",
        "id",
        "iD",
        "usuario #",
        "usuario",
        "Numero de documento",
    ],
)
@pytest.mark.parametrize("valor", ["1020304050", 1020304050])
def test_todas_las_maneras_de_decir_el_documento(clave: str, valor: Any) -> None:
    cliente = sin_documento(**{clave: valor}).cliente
    assert (cliente["tipo_documento"], cliente["documento"]) == ("CC", "1020304050")
    assert "documento" not in cliente["pendientes"]


@pytest.mark.parametrize(
    ("campos", "esperado"),
    [
        ({"cc": "12345"}, ("CC", "12345")),
        ({"ti": "1020304050"}, ("TI", "1020304050")),
        ({"documento": "12345", "tipo": "cedula"}, ("CC", "12345")),
        ({"documento": "ABC1234", "tipo del documento de identidad": "Cédula de extranjería"}, ("CE", "ABC1234")),
        ({"documento": "AB12345", "tipo_documento": "pasaporte"}, ("PAS", "AB12345")),
        ({"documento": {"tipo": "TI", "numero": "1020304050"}}, ("TI", "1020304050")),
        ({"documento": "CC 1.020.304.050"}, ("CC", "1.020.304.050")),
        ({"nit": "901354361-1"}, ("NIT", "901354361-1")),
        ({"documento": "901354361-1"}, ("NIT", "901354361-1")),
    ],
)
def test_el_tipo_de_documento_dicho_o_supuesto(campos: dict[str, Any], esperado: tuple[str, str]) -> None:
    cliente = sin_documento(**campos).cliente
    assert (cliente["tipo_documento"], cliente["documento"]) == esperado


def test_id_es_el_numero_de_fila_si_hay_otro_documento_al_lado() -> None:
    cliente = de_persona(id=7).cliente
    assert (cliente["documento"], cliente["id_origen"]) == ("1020304050", "7")
    assert sin_documento(id="1020304050").cliente["documento"] == "1020304050"


def test_un_id_demasiado_corto_para_ser_cedula_es_el_de_origen() -> None:
    cliente = sin_documento(id=7).cliente
    assert (cliente["tipo_documento"], cliente["id_origen"]) == ("PRO", "7")


def test_la_clave_que_no_es_el_documento_es_el_identificador_de_origen() -> None:
    assert leer({"usuarios": {"usuario1": persona()}}).cliente["id_origen"] == "usuario1"
    assert "id_origen" not in leer({"usuarios": {"1020304050": persona()}}).cliente


def test_sin_documento_recibe_uno_provisional_que_siempre_es_el_mismo() -> None:
    una, otra = (sin_documento(tel="300 123 4567", correo="A@example.co") for _ in range(2))
    assert una.cliente["tipo_documento"] == "PRO" and una.cliente["documento"] == otra.cliente["documento"]
    assert una.cliente["documento"][0] == "P" and len(una.cliente["documento"]) == 12
    assert "documento" in una.cliente["pendientes"]
    assert sin_documento(tel="300 123 4568").cliente["documento"] != una.cliente["documento"]


def test_lo_que_cuelga_de_quien_no_trae_documento_va_con_el_provisional() -> None:
    lectura = sin_documento(servicios="Fibra", queja="No sirve")
    clave = f"PRO-{lectura.cliente['documento']}"
    assert {fila["cliente"] for e in ("contratos", "interacciones") for fila in lectura.valores(e)} == {clave}


@pytest.mark.parametrize(
    ("campos", "esperado"),
    [
        ({"nombre": "Ana", "apellido": "Ríos"}, ("Ana", "Ríos")),
        ({"nombres": "Ana María", "apellidos": "Ríos Vega"}, ("Ana María", "Ríos Vega")),
        ({"nombre1": "Ana", "nombre2": "María", "apellido1": "Ríos", "apellido2": "Vega"}, ("Ana María", "Ríos Vega")),
        ({"name": "Ana", "sec_name": "Ríos"}, ("Ana", "Ríos")),
        ({"nombreCompleto": "Ana Ríos"}, ("Ana", "Ríos")),
        ({"nombre_usuario": "Ana María Ríos Vega"}, ("Ana María", "Ríos Vega")),
        ({"usuario": "Ana Ríos Vega"}, ("Ana", "Ríos Vega")),
        ({"nombre": "Juan de la Cruz"}, ("Juan", "de la Cruz")),
        ({"Nombre ": "María del Carmen Pérez Gómez"}, ("María del Carmen", "Pérez Gómez")),
        ({"nombre": {"nombres": "Ana", "apellidos": "Ríos"}}, ("Ana", "Ríos")),
    ],
)
def test_el_nombre_y_el_apellido(campos: dict[str, Any], esperado: tuple[str, str]) -> None:
    cliente = leer({"usuarios": [{"cedula": "12345", **campos}]}).cliente
    assert (cliente["nombre"], cliente["apellido"]) == esperado


def test_separar_el_nombre_queda_anotado_y_uno_solo_queda_pendiente() -> None:
    assert "se separó" in leer({"usuarios": [{"cedula": "12345", "nombre": "Ana Ríos"}]}).notas
    solo = leer({"usuarios": [{"cedula": "12345", "nombre": "Ana"}]}).cliente
    assert solo["apellido"] == "" and "apellido" in solo["pendientes"]


def test_el_nombre_de_una_empresa_no_se_parte() -> None:
    cliente = leer({"usuarios": [{"nit": "901354361-1", "nombre": "Aguas del Río Limpio"}]}).cliente
    assert cliente["nombre"] == "Aguas del Río Limpio" and "apellido" not in cliente.get("pendientes", {})


def test_el_nombre_puede_ser_la_clave() -> None:
    cliente = leer({"usuarios": {"Ana Ríos": {"cedula": "12345", "tel": "3001234567"}}}).cliente
    assert (cliente["nombre"], cliente["apellido"]) == ("Ana", "Ríos") and "id_origen" not in cliente


@pytest.mark.parametrize(
    "clave",
    [
        "telefono",
        "tel",
        "celular",
        "cel",
        "N_celular",
        "num_cel",
        "numero_celular",
        "numero",
        "Numero_contacto",
        "fijo",
        "N_fijo",
        "contacto",
        "Contacto ",
        "InfoContacto",
        "informacionDeContacto",
        "informacion_contacto",
        "Infomacion contacto",
    ],
)
def test_todas_las_maneras_de_decir_el_telefono(clave: str) -> None:
    assert de_persona(**{clave: 3001234567}).cliente["telefono"] == "3001234567"


@pytest.mark.parametrize(
    "campos",
    [
        {"telefonos": {"celular": "3001234567", "fijo": "6011234567"}},
        {"infoContacto": {"cel": "3001234567", "tel": "6011234567"}},
        {"telefono": ["3001234567", "6011234567"]},
        {"tel": "3001234567 / 6011234567"},
        {"fijo": "6011234567", "cel": "3001234567"},
    ],
)
def test_dos_telefonos(campos: dict[str, Any]) -> None:
    cliente = de_persona(**campos).cliente
    assert (cliente["telefono"], cliente["telefono_alterno"]) == ("3001234567", "6011234567")


def test_el_tercer_telefono_se_avisa_y_el_repetido_no() -> None:
    lectura = de_persona(tel=["3001234567", "6011234567", "3109876543"], celular="300 123 4567")
    assert lectura.avisos == {"tel": "3109876543"}


def test_un_fijo_de_siete_cifras_queda_pendiente() -> None:
    cliente = de_persona(fijo="123 45 67").cliente
    assert cliente["telefono"] == "1234567" and "indicativo" in cliente["pendientes"]["telefono"]


@pytest.mark.parametrize(
    ("campos", "columna", "valor"),
    [
        ({"contacto": "ana@example.co"}, "email", "ana@example.co"),
        ({"correo electronico": "ana@example.co"}, "email", "ana@example.co"),
        ({"infoContacto": {"tel": "3001234567", "correo": "ana@example.co"}}, "email", "ana@example.co"),
        ({"contacto": "ana@example.co / 3001234567"}, "telefono", "3001234567"),
        ({"contacto": ["3001234567", "ana@example.co"]}, "email", "ana@example.co"),
        ({"Direccion:": "Calle 1"}, "direccion", "Calle 1"),
        ({"dirrecion": "Calle 1"}, "direccion", "Calle 1"),
        ({"direcion": "Calle 1"}, "direccion", "Calle 1"),
        ({"dir": "Calle 1"}, "direccion", "Calle 1"),
        ({"ciudad": "Medellin"}, "municipio", "05001"),
        ({"direccion": {"ciudad": "Cali", "calle": "Calle 1"}}, "municipio", "76001"),
        ({"estrato": 3}, "estrato", 3),
    ],
)
def test_el_contacto_y_el_lugar(campos: dict[str, Any], columna: str, valor: Any) -> None:
    assert de_persona(**campos).cliente[columna] == valor


def test_nombre_y_documento_cambiados_de_lugar() -> None:
    lectura = leer({"usuarios": [{"nombre": "1020304050", "documento": "Ana", "apellido": "Ríos"}]})
    assert (lectura.cliente["nombre"], lectura.cliente["documento"]) == ("Ana", "1020304050")
    assert "cambiados de lugar" in lectura.notas


def test_direccion_y_correo_cambiados_de_lugar() -> None:
    lectura = de_persona(direccion="ana@example.co", correo="Calle 45 # 12-34")
    assert (lectura.cliente["email"], lectura.cliente["direccion"]) == ("ana@example.co", "Calle 45 # 12-34")
    assert "cambiados de lugar" in lectura.notas


@pytest.mark.parametrize(
    ("campos", "esperada"),
    [
        ({"categoria": "Nuevo cliente"}, "nuevo"),
        ({"cate": "clientes nuevos"}, "nuevo"),
        ({"tipoCliente": "UsuarioNuevo"}, "nuevo"),
        ({"tipo de cliente": "Regular"}, "regular"),
        ({"cliente": "fiel"}, "leal"),
        ({"estado": "Cliente fiel"}, "leal"),
        ({"categorias": ["antiguo"]}, "leal"),
        ({"tipo": "regulares"}, "regular"),
        ({"categoria": "vip"}, "leal"),
        ({"categoria": "platinium"}, "leal"),
        ({"categoria": {"nuevo": "", "leal": "0"}}, "leal"),
        ({"clienteLeal": True}, "leal"),
        ({"clientes leales": "False"}, None),
        ({"categoria": {"clienteNuevo": False, "clienteRegular": True}}, "regular"),
        ({"categoria": {"leal": "no", "nuevo": "si"}}, "nuevo"),
        ({"lealtad": "leal"}, "leal"),
    ],
)
def test_la_categoria(campos: dict[str, Any], esperada: str | None) -> None:
    assert de_persona(**campos).cliente.get("categoria") == esperada


def test_una_categoria_que_no_se_conoce_queda_como_esta_para_corregirla() -> None:
    lectura = de_persona(categoria="preferente")
    assert lectura.cliente["categoria"] == "preferente"
    (visto,) = [v for v in lectura.traductor.valores_vistos if v["columna"] == "categoria"]
    assert visto["destino"] == "" and visto["valor"] == "preferente"


def test_el_estado_de_un_cliente() -> None:
    cliente = de_persona(estado="Retirado").cliente
    assert (cliente["estado"], cliente["inactivo_desde"]) == ("inactivo", "2026-11-26")


@pytest.mark.parametrize("clave", ["descuentos", "bonificacion de fidelidad", "adicionales", "oferta", "ofrecido"])
def test_los_bonos_de_un_usuario_se_avisan(clave: str) -> None:
    assert de_persona(**{clave: "10 % por un año"}).avisos == {clave: "10 % por un año"}


def test_las_claves_vistas_dicen_por_que_columna_se_tomaron() -> None:
    vistas = {v["clave"]: v for v in de_persona(apodo="Pepa").traductor.claves_vistas}
    assert (vistas["cedula"]["columna"], vistas["cedula"]["por"], vistas["cedula"]["muestra"]) == (
        "documento",
        "alias",
        "1020304050",
    )
    assert (vistas["apodo"]["columna"], vistas["apodo"]["por"]) == ("", "")
