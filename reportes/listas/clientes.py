"""Cómo se listan los clientes y los contratos que forman una cifra."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from clientes.models import Cliente, Contrato, EstadoCliente, EstadoContrato
from movistar_site.comun.valores import formatear_documento
from servicios.models import Servicio

from ..contratos_del_dia import SERVICIO_EL, es_de_un_dia
from ..marco import Clase
from ..marco.listados import ColumnaDeLista, Listado, anotar

_ESTADOS = dict(EstadoContrato.choices)
_ESTADOS_DE_CLIENTE = dict(EstadoCliente.choices)


def ficha(clave: Any, *_: Any) -> str:
    """La página del cliente."""
    return reverse("ficha_de_cliente", args=(clave,))


def nombre_completo(_clave: Any, nombre: str, apellido: str) -> str:
    """Nombre y apellido, o la razón social."""
    return f"{nombre} {apellido}".strip()


def columnas_del_cliente(camino: str = "cliente__", llave: str = "cliente_id") -> tuple[ColumnaDeLista, ...]:
    """Quién es el cliente de una fila, con el camino a su ficha, y dónde está. `camino`: cómo se llega a él."""
    return (
        ColumnaDeLista(
            nombre="cliente",
            titulo="Cliente",
            caminos=(llave, f"{camino}nombre", f"{camino}apellido"),
            valor=nombre_completo,
            enlace=ficha,
        ),
        ColumnaDeLista(
            nombre="documento",
            titulo="Documento",
            caminos=(f"{camino}tipo_documento", f"{camino}documento"),
            valor=lambda tipo, numero: f"{tipo}\u00a0{formatear_documento(tipo, numero)}",
        ),
        ColumnaDeLista(nombre="municipio", titulo="Municipio", caminos=(f"{camino}municipio__nombre",), ancha=True),
    )


def _con_terminos(contratos: QuerySet[Any], dia: date) -> QuerySet[Any]:
    """El servicio y el precio que tenían ese día."""
    if not es_de_un_dia(contratos):
        contratos = contratos.con_terminos_el(dia)  # type: ignore[attr-defined]
    servicio = Servicio.objects.filter(pk=OuterRef(SERVICIO_EL)).values("nombre")
    return contratos.annotate(servicio_de_entonces=Subquery(servicio[:1]))


CONTRATOS = anotar(
    Listado(
        modelo=Contrato,
        singular="contrato",
        plural="contratos",
        permiso="clientes.view_contrato",
        exportar="clientes.exportar_contrato",
        columnas=(
            *columnas_del_cliente(),
            ColumnaDeLista(
                nombre="contrato",
                titulo="Contrato",
                caminos=("numero", "pk"),
                valor=lambda numero, _clave: numero,
                enlace=lambda _numero, clave: reverse("admin:clientes_contrato_change", args=(clave,)),
            ),
            ColumnaDeLista(nombre="servicio", titulo="Servicio", caminos=("servicio_de_entonces",)),
            ColumnaDeLista(nombre="estado", titulo="Estado", caminos=("estado",), valor=_ESTADOS.get),
            ColumnaDeLista(nombre="inicio", titulo="Desde", clase=Clase.FECHA, caminos=("fecha_inicio",)),
            ColumnaDeLista(nombre="fin", titulo="Hasta", clase=Clase.FECHA, caminos=("fecha_fin",), ancha=True),
            ColumnaDeLista(nombre="precio", titulo="Precio", clase=Clase.PESOS, caminos=("precio_el",)),
        ),
        preparar=_con_terminos,
    )
)

CLIENTES = anotar(
    Listado(
        modelo=Cliente,
        singular="cliente",
        plural="clientes",
        permiso="clientes.view_cliente",
        exportar="clientes.exportar_cliente",
        columnas=(
            *columnas_del_cliente("", "pk"),
            ColumnaDeLista(nombre="estado", titulo="Estado", caminos=("estado",), valor=_ESTADOS_DE_CLIENTE.get),
            ColumnaDeLista(
                nombre="vinculacion", titulo="Cliente desde", clase=Clase.FECHA, caminos=("fecha_vinculacion",)
            ),
        ),
    )
)
