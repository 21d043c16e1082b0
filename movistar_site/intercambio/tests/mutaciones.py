"""Maneras de dañar un archivo bueno: en sus bytes, en su estructura JSON, en una tabla y en un libro de Excel."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from movistar_site.intercambio.traductor.claves import es_vacio


class Pares(list[tuple[str, Any]]):
    """Un objeto JSON como pares: así una clave se repite o cambia de puesto."""


def a_pares(valor: Any) -> Any:
    """El mismo contenido, con los objetos como pares."""
    if isinstance(valor, dict):
        return Pares((clave, a_pares(uno)) for clave, uno in valor.items())
    return [a_pares(uno) for uno in valor] if isinstance(valor, list) else valor


def a_texto(valor: Any) -> str:
    """El JSON de unos pares. Sale en ASCII: un medio carácter va como su secuencia `\\ud800`."""
    if isinstance(valor, Pares):
        return "{" + ", ".join(f"{json.dumps(clave)}: {a_texto(uno)}" for clave, uno in valor) + "}"
    if isinstance(valor, list):
        return "[" + ", ".join(map(a_texto, valor)) + "]"
    return json.dumps(valor)


def contenedores(valor: Any) -> Iterator[Any]:
    """Todos los objetos y listas que hay dentro, él incluido."""
    if isinstance(valor, list):
        yield valor
        for uno in valor:
            yield from contenedores(uno[1] if isinstance(valor, Pares) else uno)


def hay_datos(valor: Any) -> bool:
    """Si hay algún dato dentro."""
    if isinstance(valor, list):
        return any(hay_datos(uno[1] if isinstance(valor, Pares) else uno) for uno in valor)
    return not es_vacio(valor)


RAROS = st.sampled_from(
    ["", " ", "\x00", "a\x00b", "\ud800", "x\udfffy", "\ufeff", "\u202e", "ñ" * 400, "9" * 400, "-1", "NaN", "=1+1",
     "2012-13-45", "31/02/2020", "٣٣٣", "True", "null", "{}", "[]", "leal", "CC-1020304050", "contraseña"]
)  # fmt: skip
SUELTOS = (
    st.none() | st.booleans() | RAROS | st.integers(-5, 5) | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
)  # fmt: skip
CLAVES = RAROS | st.sampled_from(
    ["documento", "id", "cc", "nombre", "apellido", "telefono", "email", "usuarios", "servicios", "planes", "precio",
     "tipo", "fecha", "años", "tiempo", "categoria", "estado", "password", "admin", "interacciones", "quejas",
     "posiblesCli", "movistar", "cliente", "contratos", "fecha_vinculacion", "pendientes", "caracteristicas"]
)  # fmt: skip
VALORES = st.recursive(
    SUELTOS,
    lambda hijos: st.lists(hijos, max_size=3) | st.lists(st.tuples(CLAVES, hijos), max_size=3).map(Pares),
    max_leaves=6,
)


# --- Estructura -------------------------------------------------------------------------------------------------------
def danar_json(data: st.DataObject, raiz: Any) -> Any:
    """Un solo daño, en un sitio cualquiera: renombra, cambia de clase, anida, repite, mueve, quita o agrega."""
    lugar = data.draw(st.sampled_from([uno for uno in contenedores(raiz) if uno]), label="contenedor")
    puesto = data.draw(st.integers(0, len(lugar) - 1), label="puesto")
    clave, valor = lugar[puesto] if isinstance(lugar, Pares) else ("", lugar[puesto])

    def poner(nueva: str, nuevo: Any) -> None:
        lugar[puesto] = (nueva, nuevo) if isinstance(lugar, Pares) else nuevo

    que = data.draw(
        st.sampled_from(["renombrar", "cambiar", "anidar", "enlistar", "repetir", "mover", "quitar", "agregar"])
    )
    if que == "renombrar":
        poner(data.draw(CLAVES), valor)
    elif que == "cambiar":
        poner(clave, data.draw(VALORES))
    elif que == "anidar":
        poner(clave, Pares([(data.draw(CLAVES), valor)]))
    elif que == "enlistar":
        poner(clave, [valor])
    elif que == "repetir":
        lugar.insert(data.draw(st.integers(0, len(lugar))), lugar[puesto])
    elif que == "mover":
        lugar.insert(data.draw(st.integers(0, len(lugar) - 1)), lugar.pop(puesto))
    elif que == "quitar":
        lugar.pop(puesto)
    else:
        nueva = (data.draw(CLAVES), data.draw(VALORES)) if isinstance(lugar, Pares) else data.draw(VALORES)
        lugar.insert(puesto, nueva)
    return raiz


# --- Bytes ------------------------------------------------------------------------------------------------------------
TROZOS = st.sampled_from(
    [b"\x00", b"\\u0000", b"\\ud800", b"\xff", b"\xc3", b"\xed\xa0\x80", b"{", b"}", b"[", b"]", b",", b":", b'"',
     b"\\", b"\n", b"\r", b";", b"'", b"/*", b"//", b"NaN", b"-", b"1e999", b"\xef\xbb\xbf", b"<", b"null"]
)  # fmt: skip


def danar_bytes(data: st.DataObject, datos: bytes) -> bytes:
    """Un solo daño: corta, voltea, quita, repite o inserta bytes."""
    if not datos:
        return datos
    que = data.draw(st.sampled_from(["cortar", "voltear", "quitar", "repetir", "insertar", "decapitar"]))
    desde = data.draw(st.integers(0, len(datos) - 1))
    if que == "cortar":
        return datos[:desde]
    if que == "decapitar":
        return datos[desde:]
    if que == "voltear":
        return datos[:desde] + bytes([datos[desde] ^ data.draw(st.integers(1, 255))]) + datos[desde + 1 :]
    if que == "insertar":
        return datos[:desde] + data.draw(TROZOS) + datos[desde:]
    hasta = desde + data.draw(st.integers(1, 200))
    return datos[:desde] + (datos[hasta:] if que == "quitar" else datos[desde:hasta] + datos[desde:])


# --- Tablas -----------------------------------------------------------------------------------------------------------
def danar_tabla(data: st.DataObject, tabla: list[list[Any]]) -> list[list[Any]]:
    """Un solo daño a una tabla (el primer renglón son sus encabezados)."""
    fila = data.draw(st.integers(0, len(tabla) - 1))
    que = data.draw(
        st.sampled_from(["celda", "encabezado", "repetir", "mover", "quitar", "columna", "larga", "corta", "blanco"])
    )
    if que == "celda" and tabla[fila]:
        tabla[fila][data.draw(st.integers(0, len(tabla[fila]) - 1))] = data.draw(SUELTOS)
    elif que == "encabezado" and tabla[0]:
        tabla[0][data.draw(st.integers(0, len(tabla[0]) - 1))] = data.draw(CLAVES)
    elif que == "repetir":
        tabla.insert(data.draw(st.integers(1, len(tabla))), list(tabla[fila]))
    elif que == "mover":
        tabla.insert(data.draw(st.integers(0, len(tabla) - 1)), tabla.pop(fila))
    elif que == "quitar" and len(tabla) > 1:
        tabla.pop(fila)
    elif que == "columna":
        nueva, valor = data.draw(CLAVES), data.draw(SUELTOS)
        tabla[:] = [[*una, valor if n else nueva] for n, una in enumerate(tabla)]
    elif que == "larga":
        tabla[fila].append(data.draw(SUELTOS))
    elif que == "corta" and len(tabla[fila]) > 1:
        tabla[fila].pop()
    elif que == "blanco":
        tabla.insert(fila, [""] * len(tabla[0]))
    return tabla
