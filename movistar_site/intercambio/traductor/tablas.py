"""Las tablas del vocabulario, compiladas para buscar en ellas."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from movistar_site.comun.valores import normalizar

from ..entidades import ENTIDADES
from . import vocabulario, vocabulario_valores
from .claves import normal

# Columnas del cliente que van de la mano de este intercambio, estén o no en el recurso.
_SIEMPRE = {"clientes": ("id_origen", "pendientes")}


class Contenedor(NamedTuple):
    """Lo que dice la clave de un contenedor."""

    entidad: str = ""
    categoria: str = ""
    interaccion: str = ""
    prospecto: str = ""
    omitir: str = ""


def _partes(texto: str) -> list[str]:
    return [normal(parte) for parte in texto.split(",") if parte.strip()]


@cache
def contenedores() -> dict[str, Contenedor]:
    """Clave normalizada → lo que hay debajo."""
    return {clave: Contenedor(**dice) for dice, escritas in vocabulario.CONTENEDORES for clave in _partes(escritas)}


@cache
def envolturas() -> frozenset[str]:
    """Las claves que envuelven sin decir nada."""
    return frozenset(_partes(vocabulario.ENVOLTURAS))


@cache
def columnas(entidad: str) -> frozenset[str]:
    """Las columnas del recurso de una entidad."""
    propias = ENTIDADES[entidad].recurso._meta.fields
    return frozenset(propias) | frozenset(_SIEMPRE.get(entidad, ()))


@cache
def propias(entidad: str) -> dict[str, str]:
    """Cómo escribe el panel sus columnas (nombre, título y alias del recurso), normalizado → columna."""
    recurso: Any = ENTIDADES[entidad].recurso
    opciones = recurso._meta.model._meta
    nombres: dict[str, str] = {}
    for nombre, columna in recurso.fields.items():
        titulo = columna.titulo or (opciones.get_field(nombre).verbose_name if _es_campo(opciones, nombre) else "")
        nombres |= {normal(escrita): nombre for escrita in (*columna.alias, titulo, nombre) if escrita}
    for nombre in _SIEMPRE.get(entidad, ()):
        titulo = opciones.get_field(nombre).verbose_name if _es_campo(opciones, nombre) else nombre
        nombres |= {normal(nombre): nombre, normal(str(titulo)): nombre}
    return nombres


def _es_campo(opciones: Any, nombre: str) -> bool:
    return any(campo.name == nombre for campo in opciones.get_fields())


@cache
def alias(entidad: str) -> dict[str, str]:
    """Clave normalizada → columna o concepto de la entidad. Lo del vocabulario pesa más que los alias del recurso."""
    tabla = dict(propias(entidad))
    for concepto, escritas in vocabulario.TABLAS[entidad].items():
        tabla |= dict.fromkeys(_partes(escritas), concepto)
    return tabla


@cache
def valores(entidad: str, columna: str) -> dict[str, str]:
    """Valor normalizado → valor del panel; vacío si la columna no tiene vocabulario."""
    vocabulario_ = vocabulario_valores.VOCABULARIOS.get((entidad, columna), {})
    tabla = {clave: destino for destino, escritas in vocabulario_.items() for clave in _partes(escritas)}
    return tabla | {normal(destino): destino for destino in vocabulario_}


@cache
def palabras_de_tipo() -> dict[str, list[str]]:
    """Tipo de servicio → las palabras con que se nombra, para hallarlas dentro de un nombre."""
    return {
        tipo: [normalizar(parte) for parte in escritas.split(",")]
        for tipo, escritas in vocabulario_valores.TIPOS_DE_SERVICIO.items()
    }


def destinos(entidad: str) -> dict[str, str]:
    """A qué puede asignarse una clave en la página: columna o concepto → cómo se llama para la gente."""
    if not entidad:
        return {nombre: una.titulo for nombre, una in ENTIDADES.items()}
    recurso: Any = ENTIDADES[entidad].recurso
    opciones = recurso._meta.model._meta
    titulos = {}
    for nombre in recurso._meta.fields:
        columna = recurso.fields[nombre]
        texto = str(columna.titulo or opciones.get_field(nombre).verbose_name)
        titulos[nombre] = texto[:1].upper() + texto[1:]
    for nombre in _SIEMPRE.get(entidad, ()):
        if _es_campo(opciones, nombre):
            titulos.setdefault(nombre, str(opciones.get_field(nombre).verbose_name).capitalize())
    return titulos | CONCEPTOS.get(entidad, {})


CONCEPTOS = {
    "clientes": {
        "nombre_completo": "Nombre y apellidos juntos",
        "contacto": "Teléfono o correo, según lo que traiga",
        "celular": "Celular",
        "fijo": "Teléfono fijo",
        "antiguedad": "Antigüedad o año de ingreso",
        "meses": "Antigüedad en meses",
        "servicios": "Servicios que usa",
        "servicios_retirados": "Servicios que tuvo",
        "consultas": "Consultas",
        "reclamaciones": "Reclamaciones",
        "sugerencias": "Sugerencias",
        "interacciones": "Interacciones de todas las clases",
        "consentimientos": "Consentimientos",
        "nombre1": "Primer nombre",
        "nombre2": "Segundo nombre",
        "apellido1": "Primer apellido",
        "apellido2": "Segundo apellido",
        "razon_social": "Razón social",
        "documento_cc": "Cédula de ciudadanía",
        "documento_ti": "Tarjeta de identidad",
        "documento_ce": "Cédula de extranjería",
        "documento_nit": "NIT",
        "documento_pas": "Pasaporte",
        "id": "Identificador de la fila",
        "usuario": "Usuario, según lo que traiga",
        "cliente": "Cliente, según lo que traiga",
        "numero": "Número, según lo que traiga",
        "tipo": "Tipo, según lo que traiga",
        "departamento": "Departamento",
        "fecha": "Fecha o año de ingreso",
        "unidad": "Unidad de la antigüedad",
        "marca_nuevo": "Marca de cliente nuevo",
        "marca_regular": "Marca de cliente regular",
        "marca_leal": "Marca de cliente leal",
        "servicios_activos": "Servicios activos",
        "bonos": "Bonificaciones y descuentos",
    },
    "servicios": {
        "prosa": "Texto que describe el servicio",
        "megas": "Velocidad en megas",
        "navegacion": "Datos en GB",
        "minutos": "Minutos",
        "canales": "Canales de televisión",
        "cantidad": "Cantidad, según su unidad",
        "dias": "Días de vigencia",
        "plazo": "Duración del contrato",
        "bonos": "Bonificaciones y descuentos",
        "id": "Identificador de la fila",
        "suscriptores": "Usuarios que lo tienen",
        "planes": "Servicios que trae dentro",
    },
    "interacciones": {
        "nombre": "Nombre del cliente",
        "apellido": "Apellido del cliente",
        "documento": "Documento del cliente",
        "telefono": "Teléfono del cliente",
        "consultas": "Consultas",
        "reclamaciones": "Reclamaciones",
        "sugerencias": "Sugerencias",
    },
}
