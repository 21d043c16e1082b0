"""Cómo se listan los servicios que forman una cifra."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from movistar_site.comun.tramos import Orden
from servicios.models import EstadoServicio, Periodicidad, Servicio

from ..marco import Clase
from ..marco.listados import ColumnaDeLista, Listado, anotar

_ESTADOS = dict(EstadoServicio.choices)
_PERIODICIDADES = dict(Periodicidad.choices)


def _con_precio(servicios: QuerySet[Any], dia: date) -> QuerySet[Any]:
    """El precio que regía ese día, y si ese día se vendía."""
    return servicios.con_precio(dia).con_estado_el(dia)  # type: ignore[attr-defined, no-any-return]


SERVICIOS = anotar(
    Listado(
        modelo=Servicio,
        singular="servicio",
        plural="servicios",
        permiso="servicios.view_servicio",
        exportar="servicios.exportar_servicio",
        orden=Orden(("id",)),
        columnas=(
            ColumnaDeLista(
                nombre="servicio",
                titulo="Servicio",
                caminos=("pk", "nombre"),
                valor=lambda _clave, nombre: nombre,
                enlace=lambda clave, _nombre: reverse("admin:servicios_servicio_change", args=(clave,)),
            ),
            ColumnaDeLista(nombre="codigo", titulo="Código", caminos=("codigo",)),
            ColumnaDeLista(nombre="tipo", titulo="Tipo", caminos=("tipo__nombre",)),
            ColumnaDeLista(nombre="cada", titulo="Se cobra", caminos=("periodicidad",), valor=_PERIODICIDADES.get),
            ColumnaDeLista(nombre="estado", titulo="Estado", caminos=("estado_el",), valor=_ESTADOS.get),
            ColumnaDeLista(nombre="precio", titulo="Precio", clase=Clase.PESOS, caminos=("precio_vigente",)),
        ),
        preparar=_con_precio,
    )
)
