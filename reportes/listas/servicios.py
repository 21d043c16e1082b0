"""Cómo se listan los servicios que forman una cifra."""

from __future__ import annotations

from django.urls import reverse

from movistar_site.comun.tramos import Orden
from servicios.models import EstadoServicio, Periodicidad, Servicio

from ..marco.listados import ColumnaDeLista, Listado, anotar

_ESTADOS = dict(EstadoServicio.choices)
_PERIODICIDADES = dict(Periodicidad.choices)

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
            ColumnaDeLista(nombre="estado", titulo="Estado", caminos=("estado",), valor=_ESTADOS.get),
        ),
    )
)
