"""Si un objeto es un registro y de qué clase, por las claves que trae."""

from __future__ import annotations

from typing import Any

from . import tablas
from .claves import desenvolver, es_escalar, normal
from .planes import IGNORADA, Planes

# Cuánto dice cada concepto de que el registro es de esa clase; lo que no está vale poco.
_FUERTES = {
    "clientes": frozenset(
        {"documento", "documento_cc", "documento_ti", "documento_ce", "documento_nit", "documento_pas",
         "tipo_documento", "nombre1", "apellido", "apellido1", "nombre_completo", "celular", "telefono", "fijo",
         "telefono_alterno",
         "contacto", "email", "direccion", "municipio", "fecha_vinculacion", "id_origen"}
    ),
    "servicios": frozenset({"precio", "prosa", "caracteristicas", "megas", "navegacion", "periodicidad", "descripcion",
                            "minutos", "canales"}),
}  # fmt: skip
_COMUNES = frozenset({"nombre", "numero", "tipo", "id", "estado", "servicio", "codigo", "usuario", "cliente"})
# Conceptos que, por llamarse como un contenedor, no bastan para decir que algo es un registro.
_DEBILES = frozenset(
    {"id", "tipo", "estado", "cliente", "usuario", "numero", "codigo", "fecha", "cantidad", "categoria", "plazo",
     "dias", "marca_nuevo", "marca_regular", "marca_leal", "planes", "suscriptores", "unidad", "bonos"}
)  # fmt: skip
# Lo que cuelga de un registro no dice que lo sea: `{"quejas": ["Lento"]}` es una sección.
_COLGADOS = frozenset({"servicios", "servicios_activos", "servicios_retirados", "interacciones", "consultas",
                       "reclamaciones", "sugerencias", "consentimientos"})  # fmt: skip
_ENTIDADES = ("clientes", "servicios")
_BASTAN = 2


def es_registro(objeto: Any, entidad: str, planes: Planes) -> bool:
    """Verdadero si el objeto trae datos sueltos que se conocen: es un registro y no un contenedor de ellos."""
    simples = [clave for clave, valor in objeto.items() if es_escalar(desenvolver(valor))]
    if not simples:
        return False
    for una in (entidad,) if entidad else _ENTIDADES:
        conceptos = [c for c in (planes.concepto(una, clave)[0] for clave in simples) if c and c != IGNORADA]
        if una == "clientes":
            conceptos = [c for c in conceptos if c not in _COLGADOS]
        fuertes = [c for c in conceptos if c not in _DEBILES]
        if not fuertes and len(conceptos) < _BASTAN:
            continue
        if len(simples) < len(objeto) and _guarda_registros(objeto, una, planes, len(conceptos)):
            continue
        if fuertes or not _es_seccion(objeto):
            return not (len(simples) < len(objeto) and not fuertes and _es_seccion(objeto))
    return False


def _guarda_registros(objeto: Any, entidad: str, planes: Planes, propios: int) -> bool:
    """Verdadero si trae más registros enteros dentro que datos sueltos suyos: es un contenedor con algo perdido."""
    fuertes = _FUERTES.get(entidad, frozenset()) | {"nombre"}
    registros = 0
    for valor in objeto.values():
        if isinstance(valor, dict):
            suyos = {planes.concepto(entidad, c)[0] for c, v in valor.items() if es_escalar(desenvolver(v))}
            registros += len(suyos & fuertes) >= _BASTAN and "nombre" in suyos
    return registros > propios


def _es_seccion(objeto: Any) -> bool:
    """`{"Tipo": "Usuarios", "Usuarios": […]}`: trae un contenedor con objetos dentro."""
    contenedores = tablas.contenedores()
    return any(normal(clave) in contenedores and _lleva_objetos(valor) for clave, valor in objeto.items())


def _lleva_objetos(valor: Any) -> bool:
    if isinstance(valor, list):
        return any(isinstance(uno, dict) for uno in valor[:5])
    if isinstance(valor, dict):
        return any(isinstance(uno, dict) for uno in list(valor.values())[:5])
    return hasattr(valor, "clase")


def que_es(objeto: Any, entidad: str, del_nombre: str, planes: Planes) -> str:
    """La clase de un registro: la de su sección o la que dicen sus claves. Vacío si no se sabe."""
    if entidad:
        return entidad
    puntos = {una: _puntos(objeto, una, planes) for una in _ENTIDADES}
    mejor = max(puntos, key=lambda una: puntos[una])
    if not puntos[mejor]:
        return del_nombre if del_nombre and es_registro(objeto, del_nombre, planes) else ""
    if puntos["clientes"] == puntos["servicios"]:
        return del_nombre or _por_lo_que_cuelga(objeto)
    if del_nombre in ("interacciones", "contratos") and _puntos_de(objeto, del_nombre, planes) > puntos[mejor]:
        return del_nombre
    return mejor


def _por_lo_que_cuelga(objeto: Any) -> str:
    """Con solo un nombre: si de él cuelgan planes con precio es un grupo de servicios; si no, una persona."""
    for valor in objeto.values():
        if isinstance(valor, list) and valor and isinstance(valor[0], dict):
            claves = {tablas.alias("servicios").get(normal(clave), "") for clave in valor[0]}
            if claves & {"precio", "prosa", "megas"}:
                return "servicios"
    return "clientes"


def _puntos(objeto: Any, entidad: str, planes: Planes) -> int:
    total = 0
    for clave in objeto:
        concepto = planes.concepto(entidad, clave)[0]
        if concepto in _FUERTES[entidad]:
            total += 3
        elif concepto and concepto != IGNORADA:
            total += 1
    return total


def _puntos_de(objeto: Any, entidad: str, planes: Planes) -> int:
    return sum(3 for clave in objeto if planes.concepto(entidad, clave)[0] not in ("", IGNORADA))
