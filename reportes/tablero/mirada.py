"""Quién mira el tablero, qué día y qué período; lo que leen varias tarjetas se lee una vez."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from movistar_site.comun.valores import formatear_fecha, sumar_meses

from ..marco import periodos
from ..marco.periodos import Periodo, periodo

T = TypeVar("T")
CLAVES_DE_PERIODO = (periodos.MES, periodos.MES_PASADO, periodos.DOCE_MESES, periodos.ANIO, periodos.ANIO_PASADO)
"""Los períodos que el tablero ofrece; «desde el principio» y entre dos fechas son de los reportes."""
DIAS_POR_DIAS = 62
"""Hasta tantos días, un gráfico va día por día; más, mes por mes."""
_MESES = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")


@dataclass(frozen=True)
class Mirada:
    """Lo que una tarjeta necesita saber. No mira el reloj: el instante llega de fuera."""

    usuario: Any
    ahora: datetime
    hoy: date
    periodo: Periodo
    _leidos: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def de(cls, usuario: Any, *, ahora: datetime, clave: str = "") -> Mirada:
        """La de esa cuenta en ese instante, con el período de esa clave; si no se ofrece, el de este mes."""
        hoy = timezone.localdate(ahora)
        return cls(usuario, ahora, hoy, periodo(clave if clave in CLAVES_DE_PERIODO else periodos.MES, hoy=hoy))

    @property
    def anterior(self) -> Periodo:
        """El período con que se compara."""
        return self.periodo.anterior()

    def leer(self, lectura: Callable[[Mirada], T]) -> T:
        """Lo que da esa lectura, hecha una sola vez aunque la pidan varias tarjetas."""
        if lectura not in self._leidos:
            self._leidos[lectura] = lectura(self)
        return self._leidos[lectura]  # type: ignore[no-any-return]

    def tramos(self) -> list[Tramo]:
        """El período cortado en días o, si es largo, en meses: los puntos de un gráfico."""
        if self.periodo.dias <= DIAS_POR_DIAS:
            return [Tramo(f"{dia.day} {_MESES[dia.month - 1]}", dia, dia) for dia in _dias(self.periodo)]
        return [
            Tramo(
                f"{_MESES[primero.month - 1]} {primero.year}",
                max(primero, self.periodo.desde),
                min(sumar_meses(primero, 1) - timedelta(days=1), self.periodo.hasta),
            )
            for primero in periodos.meses(self.periodo.desde, self.periodo.hasta)
        ]


@dataclass(frozen=True)
class Tramo:
    """Un punto de un gráfico en el tiempo: su rótulo y sus días, los dos dentro."""

    rotulo: str
    desde: date
    hasta: date


def _dias(cual: Periodo) -> Iterator[date]:
    return (cual.desde + timedelta(days=n) for n in range(cual.dias))


def entre(por_dia: Mapping[date, int], cual: Periodo | Tramo) -> int:
    """Lo que suman los días de ese período o tramo."""
    return sum(cuantos for dia, cuantos in por_dia.items() if cual.desde <= dia <= cual.hasta)


# --- Enlaces ---------------------------------------------------------------------------------------------------------
def lista(aplicacion: str, modelo: str, **filtros: Any) -> str:
    """La lista de un modelo con esos filtros."""
    return con(reverse(f"admin:{aplicacion}_{modelo}_changelist"), **filtros)


def con(camino: str, **parametros: Any) -> str:
    """Una dirección con esos parámetros."""
    return f"{camino}?{urlencode(parametros)}" if parametros else camino


def dias(campo: str, cual: Periodo | Tramo) -> dict[str, str]:
    """Los parámetros del filtro de días de una lista (`FiltroDias`)."""
    return {f"{campo}_from": formatear_fecha(cual.desde), f"{campo}_to": formatear_fecha(cual.hasta)}
