"""Las columnas de un reporte y cómo se escribe cada clase de valor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from movistar_site.comun.presentacion import decimal
from movistar_site.comun.valores import formatear_fecha, formatear_pesos

if TYPE_CHECKING:
    from .dimensiones import Dimension
    from .pedido import Pedido

NADA = "—"
_MESES = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
_A_LA_COLOMBIANA = str.maketrans(",.", ".,")
TOTAL: Any = object()
"""La clave de la fila del total, donde las cifras van por clave. None es otra: la de las filas que no tienen."""


class Clase(Enum):
    """Qué dice una columna: manda su alineación, cómo se escribe en la página y su tipo en Excel."""

    TEXTO = "texto"
    ENTERO = "entero"
    DECIMAL = "decimal"
    PESOS = "pesos"
    PORCENTAJE = "porcentaje"
    FECHA = "fecha"
    MES = "mes"
    FECHA_Y_HORA = "fecha_y_hora"

    @property
    def es_numero(self) -> bool:
        """Si se alinea a la derecha y se suma."""
        return self in (Clase.ENTERO, Clase.DECIMAL, Clase.PESOS, Clase.PORCENTAJE)


def en_palabras(clase: Clase, valor: Any) -> str:
    """El valor como se lee en una página o en un PDF; sin valor, una raya."""
    if valor is None or valor == "":
        return NADA
    if clase.es_numero:
        return _numero(clase, valor)
    if isinstance(valor, datetime):
        return timezone.localtime(valor).strftime("%d/%m/%Y %H:%M")
    if isinstance(valor, date):
        return f"{_MESES[valor.month - 1]} {valor.year}" if clase is Clase.MES else formatear_fecha(valor)
    return str(valor)


def _numero(clase: Clase, valor: Any) -> str:
    if clase is Clase.PESOS:
        return formatear_pesos(Decimal(valor))
    if clase is Clase.ENTERO:
        return decimal(Decimal(valor))
    # Siempre con su decimal: 12,0 debajo de 8,4 se compara de un vistazo.
    escrito = f"{_redondo(valor):,.1f}".translate(_A_LA_COLOMBIANA)
    return f"{escrito}\u00a0%" if clase is Clase.PORCENTAJE else escrito


def _redondo(valor: Any) -> Decimal:
    return round(Decimal(valor), 1)


def porcentaje(parte: Any, todo: Any) -> Decimal | None:
    """Qué porcentaje de `todo` es `parte`, con cuatro decimales; ninguno si no hay todo."""
    return round(Decimal(parte or 0) * 100 / Decimal(todo), 4) if todo else None


@dataclass(frozen=True, kw_only=True)
class Columna:
    """Un dato de cada fila. `definicion`: qué es y de dónde sale, que se lee junto a la cifra.

    `ancha`: solo se muestra en pantallas anchas (en el archivo va siempre).
    """

    nombre: str
    titulo: str
    clase: Clase = Clase.TEXTO
    definicion: str = ""
    ancha: bool = False

    @property
    def es_numero(self) -> bool:
        """Si va alineada a la derecha."""
        return self.clase.es_numero


@dataclass(frozen=True, kw_only=True)
class Medida(Columna):
    """Una cifra que sale de filas de la base, y por eso se abre: cuántas son, o cuánto suma una columna suya.

    `filas`: las que la forman, sin los filtros del reporte, que se aplican después. `cuando`: solo las que cumplen; las
    medidas de un reporte con la misma `filas` se cuentan juntas, en una consulta. `suma`: la columna de pesos que se
    suma en vez de contar. `distintos`: en vez de las filas se cuentan, una vez, los registros a los que apunta esa
    llave foránea («cliente»): son los que se abren. `resumen`: las cuentas ya llevadas, por clave de la dimensión y con
    TOTAL, o None si con esos filtros no se sabe.

    La suma se hace en centavos enteros: en SQLite un decimal es de coma flotante, y un millón de ellos no suma exacto.
    `en_centavos`: la columna ya los trae. La cifra son pesos.

    `de`: las filas de una clave, o las del TOTAL, cuando un registro puede estar en varias filas del reporte (lo que
    está en pie cada mes); entonces el total no es la suma de las filas y `resumen` responde siempre.
    """

    clase: Clase = Clase.ENTERO
    filas: Callable[[Pedido], QuerySet[Any]]
    cuando: Q | Callable[[Pedido], Q] | None = None
    suma: str = ""
    en_centavos: bool = False
    distintos: str = ""
    resumen: Callable[[Pedido, Dimension], Mapping[Any, Any] | None] | None = None
    de: Callable[[Pedido, QuerySet[Any], Any], QuerySet[Any]] | None = None
    # Si es mejor cuando baja (bajas, vencidas, costos); None, ni lo uno ni lo otro.
    mejor_menos: bool | None = False

    def condicion(self, pedido: Pedido) -> Q:
        """Las filas que cuentan, de las de `filas`."""
        if self.cuando is None:
            return Q()
        return self.cuando(pedido) if callable(self.cuando) else self.cuando


@dataclass(frozen=True, kw_only=True)
class Derivada(Columna):
    """Una cifra que sale de otras de su misma fila, también en el total. `abre`: la medida cuyas filas se muestran.

    `de` recibe los valores de la fila por nombre de columna; None, no se puede saber. `sobre_total`: recibe además los
    valores de la fila del total, para una participación.
    """

    clase: Clase = Clase.PORCENTAJE
    de: Callable[..., Any]
    abre: str = ""
    sobre_total: bool = False
    mejor_menos: bool | None = False


@dataclass(frozen=True, kw_only=True)
class Calculada(Columna):
    """Una cifra que el reporte calcula aparte (un percentil, un promedio): por clave, y con TOTAL la del total.

    `abre`: la medida cuyas filas la forman.
    """

    clase: Clase = Clase.DECIMAL
    valores: Callable[[Pedido, Dimension], Mapping[Any, Any]]
    abre: str = ""
    mejor_menos: bool | None = False


Cifra = Medida | Derivada | Calculada
