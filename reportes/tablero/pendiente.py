"""Qué es un pendiente, lo que el tablero pone primero: cuántos hay, dónde están y quién los puede ver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.db.models import QuerySet

from movistar_site.comun.tramos import contar_juntas, cuenta_en_palabras

from ..marco.columnas import Clase, en_palabras
from .mirada import Mirada

MAL, OJO, NOTA = "mal", "ojo", "nota"
"""Qué tanto urge: ya pasó, es para hoy, o conviene saberlo."""
URGENCIA = {MAL: "Atrasado", OJO: "Para hoy", NOTA: "Por venir"}
"""Lo mismo, en palabras: el color solo no dice nada a quien no lo distingue."""


class Pendiente:
    """Algo que necesita atención hoy. Dice `filas` (se cuentan con un límite) o `cuenta` (de una cuenta ya llevada).

    `uno`, `varios`: qué son, después del número («caso vence hoy», «casos vencen hoy»). `sello`: qué tanto urge, si no
    basta lo que dice su tono.
    """

    clave: ClassVar[str]
    uno: ClassVar[str]
    varios: ClassVar[str]
    permisos: ClassVar[tuple[str, ...]]
    definicion: ClassVar[str]
    icono: ClassVar[str]
    tono: ClassVar[str] = OJO
    sello: ClassVar[str] = ""
    posicion: ClassVar[int] = 100

    def permitido(self, usuario: Any) -> bool:
        """Si la cuenta lo puede ver y le toca."""
        return bool(usuario.is_active and usuario.has_perms(self.permisos))

    def filas(self, mirada: Mirada) -> QuerySet[Any] | None:
        """Las filas que se cuentan, en el orden de su índice; None si la cuenta ya está llevada."""
        return None

    def cuenta(self, mirada: Mirada) -> int:
        """Cuántos hay, cuando no se dicen las filas."""
        raise NotImplementedError

    def enlace(self, mirada: Mirada) -> str:
        """La página que abre exactamente esas filas."""
        raise NotImplementedError


@dataclass(frozen=True)
class PendienteALaVista:
    """Un pendiente con su cuenta, como se dibuja. `texto`: «3», o «1.000+» si hay más de las que se cuentan."""

    pendiente: Pendiente
    cuantos: int
    texto: str
    enlace: str

    @property
    def que(self) -> str:
        """Qué son, en singular o en plural."""
        return self.pendiente.uno if self.cuantos == 1 else self.pendiente.varios

    @property
    def urgencia(self) -> str:
        """Qué tanto urge, en palabras."""
        return self.pendiente.sello or URGENCIA[self.pendiente.tono]


PENDIENTES: dict[str, Pendiente] = {}
"""Clave → el pendiente. Otras aplicaciones pueden anotar aquí los suyos."""
K = TypeVar("K", bound="type[Pendiente]")


def registrar(clase: K) -> K:
    """Anota un pendiente: decora su clase. Lanza ValueError si la clave ya es de otro."""
    if clase.clave in PENDIENTES and type(PENDIENTES[clase.clave]).__qualname__ != clase.__qualname__:
        raise ValueError(f"Ya hay un pendiente «{clase.clave}».")
    PENDIENTES[clase.clave] = clase()
    return clase


def permitidos(usuario: Any) -> list[Pendiente]:
    """Los que la cuenta puede ver, lo que más urge primero."""
    orden = list(URGENCIA)
    suyos = (uno for uno in PENDIENTES.values() if uno.permitido(usuario))
    return sorted(suyos, key=lambda uno: (orden.index(uno.tono), uno.posicion, uno.clave))


def pendientes(mirada: Mirada, cuales: Sequence[Pendiente]) -> list[PendienteALaVista]:
    """Los que tienen algo, con su cuenta. Todas las que se cuentan por filas van en una consulta."""
    con_filas = [(uno.clave, filas) for uno in cuales if (filas := uno.filas(mirada)) is not None]
    contadas = dict(zip((c for c, _ in con_filas), contar_juntas([filas for _, filas in con_filas]), strict=True))
    vistos = []
    for uno in cuales:
        acotada = uno.clave in contadas
        cuantos = contadas[uno.clave] if acotada else uno.cuenta(mirada)
        if cuantos:
            texto = cuenta_en_palabras(cuantos) if acotada else en_palabras(Clase.ENTERO, cuantos)
            vistos.append(PendienteALaVista(uno, cuantos, texto, uno.enlace(mirada)))
    return vistos
