"""Con cualquier JSON: nada rompe el traductor y todo dato acaba en un registro, en un aviso o en un omitido."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from movistar_site.comun.formatos_archivo import ArchivoIlegible
from movistar_site.intercambio.piezas import Leido
from movistar_site.intercambio.tests.datos import SERVICIOS, USUARIO
from movistar_site.intercambio.traductor import vocabulario
from movistar_site.intercambio.traductor.claves import es_secreta, normal

from .datos import DocumentoTabla, Flujo, Lectura, Objeto, leer

_TABLAS = (vocabulario.CLIENTES, vocabulario.SERVICIOS, vocabulario.CONTRATOS, vocabulario.INTERACCIONES)
_PROPIAS = [clave.strip() for tabla in _TABLAS for escritas in tabla.values() for clave in escritas.split(",")]
_SECCIONES = [clave.strip() for _, escritas in vocabulario.CONTENEDORES for clave in escritas.split(",")]
_OTRAS = [
    "apodo",
    "0",
    "usuario1",
    "CC-123456",
    "1020304050",
    "Fibra",
    "contraseña",
    "12-03-2020",
    "plan1",
    "plan2",
    "precio1",
    "Caracteristica 1",
    "pendientes",
    "",
]
CLAVES = st.sampled_from(_PROPIAS) | st.sampled_from(_SECCIONES) | st.sampled_from(_OTRAS)
# Cada plantilla recibe un número que no se repite: así se puede buscar el dato en lo que salió.
PLANTILLAS = st.sampled_from(
    ["dato{n}z", "uno{n}z, dos{n}y", "1{n:09d}", "c{n}z@example.co", "3{n:09d}", "$ {n} hilo{n}z", "{n:07d}"]
)
SUELTOS = st.sampled_from(
    [
        "",
        None,
        True,
        False,
        "s",
        "7 años",
        "Fibra",
        "leal",
        "2012-03-15",
        3,
        2011,
        Decimal("50.000"),
        "none",
        "300 megas",
    ]
)


def _objeto(pares: list[tuple[str, Any]]) -> Objeto:
    return Objeto(pares)


HOJAS = PLANTILLAS.map(lambda texto: ("plantilla", texto)) | SUELTOS
VALORES = st.recursive(
    HOJAS,
    lambda hijos: st.lists(hijos, max_size=4) | st.lists(st.tuples(CLAVES, hijos), max_size=5).map(_objeto),
    max_leaves=25,
)


def _numerado(valor: Any, cuenta: list[int]) -> Any:
    if isinstance(valor, tuple):
        cuenta[0] += 1
        return valor[1].format(n=cuenta[0])
    if isinstance(valor, list):
        return [_numerado(uno, cuenta) for uno in valor]
    if isinstance(valor, Objeto):
        return Objeto((clave, _numerado(uno, cuenta)) for clave, uno in [*valor.items(), *valor.repetidos])
    return valor


def _hojas(valor: Any, ruta: str = "", secreta: bool = False) -> Iterator[tuple[str, str]]:
    if isinstance(valor, Objeto):
        for clave, uno in [*valor.items(), *valor.repetidos]:
            dentro = f"{ruta}.{clave}" if ruta else clave
            yield from _hojas(uno, dentro, secreta or es_secreta(normal(clave)))
    elif isinstance(valor, list):
        for indice, uno in enumerate(valor):
            yield from _hojas(uno, f"{ruta}[{indice}]", secreta)
    elif isinstance(valor, str) and not secreta:
        yield from ((ruta, dato) for dato in re.findall(r"(?:dato|uno|dos|hilo)\d+[zy]|c\d+z|[13]0\d{8}|0\d{6}", valor))


def _dicho(lectura: Lectura) -> tuple[str, list[str]]:
    textos, lugares = [], []
    for salida in lectura.salidas:
        if isinstance(salida, Leido):
            textos.append(json.dumps([salida.valores, salida.notas], ensure_ascii=False))
            if salida.falla or salida.omitido:
                lugares.append(salida.ruta.removeprefix("(raíz)."))
        else:
            textos.append(f"{salida.clave} {salida.valor}")
    return re.sub(r"[\s.]", "", " ".join(textos)).casefold(), lugares


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(VALORES, st.sampled_from(["usuario.json", "servicios.json", "reclamos.json", "x.json"]))
def test_ningun_dato_se_pierde_sin_decirlo(valor: Any, nombre: str) -> None:
    contenido = _numerado(valor, [0])
    try:
        lectura = leer(contenido, nombre)
    except ArchivoIlegible as error:
        assert "\n" not in str(error)
        return
    texto, lugares = _dicho(lectura)
    for ruta, dato in _hojas(contenido):
        perdido = dato not in texto and not any(lugar == "(raíz)" or ruta.startswith(lugar) for lugar in lugares)
        assert not perdido, (ruta, dato)
    for salida in lectura.salidas:
        assert salida.ruta and (isinstance(salida, Leido) or salida.motivo)


def _a_flujo(valor: Any) -> Any:
    """El mismo contenido con los contenedores de fuera leídos por partes."""
    if isinstance(valor, Objeto):
        return Flujo("objeto", [(clave, _a_flujo(uno)) for clave, uno in [*valor.items(), *valor.repetidos]])
    return Flujo("lista", list(enumerate(valor))) if isinstance(valor, list) else valor


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VALORES)
def test_leido_por_partes_tampoco_rompe_ni_pierde(valor: Any) -> None:
    contenido = _numerado(valor, [0])
    try:
        lectura = leer(_a_flujo(contenido))
    except ArchivoIlegible:
        return
    texto, lugares = _dicho(lectura)
    for ruta, dato in _hojas(contenido):
        assert dato in texto or any(lugar == "(raíz)" or ruta.startswith(lugar) for lugar in lugares), (ruta, dato)


CUALQUIERA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text(max_size=8),
    lambda hijos: st.lists(hijos, max_size=3) | st.dictionaries(st.text(max_size=6), hijos, max_size=3),
    max_leaves=6,
)


def _rutas(valor: Any, ruta: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    claves = valor.keys() if isinstance(valor, dict) else range(len(valor)) if isinstance(valor, list) else ()
    return [ruta] + [hallada for clave in claves for hallada in _rutas(valor[clave], (*ruta, clave))]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_un_par_canonico_con_un_valor_cambiado_se_lee_entero(data: st.DataObject) -> None:
    original = data.draw(st.sampled_from([USUARIO, SERVICIOS]))
    contenido = copy.deepcopy(original)
    ruta = data.draw(st.sampled_from([r for r in _rutas(contenido) if len(r) > 3]))
    dentro = contenido
    for clave in ruta[:-1]:
        dentro = dentro[clave]
    dentro[ruta[-1]] = data.draw(CUALQUIERA)
    lectura = leer(contenido)
    lugares = {salida.ruta for salida in lectura.salidas if isinstance(salida, Leido)}
    for seccion, registros in contenido["movistar"].items():
        assert {f"movistar.{seccion}.{clave}" for clave in registros} <= lugares
    for salida in lectura.salidas:
        if isinstance(salida, Leido):
            json.dumps(salida.valores, allow_nan=False)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*_PROPIAS, "apodo"]), min_size=1, max_size=6, unique=True), st.data())
def test_ninguna_tabla_rompe_y_cada_fila_da_algo(encabezados: list[str], data: st.DataObject) -> None:
    celda = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=8)
        | SUELTOS.filter(lambda v: not isinstance(v, Decimal))
    )
    filas = data.draw(
        st.lists(st.lists(celda, min_size=len(encabezados), max_size=len(encabezados)), min_size=1, max_size=3)
    )
    entidad = data.draw(st.sampled_from(["clientes", "servicios", "contratos", "interacciones"]))
    lectura = leer(DocumentoTabla(encabezados, filas), entidad=entidad)
    assert {salida.registro for salida in lectura.salidas if isinstance(salida, Leido)} == set(range(1, len(filas) + 1))


def test_un_registro_desmedido_se_rechaza_con_una_frase() -> None:
    hondo: Any = "fondo"
    for _ in range(3_000):
        hondo = {"apodo": hondo}
    lectura = leer({"usuarios": [{"nombre": "Ana", "apellido": "Ríos", "cedula": "12345", "descripcion": hondo}]})
    assert lectura.salidas
    assert leer({"servicios": [{"nombre": "Fibra", "precio": 1, "caracteristicas": hondo}]}).salidas
