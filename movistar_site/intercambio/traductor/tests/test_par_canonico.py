"""El par canónico pasa entero y sin tocarse; lo que está mal en él se dice."""

from __future__ import annotations

from typing import Any

import pytest

from movistar_site.comun.formatos_archivo import ArchivoIlegible
from movistar_site.intercambio.entidades import ENTIDADES
from movistar_site.intercambio.tests.datos import SERVICIOS, USUARIO
from movistar_site.intercambio.traductor import tablas
from movistar_site.intercambio.traductor.planes import HIJAS

from .datos import Objeto, json_de, leer

SIN_NADA_QUE_DECIR = ("clientes", "contratos", "interacciones", "servicios")


def como_el_lector(valor: Any) -> Any:
    if isinstance(valor, dict):
        return Objeto((clave, como_el_lector(dentro)) for clave, dentro in valor.items())
    return [como_el_lector(uno) for uno in valor] if isinstance(valor, list) else valor


def cliente(**campos: Any) -> Any:
    datos = {"nombre": "Eva", "apellido": "Luna", "fecha_vinculacion": "2020-01-01", **campos}
    return leer({"movistar": {"usuarios": {"CC-10203040": datos}}})


def test_los_usuarios_pasan_tal_como_vienen() -> None:
    lectura = leer(como_el_lector(USUARIO))
    esperados = USUARIO["movistar"]["usuarios"]
    assert lectura.avisos == {} and lectura.fallas == [] and lectura.notas == ""
    for leido, (clave, datos) in zip(lectura.de("clientes"), esperados.items(), strict=True):
        propios = {c: v for c, v in datos.items() if c not in HIJAS["clientes"]}
        assert {**leido.valores, **propios} == leido.valores and leido.ruta == f"movistar.usuarios.{clave}"
        assert f"{leido.valores['tipo_documento']}-{leido.valores['documento']}" == clave
    ana = esperados["CC-1020304050"]
    for seccion, entidad in HIJAS["clientes"].items():
        assert lectura.valores(entidad) == [{**dato, "cliente": "CC-1020304050"} for dato in ana[seccion]]
    assert lectura.valores("municipios") == [{"nombre": "Nuevo Caserío", "departamento": "05", "codigo": "05999"}]


def test_el_catalogo_pasa_tal_como_viene() -> None:
    lectura = leer(como_el_lector(SERVICIOS), "servicios.json")
    assert lectura.avisos == {} and lectura.fallas == [] and lectura.notas == ""
    for seccion, registros in SERVICIOS["movistar"].items():
        for valores, (clave, datos) in zip(lectura.valores(seccion), registros.items(), strict=True):
            con_historia = "precios" in datos
            propios = {c: v for c, v in datos.items() if c != "precios" and not (c == "precio" and con_historia)}
            assert valores == {**propios, "codigo": clave}
    assert [(p["servicio"], p["vigente_desde"], p["valor"]) for p in lectura.valores("precios")] == [
        ("FIB-300", "2024-01-01", "74900.00"),
        ("FIB-300", "2026-01-01", "79900.00"),
        ("FIB-300", "2027-01-01", "85000.50"),
    ]


def test_de_un_registro_del_panel_no_se_deduce_nada_de_mas() -> None:
    solo = cliente(nombre="Madonna Sola", apellido="", telefono="", categoria="leal", motivo_categoria="").cliente
    assert (solo["nombre"], solo["apellido"], solo["motivo_categoria"]) == ("Madonna Sola", "", "")
    assert "pendientes" not in solo


def test_los_pendientes_y_el_identificador_de_origen_van_y_vuelven() -> None:
    dados = {"id_origen": "77", "pendientes": {"apellido": "El archivo solo trae el nombre"}, "telefono": "1234567"}
    leido = cliente(**dados).cliente
    assert leido["id_origen"] == "77" and leido["pendientes"]["apellido"] == dados["pendientes"]["apellido"]  # type: ignore[index]


