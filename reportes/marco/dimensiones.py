"""Por qué se agrupan las filas de un reporte: por servicio, por municipio, por mes…"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import F, Model, QuerySet

from .columnas import Columna

if TYPE_CHECKING:
    from .pedido import Pedido

SIN = "-"
"""Cómo va en la dirección la clave de las filas que no tienen (las de un cliente sin municipio)."""


@dataclass(frozen=True)
class Renglon:
    """Una fila que se muestra aunque sus cifras sean cero: su clave, sus rótulos y la página de lo que nombra."""

    clave: Any
    valores: Mapping[str, Any]
    enlace: str = ""


class Dimension:
    """La clave de cada fila y los rótulos que la nombran.

    Quien herede dice `rotulos`, `renglones` y `expresion`; y `de` si la expresión no se puede comparar en la base.
    """

    nombre: str
    titulo: str
    rotulos: tuple[Columna, ...]
    # Si cada registro cae en una sola fila: entonces el total es la suma de las filas y no hay que contar otra vez.
    exclusiva: bool = True
    # Si sus filas van una tras otra, como los meses: se ven todas y en su orden, también las que están en cero.
    seguida: bool = False

    def para(self, _pedido: Pedido) -> Dimension:
        """La misma, sabiendo lo que se pide: la categoría o la permanencia de un cliente dependen del día."""
        return self

    def renglones(self, pedido: Pedido) -> Sequence[Renglon]:
        """Las filas que deben verse con esos filtros, en su orden natural."""
        raise NotImplementedError

    def expresion(self, modelo: type[Model]) -> Any:
        """La clave de una fila de ese modelo, como expresión de la base."""
        raise NotImplementedError

    def renglon_de(self, clave: Any, pedido: Pedido) -> Renglon:
        """El renglón de una clave que apareció en las cifras y no estaba en `renglones`."""
        nombre = "Sin dato" if clave in (None, "") else str(clave)
        return Renglon(clave, {self.rotulos[0].nombre: nombre})

    def de(self, consulta: QuerySet[Any], clave: Any) -> QuerySet[Any]:
        """De esas filas, las de una clave."""
        consulta = consulta.alias(_clave=_como_expresion(self.expresion(consulta.model)))
        return consulta.filter(_clave__isnull=True) if clave is None else consulta.filter(_clave=clave)

    def agrupada(self, consulta: QuerySet[Any]) -> QuerySet[Any, Any]:
        """Las filas con su clave en `_clave`, listas para sumar por ella."""
        return consulta.order_by().annotate(_clave=_como_expresion(self.expresion(consulta.model))).values("_clave")

    def grupos(self, consulta: QuerySet[Any], sumas: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
        """Cada clave, en `_clave`, con lo que suman sus filas."""
        # El orden es el de las filas ya agrupadas: unas claves distintas de nulo también pueden ser nulas.
        return self.agrupada(consulta).annotate(**sumas).order_by()

    def fila_de(self, _pedido: Pedido) -> Callable[[Any], Any]:
        """De la clave con que la base agrupa, la de su fila. Casi siempre es la misma."""
        return lambda clave: clave

    def clave_antes(self, clave: Any, _anterior: Pedido) -> Any:
        """De la clave de una fila, la de la fila del período anterior con que se compara. Casi siempre es la misma."""
        return clave

    def a_texto(self, clave: Any) -> str:
        """La clave como va en la dirección de la página."""
        return SIN if clave is None else str(clave)

    def de_texto(self, texto: str) -> Any:
        """La clave que dice la dirección. Lanza ValueError si no puede ser una."""
        return None if texto == SIN else texto


def _como_expresion(valor: Any) -> Any:
    return F(valor) if isinstance(valor, str) else valor


@dataclass
class PorCampo(Dimension):
    """Por el valor de una columna. `campos`: modelo («clientes.contrato») → columna o expresión.

    `opciones`: las claves con su nombre, en su orden. `enlaces`: clave → página de lo que nombra. `numerica`: si las
    claves son números.
    """

    nombre: str
    titulo: str
    campos: Mapping[str, Any]
    opciones: Callable[[Pedido], Iterable[tuple[Any, str]]]
    enlaces: Callable[[Any], str] | None = None
    numerica: bool = False
    sin: str = "Sin dato"
    rotulos: tuple[Columna, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.rotulos = (Columna(nombre=self.nombre, titulo=self.titulo),)

    def renglones(self, pedido: Pedido) -> list[Renglon]:
        return [
            Renglon(clave, {self.nombre: nombre}, self.enlaces(clave) if self.enlaces else "")
            for clave, nombre in self.opciones(pedido)
        ]

    def expresion(self, modelo: type[Model]) -> Any:
        return self.campos[modelo._meta.label_lower]

    def renglon_de(self, clave: Any, pedido: Pedido) -> Renglon:
        return Renglon(clave, {self.nombre: self.sin if clave in (None, "") else str(clave)})

    def de_texto(self, texto: str) -> Any:
        if texto == SIN:
            return None
        if self.numerica:
            return min(int(texto), 2**63 - 1) if texto.isascii() and texto.isdigit() else _mala(texto)
        return texto


def _mala(texto: str) -> Any:
    raise ValueError(f"«{texto}» no es una clave de este reporte.")
