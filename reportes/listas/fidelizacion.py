"""Cómo se listan las bonificaciones, las derivaciones, las ofertas y los programas que forman una cifra."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse

from bonificaciones.beneficios import en_palabras
from bonificaciones.models import (
    Beneficio,
    Bonificacion,
    Derivacion,
    EstadoBonificacion,
    EstadoDerivacion,
    EstadoOferta,
    Oferta,
    Programa,
    ResultadoDerivacion,
)
from movistar_site.comun.opciones import Canal
from movistar_site.comun.tramos import Orden

from ..marco import Clase
from ..marco.listados import ColumnaDeLista, Listado, anotar
from .clientes import columnas_del_cliente

_BENEFICIOS = dict(Beneficio.choices)
_ESTADOS = dict(EstadoBonificacion.choices)
_ESTADOS_DE_OFERTA = dict(EstadoOferta.choices)
_CANALES = dict(Canal.choices)


def lo_que_da(_clave: Any, beneficio: str, cantidad: Decimal, meses: int, servicio: str | None, equipo: str) -> str:
    """Lo que se le da, en palabras: «10 % de descuento por 6 meses»."""
    return en_palabras(beneficio, cantidad, meses, servicio=servicio or "", equipo=equipo)


def en_que_va(estado: str, resultado: str) -> str:
    """El estado de una derivación abierta o cómo se cerró."""
    if estado == EstadoDerivacion.CERRADA:
        return str(ResultadoDerivacion(resultado).label)
    return str(EstadoDerivacion(estado).label)


def nombre_de_la_cuenta(nombre: str | None, apellido: str | None, usuario: str | None) -> str:
    """El nombre de quien la lleva, o su usuario si no lo tiene; sin nadie, vacío."""
    return f"{nombre or ''} {apellido or ''}".strip() or usuario or ""


def _quien_la_lleva(camino: str) -> ColumnaDeLista:
    return ColumnaDeLista(
        nombre="asesor",
        titulo="Asesor",
        caminos=tuple(f"{camino}{campo}" for campo in ("first_name", "last_name", "username")),
        valor=nombre_de_la_cuenta,
    )


BONIFICACIONES = anotar(
    Listado(
        modelo=Bonificacion,
        singular="bonificación",
        plural="bonificaciones",
        permiso="bonificaciones.view_bonificacion",
        exportar="bonificaciones.exportar_bonificacion",
        columnas=(
            *columnas_del_cliente(),
            ColumnaDeLista(
                nombre="beneficio",
                titulo="Beneficio",
                caminos=("pk", "beneficio", "cantidad", "meses", "servicio__nombre", "equipo"),
                valor=lo_que_da,
                enlace=lambda clave, *_: reverse("admin:bonificaciones_bonificacion_change", args=(clave,)),
            ),
            ColumnaDeLista(nombre="programa", titulo="Programa", caminos=("programa__nombre",)),
            ColumnaDeLista(nombre="estado", titulo="Estado", caminos=("estado",), valor=_ESTADOS.get),
            ColumnaDeLista(nombre="asignada", titulo="Asignada", clase=Clase.FECHA, caminos=("otorgada_el",)),
            ColumnaDeLista(
                nombre="cerrada", titulo="Cerrada", clase=Clase.FECHA_Y_HORA, caminos=("cerrada_el",), ancha=True
            ),
            _quien_la_lleva("derivacion__asesor__"),
            ColumnaDeLista(nombre="costo", titulo="Costo al mes", clase=Clase.PESOS, caminos=("costo_mensual",)),
            ColumnaDeLista(nombre="meses", titulo="Meses", clase=Clase.ENTERO, caminos=("meses",)),
        ),
    )
)

DERIVACIONES = anotar(
    Listado(
        modelo=Derivacion,
        singular="derivación",
        plural="derivaciones",
        permiso="bonificaciones.view_derivacion",
        exportar="bonificaciones.exportar_derivacion",
        columnas=(
            *columnas_del_cliente(),
            ColumnaDeLista(
                nombre="programa",
                titulo="Programa",
                caminos=("pk", "programa__nombre"),
                valor=lambda _clave, nombre: nombre,
                enlace=lambda clave, _nombre: reverse("pagina_de_derivacion", args=(clave,)),
            ),
            _quien_la_lleva("asesor__"),
            ColumnaDeLista(nombre="estado", titulo="En qué va", caminos=("estado", "resultado"), valor=en_que_va),
            ColumnaDeLista(nombre="derivada", titulo="Derivada", clase=Clase.FECHA, caminos=("derivada_el",)),
            ColumnaDeLista(nombre="vence", titulo="Vence", clase=Clase.FECHA, caminos=("vence_el",)),
            ColumnaDeLista(
                nombre="cerrada", titulo="Cerrada", clase=Clase.FECHA_Y_HORA, caminos=("cerrada_el",), ancha=True
            ),
        ),
    )
)

OFERTAS = anotar(
    Listado(
        modelo=Oferta,
        singular="oferta",
        plural="ofertas",
        permiso="bonificaciones.view_oferta",
        exportar="bonificaciones.exportar_oferta",
        columnas=(
            *columnas_del_cliente(),
            ColumnaDeLista(
                nombre="oferta",
                titulo="Oferta",
                caminos=("pk", "titulo"),
                valor=lambda _clave, titulo: titulo,
                enlace=lambda clave, _titulo: reverse("admin:bonificaciones_oferta_change", args=(clave,)),
            ),
            ColumnaDeLista(nombre="regla", titulo="Regla", caminos=("regla__nombre",), ancha=True),
            ColumnaDeLista(nombre="estado", titulo="Respuesta", caminos=("estado",), valor=_ESTADOS_DE_OFERTA.get),
            ColumnaDeLista(nombre="canal", titulo="Canal", caminos=("canal",), valor=_CANALES.get, ancha=True),
            ColumnaDeLista(
                nombre="presentada", titulo="Presentada", clase=Clase.FECHA_Y_HORA, caminos=("presentada_el",)
            ),
            ColumnaDeLista(
                nombre="respondida", titulo="Respondida", clase=Clase.FECHA_Y_HORA, caminos=("respondida_el",),
                ancha=True,
            ),
            ColumnaDeLista(nombre="quien", titulo="La hizo", caminos=("hecha_por_nombre",)),
        ),
    )
)  # fmt: skip

PROGRAMAS = anotar(
    Listado(
        modelo=Programa,
        singular="programa",
        plural="programas",
        permiso="bonificaciones.view_programa",
        exportar="bonificaciones.view_programa",
        orden=Orden(("id",)),
        columnas=(
            ColumnaDeLista(
                nombre="programa",
                titulo="Programa",
                caminos=("pk", "nombre"),
                valor=lambda _clave, nombre: nombre,
                enlace=lambda clave, _nombre: reverse("admin:bonificaciones_programa_change", args=(clave,)),
            ),
            ColumnaDeLista(nombre="codigo", titulo="Código", caminos=("codigo",)),
            ColumnaDeLista(
                nombre="desde_meses", titulo="Permanencia (meses)", clase=Clase.ENTERO, caminos=("meses_minimos",)
            ),
            ColumnaDeLista(nombre="beneficio", titulo="Beneficio", caminos=("beneficio",), valor=_BENEFICIOS.get),
            ColumnaDeLista(nombre="desde", titulo="Rige desde", clase=Clase.FECHA, caminos=("vigente_desde",)),
            ColumnaDeLista(nombre="hasta", titulo="Hasta", clase=Clase.FECHA, caminos=("vigente_hasta",)),
        ),
    )
)
