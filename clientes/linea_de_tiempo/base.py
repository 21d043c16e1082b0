"""Qué es un suceso, qué es una fuente de sucesos y cómo se mezclan sus páginas.

El orden es total: (momento, fuente, clave), de lo último a lo primero. Lo que solo tiene fecha va al comienzo de su
día, antes de lo que ese mismo día tiene hora.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from movistar_site.comun.dias import al_empezar
from movistar_site.comun.historia import Cambio, modelo_historico
from movistar_site.comun.paginas import pagina_de

from ..models import Cliente, Contrato

POR_PAGINA = 25
_ORIGEN = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSEGUNDO = timedelta(microseconds=1)
_CLAVE_MAXIMA = 2**63 - 1
_LARGO_DE_CORTE = 120


@dataclass(frozen=True)
class Tipo:
    """Una clase de sucesos por la que se filtra."""

    clave: str
    titulo: str
    # De menor a mayor, el puesto de su filtro.
    orden: int = 100


@dataclass(frozen=True)
class Enlace:
    """Un texto que lleva a una página."""

    texto: str
    direccion: str


@dataclass
class Suceso:
    """Algo que pasó: cuándo, qué, quién y dónde se ve entero."""

    momento: datetime
    titulo: str
    detalle: str = ""
    quien: str = ""
    motivo: str = ""
    origen: str = ""
    enlace: str = ""
    contrato: Enlace | None = None
    cambios: list[Cambio] = field(default_factory=list)
    tono: str = ""
    # Los pone la página.
    fuente: Fuente | None = None
    clave: int = 0

    @property
    def con_hora(self) -> bool:
        """Si se sabe a qué hora fue, y no solo qué día."""
        return self.fuente is None or self.fuente.con_hora

    @property
    def dia(self) -> date:
        """El día, en Bogotá."""
        return timezone.localdate(self.momento)


@dataclass(frozen=True)
class Corte:
    """Hasta dónde se leyó: la página siguiente empieza después de este suceso."""

    momento: datetime
    fuente: str
    clave: int

    def __str__(self) -> str:
        texto = f"{(self.momento - _ORIGEN) // _MICROSEGUNDO}|{self.fuente}|{self.clave}"
        return base64.urlsafe_b64encode(texto.encode()).decode().rstrip("=")

    @classmethod
    def de(cls, texto: str | None) -> Corte | None:
        """El que se escribió así en una dirección; None, que es el principio, si no se entiende."""
        if not texto or len(texto) > _LARGO_DE_CORTE or not texto.isascii():
            return None
        try:
            crudo = base64.b64decode(texto + "=" * (-len(texto) % 4), altchars=b"-_", validate=True).decode("ascii")
            micros, fuente, clave = crudo.split("|")
            momento, numero = _ORIGEN + int(micros) * _MICROSEGUNDO, int(clave)
            timezone.localdate(momento)  # cerca del año 1 o del 9999 puede no existir en Bogotá
        except (binascii.Error, ValueError, OverflowError):
            return None
        return cls(momento, fuente, numero) if fuente in _REGISTRO and abs(numero) <= _CLAVE_MAXIMA else None


@dataclass(frozen=True)
class Filtro:
    """Qué sucesos se quieren ver."""

    tipo: str = ""
    contrato: int | None = None


@dataclass
class Pagina:
    """Los sucesos de una página y el corte con que se pide la siguiente; vacío si no hay más."""

    sucesos: list[Suceso]
    siguiente: str = ""


class Fuente:
    """De dónde sale una clase de sucesos. Se declara heredando, una vez por columna con fecha.

    `clase`: su nombre en el corte, único. `campo`: la columna que dice cuándo; `con_hora`, si la trae. `permisos`:
    hacen falta todos. `de_contrato`: la columna con la clave del contrato; vacía, no se ve al filtrar por uno.
    """

    clase: ClassVar[str] = ""
    tipo: ClassVar[Tipo]
    icono: ClassVar[str] = "circle"
    tono: ClassVar[str] = "neutral"
    permisos: ClassVar[tuple[str, ...]] = ()
    campo: ClassVar[str] = ""
    con_hora: ClassVar[bool] = True
    de_contrato: ClassVar[str] = ""
    # Filas que se leen además de las que se muestran y de la que dice si hay más.
    de_mas: ClassVar[int] = 0

    def consulta(self, cliente: Cliente) -> QuerySet[Any]:
        """Todos los del cliente, con lo que `suceso` lee; la página le pone el orden y el límite."""
        raise NotImplementedError

    def suceso(self, fila: Any) -> Suceso:
        """La fila, dicha."""
        raise NotImplementedError

    def sucesos(self, filas: Sequence[Any], cuantos: int) -> list[Suceso]:
        """Los primeros `cuantos`, dichos. Se redefine cuando hay que leer algo más de todos a la vez."""
        return [self.suceso(fila) for fila in filas[:cuantos]]

    def filas(self, cliente: Cliente, filtro: Filtro, corte: Corte | None, cuantas: int) -> list[Any]:
        """Las primeras filas después del corte: por el índice de (cliente, fecha) o por los de lo suyo."""
        consulta = self.consulta(cliente)
        if filtro.contrato is not None:
            consulta = consulta.filter(**{self.de_contrato: filtro.contrato})
        if corte is not None:
            consulta = consulta.filter(self._tras(corte))
        return list(consulta.order_by(f"-{self.campo}", "-pk")[: cuantas + self.de_mas])

    def momento(self, fila: Any) -> datetime:
        """Cuándo fue."""
        valor = getattr(fila, self.campo)
        return valor if self.con_hora else al_empezar(valor)

    def _tras(self, corte: Corte) -> Q:
        """Lo que va después del corte. Como un rango y algo más, y no como un «o»: así lo sigue el índice."""
        limite: Any = corte.momento if self.con_hora else timezone.localdate(corte.momento)
        if not self.con_hora and al_empezar(limite) != corte.momento:
            return Q(**{f"{self.campo}__lte": limite})
        orden = list(_REGISTRO)
        propia, otra = orden.index(self.clase), orden.index(corte.fuente)
        if propia > otra:
            return Q(**{f"{self.campo}__lt": limite})
        hasta = Q(**{f"{self.campo}__lte": limite})
        return hasta if propia < otra else hasta & (Q(**{f"{self.campo}__lt": limite}) | Q(pk__lt=corte.clave))


_REGISTRO: dict[str, Fuente] = {}


def registrar(fuente: Fuente) -> None:
    """Añade una fuente. Repetirla la reemplaza, sin cambiar su puesto."""
    _REGISTRO[fuente.clase] = fuente


def fuentes() -> list[Fuente]:
    """Todas, en el orden que desempata lo que pasó a la vez."""
    return list(_REGISTRO.values())


def visibles(usuario: Any) -> list[Fuente]:
    """Las que la cuenta puede ver."""
    return [fuente for fuente in fuentes() if all(usuario.has_perm(permiso) for permiso in fuente.permisos)]


def tipos_para(usuario: Any) -> list[Tipo]:
    """Los tipos por los que la cuenta puede filtrar, sin repetir."""
    return sorted({fuente.tipo for fuente in visibles(usuario)}, key=lambda tipo: (tipo.orden, tipo.clave))


def pagina(
    cliente: Cliente,
    usuario: Any,
    *,
    filtro: Filtro | None = None,
    corte: Corte | None = None,
    cuantos: int = POR_PAGINA,
) -> Pagina:
    """Una página de lo que le ha pasado al cliente y la cuenta puede ver. Un número fijo de consultas por fuente."""
    filtro = filtro or Filtro()
    elegidas = [
        fuente
        for fuente in visibles(usuario)
        if (not filtro.tipo or fuente.tipo.clave == filtro.tipo) and (filtro.contrato is None or fuente.de_contrato)
    ]
    puestos = {clase: puesto for puesto, clase in enumerate(_REGISTRO)}
    leidas = {fuente.clase: fuente.filas(cliente, filtro, corte, cuantos + 1) for fuente in elegidas}
    llaves = sorted(
        (
            (fuente.momento(fila), puestos[fuente.clase], fila.pk)
            for fuente in elegidas
            for fila in leidas[fuente.clase][: cuantos + 1]
        ),
        reverse=True,
    )
    tomadas = llaves[:cuantos]
    sucesos = [
        suceso
        for fuente in elegidas
        for suceso in _dichos(fuente, leidas[fuente.clase], [k for k in tomadas if k[1] == puestos[fuente.clase]])
    ]
    sucesos.sort(key=lambda uno: (uno.momento, puestos[uno.fuente.clase] if uno.fuente else 0, uno.clave), reverse=True)
    if len(llaves) <= cuantos:
        return Pagina(sucesos)
    ultimo = sucesos[-1]
    return Pagina(sucesos, str(Corte(ultimo.momento, ultimo.fuente.clase if ultimo.fuente else "", ultimo.clave)))


def _dichos(fuente: Fuente, filas: list[Any], llaves: list[tuple[datetime, int, int]]) -> list[Suceso]:
    dichos = fuente.sucesos(filas, len(llaves)) if llaves else []
    for suceso, (_, _, clave) in zip(dichos, llaves, strict=True):
        suceso.fuente, suceso.clave = fuente, clave
        suceso.tono = suceso.tono or fuente.tono
    return dichos


# --- Lo que usan las fuentes -----------------------------------------------------------------------------------------
def de_la_historia(modelo: type[Model], columna: str, **condicion: Any) -> Subquery:
    """Un dato de la primera versión del registro que cumple algo: quién lo respondió, por qué terminó."""
    filas = modelo_historico(modelo).objects.filter(id=OuterRef("pk"), **condicion)
    return Subquery(filas.order_by("history_date", "history_id").values(columna)[:1])


def enlace_de(contrato: Contrato | None) -> Enlace | None:
    """El contrato del que se habla, con el camino a su página."""
    return Enlace(contrato.numero, pagina_de(contrato)) if contrato is not None else None
