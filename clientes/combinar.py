"""Una ficha a partir de dos: qué dato queda de cada una. Puro: trabaja sobre fotos de los clientes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .models import Cliente, EstadoCliente

PRINCIPAL = "principal"
ABSORBIDO = "absorbido"
AMBOS = "ambos"
GRUPOS: Mapping[str, tuple[str, ...]] = {
    "documento": ("tipo_persona", "tipo_documento", "documento"),
    "nombre": ("nombre", "apellido"),
    "fecha_vinculacion": ("fecha_vinculacion",),
    "telefono": ("telefono",),
    "telefono_alterno": ("telefono_alterno",),
    "email": ("email",),
    "direccion": ("direccion",),
    "municipio": ("municipio_id",),
    "estrato": ("estrato",),
    "categoria_asignada": ("categoria_asignada", "motivo_categoria"),
    "notas": ("notas",),
}
"""Lo que se elige junto, por el dato que lo nombra: un número de documento no vale sin su tipo."""
CON_AMBOS = ("notas",)
"""Lo que se puede conservar de las dos, una detrás de otra."""

Foto = Mapping[str, Any]


def foto(cliente: Cliente) -> dict[str, Any]:
    """Los datos de un cliente como se guardan en JSON: las fechas en ISO 8601 y lo demás tal cual."""
    datos = {}
    for campo in Cliente._meta.concrete_fields:
        valor = getattr(cliente, campo.attname)
        datos[campo.attname] = valor.isoformat() if hasattr(valor, "isoformat") else valor
    return datos


def revelar(datos: Foto) -> dict[str, Any]:
    """Lo contrario de `foto`: cada dato como lo lleva el modelo. Los de columnas que ya no existen se callan."""
    campos = {campo.attname: campo for campo in Cliente._meta.concrete_fields}
    return {nombre: campos[nombre].to_python(valor) for nombre, valor in datos.items() if nombre in campos}


def por_omision(principal: Foto, absorbido: Foto) -> dict[str, str]:
    """Lo que se propone: lo de la que queda, salvo lo que le falte o solo se haya deducido; y la vinculación más vieja.

    De las notas, las de las dos si son distintas.
    """
    elegidos = {}
    for grupo in GRUPOS:
        mio, otro = _valor(principal, grupo), _valor(absorbido, grupo)
        dudoso = _pendiente(principal, grupo) and not _pendiente(absorbido, grupo)
        elegidos[grupo] = ABSORBIDO if otro and (not mio or dudoso) else PRINCIPAL
    if absorbido["fecha_vinculacion"] < principal["fecha_vinculacion"]:
        elegidos["fecha_vinculacion"] = ABSORBIDO
    if principal["notas"] and absorbido["notas"] and principal["notas"] != absorbido["notas"]:
        elegidos["notas"] = AMBOS
    return elegidos


def validos(elegidos: Mapping[str, str]) -> bool:
    """Si cada elección es de un dato que se elige y dice de cuál de las dos fichas."""
    return all(
        grupo in GRUPOS and (de in (PRINCIPAL, ABSORBIDO) or (de == AMBOS and grupo in CON_AMBOS))
        for grupo, de in elegidos.items()
    )


def combinar(principal: Foto, absorbido: Foto, elegidos: Mapping[str, str]) -> dict[str, Any]:
    """La foto de la ficha que queda: la de `principal` con lo elegido de `absorbido`. Lo que no se elige es suyo.

    Además: sigue siendo cliente si una de las dos lo era; si ninguna, desde la última que dejó de serlo. El
    identificador de origen es el suyo o, si no tenía, el de la otra. Cada dato trae consigo si está por completar.
    """
    queda = dict(principal)
    pendientes = dict(principal["pendientes"] or {})
    for grupo, columnas in GRUPOS.items():
        de = elegidos.get(grupo, PRINCIPAL)
        if de == AMBOS:
            partes = [texto for texto in (principal[grupo], absorbido[grupo]) if texto]
            queda[grupo] = "\n\n".join(dict.fromkeys(partes))
        elif de == ABSORBIDO:
            queda |= {columna: absorbido[columna] for columna in columnas}
            _llevar_pendientes(pendientes, absorbido["pendientes"] or {}, columnas)
    queda["pendientes"] = pendientes
    queda["id_origen"] = principal["id_origen"] or absorbido["id_origen"]
    fechas = (principal["inactivo_desde"], absorbido["inactivo_desde"])
    if principal["estado"] != absorbido["estado"]:
        queda |= {"estado": EstadoCliente.ACTIVO.value, "inactivo_desde": None}
    elif all(fechas):
        queda["inactivo_desde"] = max(fechas)
    return queda


def separar(actual: Foto, anterior: Foto, absorbido: Foto, elegidos: Mapping[str, str]) -> dict[str, Any]:
    """La foto de la ficha que quedó, sin lo que tomó de la otra: lo contrario de `combinar`.

    `actual`: cómo está; `anterior`: cómo estaba antes de la fusión. Un dato que alguien cambió después se respeta.
    """
    puesta = combinar(anterior, absorbido, elegidos)
    vuelve = dict(actual)
    pendientes = dict(actual["pendientes"] or {})
    for columnas in _vueltas():
        tomado = any(puesta[columna] != anterior[columna] for columna in columnas)
        if tomado and all(actual[columna] == puesta[columna] for columna in columnas):
            vuelve |= {columna: anterior[columna] for columna in columnas}
            _llevar_pendientes(pendientes, anterior["pendientes"] or {}, columnas)
    vuelve["pendientes"] = pendientes
    return vuelve


def _vueltas() -> Iterator[tuple[str, ...]]:
    yield from GRUPOS.values()
    yield ("id_origen",)
    yield ("estado", "inactivo_desde")


def _llevar_pendientes(hacia: dict[str, Any], desde: Foto, columnas: tuple[str, ...]) -> None:
    for columna in columnas:
        campo = columna.removesuffix("_id")
        hacia.pop(campo, None)
        if campo in desde:
            hacia[campo] = desde[campo]


def _valor(datos: Foto, grupo: str) -> Any:
    return datos[grupo] if grupo in datos else datos[f"{grupo}_id"]


def _pendiente(datos: Foto, grupo: str) -> bool:
    return any(columna.removesuffix("_id") in (datos["pendientes"] or {}) for columna in GRUPOS[grupo])
