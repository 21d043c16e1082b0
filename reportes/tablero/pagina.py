"""Todo lo que muestra la primera página, armado para su plantilla."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse

from clientes.models import Cliente

from ..marco import periodos
from . import eleccion, lecturas
from .mirada import CLAVES_DE_PERIODO, Mirada, con
from .pasos import Paso, pasos_de
from .pendiente import PendienteALaVista, pendientes, permitidos
from .tarjeta import BLOQUES, CIFRAS

PARAMETRO = "periodo"
"""El nombre del período en la dirección de la página."""


@dataclass(frozen=True)
class OpcionDePeriodo:
    """Un período que se puede elegir: su título y la dirección que lo pone."""

    titulo: str
    enlace: str
    puesto: bool


@dataclass
class Tablero:
    """La primera página. `comparado`: con qué días se comparan las cifras, si alguna se compara."""

    sin_papel: bool = False
    pasos: list[Paso] = field(default_factory=list)
    ve_pendientes: bool = False
    pendientes: list[PendienteALaVista] = field(default_factory=list)
    periodos: list[OpcionDePeriodo] = field(default_factory=list)
    periodo: str = ""
    comparado: str = ""
    cifras: list[dict[str, Any]] = field(default_factory=list)
    bloques: list[dict[str, Any]] = field(default_factory=list)


def tablero(usuario: Any, *, ahora: datetime, clave: str = "") -> Tablero:
    """El tablero de esa cuenta, con el período de esa clave. Solo se lee lo que sus tarjetas muestran."""
    mirada = Mirada.de(usuario, ahora=ahora, clave=clave)
    tarjetas, cuales = eleccion.elegidas(usuario), permitidos(usuario)
    vistas = {zona: [una.mostrar(mirada) for una in tarjetas if una.zona == zona] for zona in (CIFRAS, BLOQUES)}
    comparadas = any(una["cambio"] for una in vistas[CIFRAS])
    return Tablero(
        sin_papel=not cuales and not eleccion.permitidas(usuario),
        pasos=pasos_de(usuario) if _esta_vacio(mirada) else [],
        ve_pendientes=bool(cuales),
        pendientes=pendientes(mirada, cuales),
        periodos=_opciones(mirada) if tarjetas else [],
        periodo=str(mirada.periodo),
        comparado=str(mirada.anterior) if comparadas else "",
        cifras=vistas[CIFRAS],
        bloques=vistas[BLOQUES],
    )


def _opciones(mirada: Mirada) -> list[OpcionDePeriodo]:
    titulos, inicio = dict(periodos.OPCIONES), reverse("admin:index")
    puesto = mirada.periodo.clave
    return [
        OpcionDePeriodo(
            titulos[clave], inicio if clave == periodos.MES else con(inicio, **{PARAMETRO: clave}), clave == puesto
        )
        for clave in CLAVES_DE_PERIODO
    ]


def _esta_vacio(mirada: Mirada) -> bool:
    """Si no hay servicios o no hay clientes, de lo que la cuenta puede ver."""
    if mirada.usuario.has_perm("servicios.view_servicio") and not mirada.leer(lecturas.servicios):
        return True
    if not mirada.usuario.has_perm("clientes.view_cliente"):
        return False
    return not mirada.leer(lecturas.clientes).activos and not Cliente.objects.exists()
