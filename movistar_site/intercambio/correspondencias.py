"""Cómo se entendió un archivo, para verlo y corregirlo: a dónde va cada clave y qué quiere decir cada valor."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from clientes.models import Municipio
from movistar_site.comun.opciones import Categoria
from servicios.models import Servicio, TipoServicio

from .entidades import ENTIDADES
from .models import Importacion
from .presentacion import obligatorias, porcentaje, recortar, titulo_de_entidad, titulos
from .traductor import destinos
from .traductor.claves import es_secreta
from .traductor.vocabulario_valores import VOCABULARIOS

NADA = "-"
"""La opción que ignora una clave o deja vacío un valor; la vacía es «todavía no se sabe»."""
_PROPUESTAS = 5
_OPCIONES_MAXIMAS = 2_000
# De estos se escribe uno de muchos; de los demás se elige de una lista corta.
ESCRITOS = {"municipio": Municipio, "servicio": Servicio}
# Sin servicio no hay contrato y sin tipo no hay servicio: no se pueden dejar vacíos.
_NECESARIOS = frozenset({"servicio", "tipo"})
_SEPARADOR = " · "
_POR_CLAVE = {"alias": ("Reconocida", "bien"), "mapa": ("Del mapa", "nota"), "ajuste": ("Corregida", "marca")}
_POR_VALOR = {
    "mapa": ("Del mapa", "nota"),
    "ajuste": ("Corregido", "marca"),
    "vocabulario": ("Reconocido", "bien"),
    "nombre": ("Por su nombre", "bien"),
    "código": ("Por su código", "bien"),
    "capital": ("Por ser capital", "nota"),
    "parecido": ("Por parecido", "nota"),
}
SIN_RECONOCER = ("Sin reconocer", "ojo")
Grupos = list[tuple[str, list[tuple[str, str]]]]


# --- Qué falta por decidir -------------------------------------------------------------------------------------------
def clave_sin_decidir(vista: dict[str, Any]) -> bool:
    """Si no se sabe a dónde va una clave y nadie ha dicho que se ignore."""
    return not vista.get("columna") and not vista.get("por") and not es_secreta(str(vista.get("normal", "")))


def valor_sin_decidir(visto: dict[str, Any]) -> bool:
    """Si no se sabe qué quiere decir un valor y nadie ha dicho que quede vacío."""
    return not visto.get("destino") and visto.get("por") not in ("mapa", "ajuste")


# --- Claves ----------------------------------------------------------------------------------------------------------
def nombre_de_clave(vista: dict[str, Any]) -> str:
    """El nombre con que viaja en el formulario el dato elegido para una clave."""
    return f"clave|{vista.get('entidad', '')}|{vista.get('normal', '')}"


def opcion_de_clave(vista: dict[str, Any]) -> str:
    """La opción que la lista de una clave muestra elegida: su dato, NADA si se ignora o vacío si no se reconoció."""
    return str(vista.get("columna") or (NADA if vista.get("por") else ""))


def clave_en_pagina(vista: dict[str, Any]) -> dict[str, Any]:
    """Una clave con todo lo que la página dice de ella."""
    entidad, elegida = str(vista.get("entidad", "")), opcion_de_clave(vista)
    rotulo, tono = _POR_CLAVE.get(str(vista.get("por")), SIN_RECONOCER)
    secreta = es_secreta(str(vista.get("normal", "")))
    nombres = _destinos(entidad)
    return {
        "nombre": nombre_de_clave(vista),
        "clave": recortar(vista.get("clave"), 60),
        "archivo": recortar(vista.get("archivo"), 60),
        "entidad": titulo_de_entidad(entidad) if entidad else "Parte del archivo",
        "muestra": recortar(vista.get("muestra"), 60),
        "veces": vista.get("veces", 0),
        "elegida": elegida,
        "titulo": "No se importa" if elegida in ("", NADA) else nombres.get(elegida, elegida),
        "grupos": grupos_de_clave(entidad),
        "ajena": elegida not in ("", NADA) and elegida not in nombres,
        "secreta": secreta,
        "rotulo": "Secreta" if secreta else rotulo,
        "tono": "neutro" if secreta else tono,
    }


@cache
def _destinos(entidad: str) -> dict[str, str]:
    return destinos(entidad) if not entidad or entidad in ENTIDADES else {}


@cache
def grupos_de_clave(entidad: str) -> Grupos:
    """A dónde puede ir una clave, en grupos: lo obligatorio, lo demás y lo que el archivo dice de otra manera."""
    todos = _destinos(entidad)
    if not entidad:
        return [("Es una lista de", list(todos.items()))]
    columnas, necesarias = titulos(entidad), obligatorias(entidad)
    return [
        ("Obligatorios", [(c, t) for c, t in todos.items() if c in necesarias]),
        ("Otros datos", [(c, t) for c, t in todos.items() if c in columnas and c not in necesarias]),
        (
            "Dicho de otra manera",
            sorted(((c, t) for c, t in todos.items() if c not in columnas), key=lambda par: par[1]),
        ),
    ]


# --- Valores ---------------------------------------------------------------------------------------------------------
def nombre_de_valor(visto: dict[str, Any]) -> str:
    """El nombre con que viaja en el formulario el destino elegido para un valor."""
    return f"valor|{visto.get('columna', '')}|{visto.get('normal', '')}"


def otro_valor(visto: dict[str, Any]) -> str:
    """El nombre con que viaja lo escrito en lugar de elegir una propuesta."""
    return f"otro|{visto.get('columna', '')}|{visto.get('normal', '')}"


def opcion_de_valor(visto: dict[str, Any]) -> str:
    """La opción que se muestra elegida: su destino, NADA si se dijo que queda vacío, o vacío si no se sabe."""
    return str(visto.get("destino") or ("" if valor_sin_decidir(visto) else NADA))


def valor_en_pagina(visto: dict[str, Any], listas: dict[str, Grupos]) -> dict[str, Any]:
    """Un valor con todo lo que la página dice de él."""
    columna, elegida = str(visto.get("columna", "")), opcion_de_valor(visto)
    grupos = listas.get(columna, [])
    nombres = dict(par for _, opciones in grupos for par in opciones)
    propuestas = [
        {"destino": str(d), "titulo": nombres.get(str(d)) or recortar(titulo or d, 80), "puntaje": porcentaje(puntaje)}
        for d, titulo, puntaje in (visto.get("propuestas") or ())[:_PROPUESTAS]
    ]
    por = str(visto.get("por") or "")
    rotulo, tono = SIN_RECONOCER if valor_sin_decidir(visto) else _POR_VALOR.get(por, (recortar(por, 40), "nota"))
    titulo = recortar(visto.get("titulo") or elegida, 80)
    propuestos = {propuesta["destino"] for propuesta in propuestas}
    escrito = columna in ESCRITOS
    suelta = elegida not in ("", NADA) and elegida not in propuestos and (escrito or elegida not in nombres)
    return {
        "nombre": nombre_de_valor(visto),
        "otro": otro_valor(visto) if escrito else "",
        "columna": columna,
        "columna_titulo": titulo_de_columna(columna),
        "valor": recortar(visto.get("valor"), 60),
        "veces": visto.get("veces", 0),
        "elegida": elegida,
        "titulo": "Queda vacío" if elegida == NADA else nombres.get(elegida) or titulo,
        "puntaje": porcentaje(visto.get("puntaje")) if elegida not in ("", NADA) else "",
        "rotulo": rotulo[:1].upper() + rotulo[1:],
        "tono": tono,
        "propuestas": propuestas,
        "grupos": [] if escrito else [(g, [o for o in unas if o[0] not in propuestos]) for g, unas in grupos],
        "suelta": suelta,
        "se_vacia": columna not in _NECESARIOS,
    }


@cache
def titulo_de_columna(columna: str) -> str:
    """«Municipio», por «municipio»."""
    for entidad in ("clientes", "contratos", "interacciones", "servicios"):
        if titulo := titulos(entidad).get(columna, ""):
            return titulo.split(" (")[0]
    return columna.replace("_", " ").capitalize()


def listas_de(columnas: set[str]) -> dict[str, Grupos]:
    """Todo lo que se puede elegir en cada columna, en grupos con su título."""
    return {columna: _lista(columna) for columna in sorted(columnas)}


def _lista(columna: str) -> Grupos:
    if columna == "municipio":
        lugares = Municipio.objects.order_by("nombre").values_list("codigo", "nombre", "departamento__nombre")
        return [
            (
                "Municipios",
                [
                    (codigo, nombre if dep == nombre else f"{nombre} ({dep})")
                    for codigo, nombre, dep in lugares[:_OPCIONES_MAXIMAS]
                ],
            )
        ]
    if columna == "servicio":
        servicios = Servicio.objects.order_by("nombre").values_list("codigo", "nombre")
        return [("Servicios", list(servicios[:_OPCIONES_MAXIMAS]))]
    grupos = [("Todos", list(_de_vocabulario(columna).items()))]
    if columna == "tipo":
        # Con ese nombre viajan el tipo de un servicio y la clase de una interacción.
        tipos = TipoServicio.objects.order_by("nombre").values_list("codigo", "nombre")
        grupos = [("Tipos de servicio", list(tipos)), ("Clases de interacción", grupos[0][1])]
    return grupos


@cache
def _de_vocabulario(columna: str) -> dict[str, str]:
    """Los valores de una lista corta del panel, con su título."""
    valores: dict[str, str] = {}
    for (entidad, suya), vocabulario in VOCABULARIOS.items():
        if suya == columna and (entidad, suya) != ("servicios", "tipo"):
            valores |= {valor: _rotulos(entidad, columna).get(valor, valor) for valor in vocabulario}
    return valores


def _rotulos(entidad: str, columna: str) -> dict[str, str]:
    # La categoría de un cliente se calcula: no es un campo suyo, aunque un archivo la diga.
    campos: dict[str, Any] = {campo.name: campo for campo in ENTIDADES[entidad].modelo._meta.get_fields()}
    opciones = Categoria.choices if columna == "categoria" else getattr(campos.get(columna), "choices", None)
    return {valor: str(rotulo) for valor, rotulo in opciones or ()}


def para_escribir(listas: dict[str, Grupos]) -> list[tuple[str, list[str]]]:
    """Lo que se ofrece al escribir en cada columna de muchas opciones: «Medellín (Antioquia) · 05001»."""
    return [
        (columna, [f"{titulo}{_SEPARADOR}{codigo}" for _, opciones in listas[columna] for codigo, titulo in opciones])
        for columna in ESCRITOS
        if columna in listas
    ]


# --- Lo corregido ----------------------------------------------------------------------------------------------------
def mapa_corregido(importacion: Importacion, enviado: QueryDict) -> tuple[dict[str, Any], dict[str, Any]]:
    """Las correspondencias de la importación con lo que la página cambió: (claves, valores).

    Solo cuenta lo que el archivo trae y lo que la lista ofrecía; lo que no cambió no se anota. Lanza ValidationError
    si se elige un dato que la entidad no tiene o un valor que el panel no conoce.
    """
    ajustes = importacion.ajustes or {}
    claves = {entidad: dict(unas) for entidad, unas in ajustes.get("claves", {}).items()}
    for vista in importacion.claves_vistas or ():
        elegida = enviado.get(nombre_de_clave(vista))
        if elegida in (None, "") or elegida == opcion_de_clave(vista) or es_secreta(vista["normal"]):
            continue
        if elegida != NADA and elegida not in _destinos(vista["entidad"]):
            raise ValidationError(f"«{elegida[:40]}» no es un dato de {titulo_de_entidad(vista['entidad']).lower()}.")
        claves.setdefault(vista["entidad"], {})[vista["normal"]] = "" if elegida == NADA else elegida
    valores = {columna: dict(unos) for columna, unos in ajustes.get("valores", {}).items()}
    cambiados: dict[str, dict[str, str]] = {}
    for visto in importacion.valores_vistos or ():
        elegido = _elegido(visto, enviado)
        if elegido and elegido != opcion_de_valor(visto):
            cambiados.setdefault(visto["columna"], {})[visto["normal"]] = elegido
    _comprobar(cambiados, {str(uno["codigo"]) for uno in importacion.servicios_leidos or ()})
    for columna, unos in cambiados.items():
        valores.setdefault(columna, {}).update({n: "" if uno == NADA else uno for n, uno in unos.items()})
    return claves, valores


def _elegido(visto: dict[str, Any], enviado: QueryDict) -> str:
    """Lo escrito, si se escribió algo; si no, lo elegido en la lista."""
    escrito = enviado.get(otro_valor(visto), "").strip()
    return (escrito.rsplit(_SEPARADOR, 1)[-1] or enviado.get(nombre_de_valor(visto), "")).strip()[:80]


def _comprobar(cambiados: dict[str, dict[str, str]], leidos: set[str]) -> None:
    """Que cada destino exista, o llegue en el mismo archivo. Lanza ValidationError con el primero que no."""
    for columna, unos in cambiados.items():
        nombre = titulo_de_columna(columna).lower()
        if columna in _NECESARIOS and NADA in unos.values():
            raise ValidationError(f"El dato «{nombre}» no se puede dejar vacío: elija a qué corresponde.")
        pedidos = set(unos.values()) - {NADA}
        if columna in ESCRITOS:
            modelo: Any = ESCRITOS[columna]
            conocidos = set(modelo.objects.filter(codigo__in=pedidos).values_list("codigo", flat=True))
            conocidos |= leidos if columna == "servicio" else set()
        else:
            conocidos = {codigo for _, opciones in _lista(columna) for codigo, _ in opciones}
        if faltan := sorted(pedidos - conocidos):
            raise ValidationError(f"«{faltan[0][:40]}» no es ningún {nombre} del panel: elija uno de la lista.")
