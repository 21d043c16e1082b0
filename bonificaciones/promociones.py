"""Todas las promociones que un cliente puede tener hoy, y por qué no las demás.

La regla es la misma con que se firma un contrato (`clientes.promociones`), más la de los segmentos: una promoción de
algún segmento vale solo para sus clientes. La parte pura es `posibles`: con el catálogo leído una vez y los hechos de
muchos clientes sirve para recorrerlos todos.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from clientes.models import Contrato
from clientes.models.cliente import Cliente, ClienteQuerySet, condicion_de_categoria
from clientes.promociones import HechosDelCliente, HechosDePromocion, hechos_de, reparos
from movistar_site.comun import valores
from movistar_site.comun.parametros import parametros
from servicios.models import EstadoServicio, Promocion, Servicio, VigenciaPromocion

from .filtros.segmentos import sin_ellos
from .models import Segmento
from .segmentos import clientes_de, vistas_en_lista


@dataclass(frozen=True)
class PromocionPosible:
    """Una promoción en vigor ante un cliente. `servicios`: sobre cuáles la tendría; vacío, todo el catálogo."""

    promocion: Promocion
    puede: bool
    porque: str
    servicios: tuple[Servicio, ...]


@dataclass(frozen=True)
class Ofrecida:
    """Una promoción en vigor con lo que decide a quién vale."""

    hechos: HechosDePromocion
    servicios: tuple[Servicio, ...]
    segmentos: tuple[Segmento, ...]

    @property
    def promocion(self) -> Promocion:
        """La promoción."""
        return self.hechos.promocion

    @property
    def se_vende(self) -> bool:
        """Si alguno de sus servicios está a la venta; sin ninguno, vale para todo el catálogo."""
        return not self.hechos.servicios or bool(self.servicios)


@dataclass(frozen=True)
class Catalogo:
    """Las promociones en vigor un día, leídas una vez para muchos clientes."""

    dia: date
    ofrecidas: tuple[Ofrecida, ...]

    @classmethod
    def de(cls, hoy: date) -> Catalogo:
        """Las del día `hoy`, por código. Cuatro consultas."""
        promociones = list(
            Promocion.objects.vigentes(hoy).order_by("codigo").prefetch_related("servicios", "segmentos")
        )
        usadas = _usadas([una for una in promociones if una.cupo is not None])
        return cls(hoy, tuple(_ofrecida(una, usadas.get(una.pk, 0)) for una in promociones))

    @property
    def segmentos(self) -> list[Segmento]:
        """Los segmentos de que depende alguna, sin repetir."""
        return list({uno.pk: uno for ofrecida in self.ofrecidas for uno in ofrecida.segmentos}.values())


def _ofrecida(promocion: Promocion, usadas: int) -> Ofrecida:
    servicios = list(promocion.servicios.all())
    return Ofrecida(
        HechosDePromocion(promocion, usadas, frozenset(uno.pk for uno in servicios)),
        tuple(uno for uno in servicios if uno.estado == EstadoServicio.ACTIVO),
        tuple(promocion.segmentos.all()),  # type: ignore[attr-defined]
    )


def _usadas(con_cupo: Collection[Promocion]) -> dict[int, int]:
    """Cuántos contratos llevan cada una. Solo las de cupo: nunca pasan de él, y contarlas es barato."""
    filas = Contrato.objects.filter(promocion__in=[una.pk for una in con_cupo]).order_by().values("promocion")
    return dict(filas.annotate(n=Count("pk")).values_list("promocion", "n"))


# --- La regla --------------------------------------------------------------------------------------------------------
def posibles(catalogo: Catalogo, cliente: HechosDelCliente, segmentos: Collection[int]) -> list[PromocionPosible]:
    """Cada promoción en vigor y si ese cliente la puede tener. Pura. `segmentos`: las claves de los suyos."""
    return [
        PromocionPosible(una.promocion, not (porque := por_que_no(una, cliente, segmentos, dia=catalogo.dia)), porque,
                         una.servicios)
        for una in catalogo.ofrecidas
    ]  # fmt: skip


def por_que_no(una: Ofrecida, cliente: HechosDelCliente, segmentos: Collection[int], *, dia: date) -> str:
    """Por qué el cliente no puede tener la promoción, en una frase; vacío si puede. Pura."""
    if faltas := reparos(una.hechos, cliente, dia=dia):
        return _mayuscula(faltas[0])
    if reparo := reparo_de_segmentos(una.segmentos, segmentos):
        return _mayuscula(reparo)
    return "" if una.se_vende else "Sus servicios se retiraron: ya no se vende ninguno."


def reparo_de_segmentos(de_la_promocion: Collection[Segmento], del_cliente: Collection[int]) -> str:
    """Por qué el cliente no entra por sus segmentos; vacío si entra. Basta con estar en uno."""
    if not de_la_promocion or any(uno.pk in del_cliente for uno in de_la_promocion):
        return ""
    nombres = vistas_en_lista([uno.nombre for uno in de_la_promocion])
    if len(de_la_promocion) == 1:
        return f"es solo para el segmento {nombres} y el cliente no está en él."
    return f"es solo para los segmentos {nombres} y el cliente no está en ninguno."


def _mayuscula(frase: str) -> str:
    return frase[:1].upper() + frase[1:]


# --- Lo leído --------------------------------------------------------------------------------------------------------
def promociones_de(cliente: Cliente, *, hoy: date) -> list[PromocionPosible]:
    """Todas las promociones en vigor el día `hoy`, con si el cliente puede tenerla y por qué no.

    Como mucho siete consultas, sean cuantas sean las promociones y sus segmentos.
    """
    catalogo, normas = Catalogo.de(hoy), parametros(hoy)
    suyos = hechos_de(cliente, dia=hoy, normas=normas)
    return posibles(catalogo, suyos, segmentos_de(cliente, catalogo.segmentos, hoy=hoy, normas=normas))


def segmentos_de(
    cliente: Cliente, segmentos: Collection[Segmento], *, hoy: date, normas: Mapping[str, Any] | None = None
) -> set[int]:
    """En cuáles de esos segmentos está el cliente. Una consulta, sean los que sean."""
    if not segmentos:
        return set()
    suyos = {
        f"s{uno.pk}": Exists(clientes_de(uno, hoy=hoy, entre=(cliente.pk,), normas=normas).filter(pk=OuterRef("pk")))
        for uno in segmentos
    }
    fila: Mapping[str, Any] = Cliente.objects.filter(pk=cliente.pk).annotate(**suyos).values(*suyos).first() or {}
    return {uno.pk for uno in segmentos if fila.get(f"s{uno.pk}")}


def segmentos_de_varios(
    clientes: Collection[int], segmentos: Collection[Segmento], *, hoy: date, normas: Mapping[str, Any] | None = None
) -> dict[int, set[int]]:
    """Cliente → en cuáles de esos segmentos está. Una consulta por segmento, sean los clientes que sean."""
    hallados: dict[int, set[int]] = defaultdict(set)
    for uno in segmentos:
        for clave in clientes_de(uno, hoy=hoy, entre=clientes, normas=normas).values_list("pk", flat=True):
            hallados[clave].add(uno.pk)
    return dict(hallados)


def reparo_al_dar(promocion: Promocion, cliente: Cliente, dia: date) -> str:
    """Lo que la fidelización exige al firmar un contrato con promoción (`clientes.promociones.AL_DAR_PROMOCION`)."""
    suyos = list(promocion.segmentos.all())  # type: ignore[attr-defined]
    return reparo_de_segmentos(suyos, segmentos_de(cliente, suyos, hoy=dia, normas=parametros(dia))) if suyos else ""


# --- Al revés: los clientes de una promoción -------------------------------------------------------------------------
def por_que_nadie(promocion: Promocion, *, hoy: date) -> str:
    """Por qué el día `hoy` no la puede tener ningún cliente, en una frase; vacío si depende de cada uno."""
    if (vigencia := promocion.vigencia(hoy)) != VigenciaPromocion.VIGENTE:
        return f"Hoy nadie: está {vigencia.label.lower()}."
    una = _ofrecida(promocion, _usadas([promocion]).get(promocion.pk, 0) if promocion.cupo is not None else 0)
    if promocion.cupo is not None and una.hechos.usadas >= promocion.cupo:
        return "Hoy nadie: no le queda cupo."
    return "" if una.se_vende else "Hoy nadie: sus servicios se retiraron."


def clientes_que_pueden(promocion: Promocion, *, hoy: date) -> ClienteQuerySet:
    """Los clientes que el día `hoy` pueden tener la promoción: la misma regla que `por_que_no`, dicha a la base."""
    todos: Any = Cliente.objects.all().order_by()
    if por_que_nadie(promocion, hoy=hoy):
        return todos.none()  # type: ignore[no-any-return]
    todos = todos.activos().filter(_de_categorias(promocion.categorias, hoy))
    if promocion.meses_minimos:
        meses = promocion.meses_minimos
        limites = valores.limites_de_categoria(hoy, meses_regular=meses, meses_leal=meses)
        todos = todos.filter(fecha_vinculacion__lte=limites.ultima_fecha_regular)
    if segmentos := list(promocion.segmentos.all()):  # type: ignore[attr-defined]
        alguno = Q(pk__in=())
        for uno in segmentos:
            alguno |= Q(pk__in=clientes_de(uno, hoy=hoy).values("pk"))
        todos = todos.filter(alguno)
    return sin_ellos(todos, _que_lo_impiden(promocion))  # type: ignore[no-any-return]


def _de_categorias(categorias: Collection[str], hoy: date) -> Q:
    """Que su categoría sea alguna; sin ninguna, todas."""
    if not categorias:
        return Q()
    normas, alguna = parametros(hoy), Q(pk__in=())
    for una in categorias:
        alguna |= condicion_de_categoria(una, hoy, normas)
    return alguna


def _que_lo_impiden(promocion: Promocion) -> Any:
    """Los clientes a quienes se lo impide algo en pie: esa promoción, una exclusiva o, si lo es, cualquiera."""
    con_promocion = Contrato.objects.vigentes().filter(promocion__isnull=False).order_by()
    if not promocion.exclusiva:
        exclusivas = list(Promocion.objects.filter(exclusiva=True).order_by().values_list("pk", flat=True))
        con_promocion = con_promocion.filter(promocion__in=[promocion.pk, *exclusivas])
    return con_promocion.values("cliente")