@pytest.mark.parametrize(
    "contenido",
    [
        {},
        [],
        {"movistar": {}},
        {"movistar": []},
        {"movistar": None},
        {"movistar": {"usuarios": {}}},
        {"usuarios": []},
        {"movistar": ""},
    ],
)
def test_el_par_vacio_no_dice_nada(contenido: Any) -> None:
    assert leer(contenido).salidas == []


def test_el_documento_que_no_es_el_de_su_clave_es_una_falla() -> None:
    ((ruta, falla),) = cliente(documento="777777").fallas
    assert ruta == "movistar.usuarios.CC-10203040" and "no coincide" in falla
    assert cliente(documento="10.203.040").fallas == []


def test_el_codigo_que_no_es_el_de_su_clave_es_una_falla() -> None:
    datos = {"codigo": "OTRO", "nombre": "Uno", "tipo": "fibra"}
    ((_, falla),) = leer({"movistar": {"servicios": {"FIB-1": datos}}}).fallas
    assert "no coincide" in falla


def test_el_precio_debe_ser_uno_de_la_lista() -> None:
    datos = {"nombre": "Uno", "tipo": "fibra", "precio": "1.00", "precios": [{"desde": "2024-01-01", "valor": "2.00"}]}
    ((_, falla),) = leer({"movistar": {"servicios": {"FIB-1": datos}}}).fallas
    assert "precios" in falla
    assert leer({"movistar": {"servicios": {"FIB-1": {**datos, "precio": "2"}}}}).fallas == []


def test_donde_se_esperaba_un_objeto_y_llego_otra_cosa() -> None:
    lectura = leer(
        {
            "movistar": {
                "usuarios": {"TI-1": 5},
                "tipos": {"x": 3},
                "servicios": {"FIB-1": {"nombre": "a", "tipo": "fibra", "precios": 3}},
            }
        }
    )
    assert [ruta for ruta, _ in lectura.fallas] == [
        "movistar.usuarios.TI-1",
        "movistar.tipos.x",
        "movistar.servicios.FIB-1.precios",
    ]
    assert all("Se esperaba un objeto" in falla for _, falla in lectura.fallas)
    assert cliente(consentimientos="sí").fallas[0][0] == "movistar.usuarios.CC-10203040.consentimientos"


def test_una_correccion_de_un_servicio_que_ya_esta() -> None:
    assert leer({"movistar": {"servicios": {"MOV-1": {"precio": "6000.00"}}}}).valores("servicios") == [
        {"precio": "6000.00", "codigo": "MOV-1"}
    ]


def test_dos_registros_con_la_misma_clave_salen_los_dos() -> None:
    uno = '{"nombre": "A", "apellido": "B", "fecha_vinculacion": "2020-01-01"}'
    lectura = leer(json_de(f'{{"movistar": {{"usuarios": {{"CC-12345": {uno}, "CC-12345": {uno}}}}}}}'))
    assert [c["documento"] for c in lectura.valores("clientes")] == ["12345", "12345"]


@pytest.mark.parametrize(
    ("contenido", "dice"),
    [
        ("hola", "Se esperaba un objeto"),
        ({"movistar": 3}, "se esperaba un objeto"),
        ({"movistar": {"cosas": 3}}, "ninguna secci"),
        (5, "un objeto"),
        ([1], "ninguna"),
    ],
)
def test_lo_que_no_es_nada_conocido_se_rechaza_con_una_frase(contenido: Any, dice: str) -> None:
    with pytest.raises(ArchivoIlegible, match=dice) as error:
        leer(contenido)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("entidad", list(ENTIDADES))
def test_cada_columna_del_panel_se_llama_como_ella_misma(entidad: str) -> None:
    """Si un alias tapara el nombre de una columna, el par canónico dejaría de pasar tal como viene."""
    alias = tablas.alias(entidad)
    assert {c for c in tablas.columnas(entidad) if alias.get(tablas.normal(c)) != c} == set()
