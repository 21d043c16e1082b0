"""Qué es una tarjeta del tablero, y dónde se anota cada una."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, TypeVar

from movistar_site.comun.valores import formatear_fecha

from ..marco.columnas import Clase, en_palabras
from ..marco.grafico import BARRAS, LINEAS
from ..presentacion import Cambio, cambio
from .mirada import Mirada

CIFRAS, BLOQUES = "cifras", "bloques"
"""Las dos zonas del tablero: arriba las cifras; debajo, los gráficos y las listas."""


class Tarjeta:
    """Una tarjeta. `clave`: cómo se recuerda que alguien la eligió. `permisos`: todos los que hacen falta para verla.

    `definicion`: qué es y con qué regla, en español llano. `posicion`: su orden mientras nadie elija otro.
    """

    zona: ClassVar[str]
    clave: ClassVar[str]
    titulo: ClassVar[str]
    permisos: ClassVar[tuple[str, ...]]
    definicion: ClassVar[str]
    icono: ClassVar[str] = "bar_chart"
    posicion: ClassVar[int] = 100
    plantilla: ClassVar[str]
    que_es: ClassVar[str]
    """Qué clase de tarjeta es, para quien la elige: cifra, gráfico o lista."""

    def permitida(self, usuario: Any) -> bool:
        """Si la cuenta la puede ver: quien puede ver las filas puede ver la cifra."""
        return bool(usuario.is_active and usuario.has_perms(self.permisos))

    def enlace(self, mirada: Mirada) -> str:
        """La página con las filas de la tarjeta."""
        raise NotImplementedError

    def mostrar(self, mirada: Mirada) -> dict[str, Any]:
        """Lo que dibuja la plantilla."""
        return {"tarjeta": self, "enlace": self.enlace(mirada)}


class Cifra(Tarjeta):
    """Una cifra y, si es de un período, cómo le va frente al anterior. Su enlace abre exactamente sus filas."""

    zona = CIFRAS
    plantilla = "admin/tablero/_cifra.html"
    que_es = "Cifra"
    clase: ClassVar[Clase] = Clase.ENTERO
    mejor_menos: ClassVar[bool] = False
    del_periodo: ClassVar[bool] = False
    """Si es de los días del período elegido y no de hoy."""

    def valor(self, mirada: Mirada) -> Any:
        """La cifra."""
        raise NotImplementedError

    def antes(self, mirada: Mirada) -> Any:
        """La del período anterior; solo si es `del_periodo`."""
        raise NotImplementedError

    def nota(self, mirada: Mirada) -> str:
        """Una línea que la completa; vacía si no hace falta."""
        return ""

    def cambio(self, mirada: Mirada) -> Cambio | None:
        """Frente al período anterior; None si es de hoy."""
        if not self.del_periodo:
            return None
        return cambio(self.clase, self.valor(mirada), self.antes(mirada), mejor_menos=self.mejor_menos)

    def mostrar(self, mirada: Mirada) -> dict[str, Any]:
        return super().mostrar(mirada) | {
            "texto": en_palabras(self.clase, self.valor(mirada)),
            "nota": self.nota(mirada),
            "cambio": self.cambio(mirada),
        }


@dataclass(frozen=True)
class Serie:
    """Una línea o un color de un gráfico: su nombre, sus valores y a dónde lleva cada uno (vacío: a ninguna parte)."""

    nombre: str
    valores: Sequence[int]
    enlaces: Sequence[str] = ()


@dataclass(frozen=True)
class Puntos:
    """Lo que un gráfico dibuja: el rótulo de cada punto y sus series."""

    rotulos: Sequence[str]
    series: Sequence[Serie] = field(default_factory=tuple)

    @property
    def vacio(self) -> bool:
        """Si todo es cero."""
        return not any(valor for serie in self.series for valor in serie.valores)


class GraficoDeTarjeta(Tarjeta):
    """Un gráfico. Lo dibuja el navegador; su tabla dice lo mismo con enlaces, para quien no lo ve o quiere abrirlo."""

    zona = BLOQUES
    plantilla = "admin/tablero/_grafico.html"
    que_es = "Gráfico"
    tipo: ClassVar[str] = BARRAS
    apiladas: ClassVar[bool] = False
    rotulo: ClassVar[str]
    """Qué es cada punto: el encabezado de la primera columna de la tabla."""
    abrir: ClassVar[str] = "Ver la lista"
    vacio: ClassVar[str] = "Todavía no hay nada que mostrar."

    def puntos(self, mirada: Mirada) -> Puntos:
        """Lo que dibuja."""
        raise NotImplementedError

    def mostrar(self, mirada: Mirada) -> dict[str, Any]:
        puntos = self.puntos(mirada)
        return super().mostrar(mirada) | {
            "puntos": puntos,
            "datos": self._datos(puntos),
            "filas": [
                (rotulo, [(serie.valores[n], serie.enlaces[n] if serie.enlaces else "") for serie in puntos.series])
                for n, rotulo in enumerate(puntos.rotulos)
            ],
        }

    def _datos(self, puntos: Puntos) -> dict[str, Any]:
        """La misma forma que `marco.grafico.Grafico.datos`: es la que sabe dibujar graficos.js."""
        return {
            "tipo": self.tipo,
            "apiladas": self.apiladas,
            "rotulos": list(puntos.rotulos),
            "series": [
                {"nombre": serie.nombre, "clase": Clase.ENTERO.value, "valores": list(serie.valores)}
                for serie in puntos.series
            ],
        }


@dataclass(frozen=True)
class Renglon:
    """Un renglón de una lista corta: a dónde lleva, de quién es, cuándo y un sello con su tono."""

    titulo: str
    enlace: str
    detalle: str = ""
    cuando: str = ""
    sello: str = ""
    tono: str = "neutro"


class ListaCorta(Tarjeta):
    """Lo primero de una lista, con el camino a toda ella."""

    zona = BLOQUES
    plantilla = "admin/tablero/_lista.html"
    que_es = "Lista"
    maximo: ClassVar[int] = 6
    abrir: ClassVar[str] = "Ver todas"
    vacia: ClassVar[str]

    def renglones(self, mirada: Mirada) -> list[Renglon]:
        """Los primeros."""
        raise NotImplementedError

    def mostrar(self, mirada: Mirada) -> dict[str, Any]:
        return super().mostrar(mirada) | {"renglones": self.renglones(mirada)}


def plazo(vence_el: date | None, hoy: date) -> tuple[str, str]:
    """Un plazo en palabras y su tono, para el sello de un renglón."""
    if vence_el is None:
        return "Sin plazo", "neutro"
    if vence_el < hoy:
        return f"Venció el {formatear_fecha(vence_el)}", "mal"
    return ("Vence hoy", "ojo") if vence_el == hoy else (f"Vence el {formatear_fecha(vence_el)}", "neutro")


# --- El registro -----------------------------------------------------------------------------------------------------
TARJETAS: dict[str, Tarjeta] = {}
"""Clave → la tarjeta. Otras aplicaciones pueden anotar aquí las suyas."""
K = TypeVar("K", bound="type[Tarjeta]")


def registrar(clase: K) -> K:
    """Anota una tarjeta: decora su clase. Lanza ValueError si la clave ya es de otra."""
    if clase.clave in TARJETAS and type(TARJETAS[clase.clave]).__qualname__ != clase.__qualname__:
        raise ValueError(f"Ya hay una tarjeta «{clase.clave}».")
    TARJETAS[clase.clave] = clase()
    return clase


def permitidas(usuario: Any) -> list[Tarjeta]:
    """Las que la cuenta puede ver, en su orden natural."""
    return sorted(
        (una for una in TARJETAS.values() if una.permitida(usuario)), key=lambda una: (una.posicion, una.clave)
    )


__all__ = [
    "BARRAS",
    "BLOQUES",
    "CIFRAS",
    "LINEAS",
    "TARJETAS",
    "Cifra",
    "GraficoDeTarjeta",
    "ListaCorta",
    "Puntos",
    "Renglon",
    "Serie",
    "Tarjeta",
    "permitidas",
    "plazo",
    "registrar",
]
