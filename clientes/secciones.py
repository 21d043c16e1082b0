"""Las secciones de la ficha de un cliente que ponen otras aplicaciones: ofertas, bonos, lo que venga.

Una aplicación declara la suya y la registra en su `AppConfig.ready`::

    class Bonos(Seccion):
        clave = "bonos"
        titulo = "Bonos y ofertas"
        icono = "redeem"
        permisos = ("bonificaciones.view_premio",)
        plantilla = "admin/bonificaciones/en_la_ficha.html"

        def contexto(self, cliente, *, usuario, hoy):
            return {"premios": consultas.premios_de(cliente)}


    secciones.registrar(Bonos())

La ficha la muestra a quien tiene todos sus permisos, con su plantilla y lo que `contexto` entrega. Sin nada que decir,
`contexto` entrega None y la sección no se dibuja. Su número de consultas no puede depender de los datos.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from .models import Cliente


class Seccion:
    """Una parte de la ficha. Se declara heredando; véase el encabezado del módulo."""

    clave: ClassVar[str] = ""
    titulo: ClassVar[str] = ""
    icono: ClassVar[str] = "widgets"
    permisos: ClassVar[tuple[str, ...]] = ()
    plantilla: ClassVar[str] = ""
    # De menor a mayor; a igual orden, por clave.
    orden: ClassVar[int] = 100

    def contexto(self, cliente: Cliente, *, usuario: Any, hoy: date) -> dict[str, Any] | None:
        """Lo que su plantilla necesita; None si no hay nada que mostrar."""
        raise NotImplementedError


@dataclass(frozen=True)
class SeccionLista:
    """Una sección con lo que va a mostrar."""

    seccion: Seccion
    contexto: dict[str, Any]


_REGISTRO: dict[str, Seccion] = {}


def registrar(seccion: Seccion) -> None:
    """Añade una sección a la ficha. Repetirla la reemplaza."""
    _REGISTRO[seccion.clave] = seccion


def quitar(clave: str) -> None:
    """La saca de la ficha; si no estaba, no pasa nada."""
    _REGISTRO.pop(clave, None)


def de(cliente: Cliente, *, usuario: Any, hoy: date, salvo: Collection[str] = ()) -> list[SeccionLista]:
    """Las secciones que la cuenta ve en la ficha de ese cliente, en su orden; sin las de clave en `salvo`."""
    listas = []
    for seccion in sorted(_REGISTRO.values(), key=lambda una: (una.orden, una.clave)):
        if seccion.clave in salvo or not all(usuario.has_perm(permiso) for permiso in seccion.permisos):
            continue
        contexto = seccion.contexto(cliente, usuario=usuario, hoy=hoy)
        if contexto is not None:
            listas.append(SeccionLista(seccion, contexto))
    return listas
