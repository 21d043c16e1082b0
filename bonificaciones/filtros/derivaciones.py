"""Por qué se acotan las derivaciones de una bandeja."""

from __future__ import annotations

from typing import Any

import django_filters as filtros

from clientes.consultas import buscar_clientes
from clientes.models import Cliente, Municipio
from movistar_site.comun import busqueda
from servicios.filtros import DE_TODO_MODELO, FiltroBase

from ..derivaciones.reparto import asesores
from ..models import Beneficio, Derivacion, EstadoDerivacion, Programa

ABIERTOS = [par for par in EstadoDerivacion.choices if par[0] != EstadoDerivacion.CERRADA]


class FiltroDerivacion(FiltroBase):
    """Las abiertas de una bandeja, que ya dice de quién son y en qué van."""

    busqueda = filtros.CharFilter(method="buscar", label="Nombre, documento o teléfono")
    municipio = filtros.CharFilter(method="de_un_lugar", label="Municipio o departamento")
    asesor = filtros.ModelChoiceFilter(queryset=lambda request: asesores(), label="Asesor")
    programa = filtros.ModelMultipleChoiceFilter(queryset=Programa.objects.all(), label="Programa", distinct=False)
    beneficio = filtros.MultipleChoiceFilter(
        field_name="bonificacion__beneficio", choices=Beneficio.choices, label="Beneficio"
    )
    estado = filtros.MultipleChoiceFilter(choices=ABIERTOS, label="Estado")
    vence_el = filtros.DateFromToRangeFilter(label="Vence entre")
    volver_el = filtros.DateFromToRangeFilter(label="Volver entre")

    EXCLUIDOS = DE_TODO_MODELO | {
        "bonificacion": "se filtra por el programa y el beneficio",
        "cliente": "lo cubre la búsqueda",
        "derivada_el": "se ve en cada una",
        "recordada_el": "se ve en sus gestiones",
        "escalada_el": "se ve en sus gestiones",
        "resultado": "solo lo tienen las cerradas",
        "motivo": "texto libre",
        "cerrada_el": "solo lo tienen las cerradas",
    }

    class Meta:
        model = Derivacion
        fields = ("busqueda", "municipio", "asesor", "programa", "beneficio", "estado", "vence_el", "volver_el")

    def buscar(self, consulta: Any, nombre: str, texto: str) -> Any:
        """Las de los clientes que se encuentran así."""
        suyos = buscar_clientes(Cliente.objects.all(), texto).order_by().values("pk")
        return consulta.filter(cliente__in=suyos) if busqueda.palabras_de(texto) else consulta

    def de_un_lugar(self, consulta: Any, nombre: str, texto: str) -> Any:
        """Las de clientes de los municipios o departamentos que se llaman así."""
        lugares = busqueda.filtrar(Municipio.objects.all(), texto, ("busqueda",)).order_by().values("pk")
        return consulta.filter(cliente__municipio__in=lugares)
