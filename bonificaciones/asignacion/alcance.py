"""Lo que alcanza un programa hoy, listo para mostrarse: la misma búsqueda con que se asigna, sin asignar nada."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from clientes.models import Cliente
from movistar_site.comun.valores import formatear_pesos

from ..beneficios import en_palabras
from ..models import Programa
from ..models.programa import Beneficio
from ..operaciones.otorgar import disponible_de
from .criterios import CENTAVOS, Criterios, de_centesimas
from .elegibles import EN_PALABRAS, Alcance, Elegido, buscar

MUESTRA = 8
"""Clientes que se nombran: los que más llevan."""


@dataclass(frozen=True)
class Ejemplo:
    """Un cliente de la muestra y lo que recibiría."""

    cliente: Cliente
    elegido: Elegido
    recibe: str
    factura: str
    costo: str


@dataclass(frozen=True)
class Vista:
    """El alcance de un programa en palabras y cifras."""

    alcance: Alcance
    costo: str
    excluidos: list[tuple[str, int]]
    ejemplos: list[Ejemplo]
    con_tope: bool


def mirar(
    programa: Programa, *, hoy: date, tipos: Iterable[Any] | None = None, municipios: Iterable[Any] | None = None
) -> Vista:
    """A cuántos alcanza el programa el día `hoy`, con lo que cuesta y una muestra. Sirve también sin guardar."""
    criterios = Criterios.de(programa, tipos=tipos, municipios=municipios)
    with buscar(criterios, hoy=hoy, disponible=disponible_de(programa, hoy)) as busqueda:
        alcance, elegidos = busqueda.alcance, busqueda.muestra(MUESTRA)
    nombres = Cliente.objects.in_bulk([uno.cliente for uno in elegidos])
    return Vista(
        alcance,
        pesos(alcance.costo),
        [(EN_PALABRAS[clave], cuantos) for clave, cuantos in alcance.excluidos.items()],
        [
            Ejemplo(nombres[uno.cliente], uno, recibe(criterios, uno), pesos(uno.factura), pesos(uno.costo))
            for uno in elegidos
            if uno.cliente in nombres
        ],
        criterios.tope is not None,
    )


def recibe(criterios: Criterios, elegido: Elegido) -> str:
    """Lo que se le daría, en palabras."""
    de_los_gratis = criterios.beneficio == Beneficio.MESES_GRATIS
    return en_palabras(
        criterios.beneficio,
        de_centesimas(elegido.cantidad),
        elegido.cantidad // CENTAVOS if de_los_gratis else criterios.meses,
        servicio=criterios.servicio.nombre if criterios.servicio else "",
        equipo=criterios.equipo,
    )


def pesos(centavos: int) -> str:
    """Unos centavos como pesos enteros: «$ 74.900»."""
    return formatear_pesos(de_centesimas(centavos).quantize(Decimal(1), rounding=ROUND_HALF_UP))
