"""Lo que hoy se puede ofrecer, ya leído: servicios con su precio, de qué se componen y promociones.

Se lee una vez y sirve para muchos clientes: nada de aquí depende de uno.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from math import inf
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from clientes.models import Contrato
from clientes.promociones import HechosDePromocion
from movistar_site.comun.parametros import parametros
from movistar_site.comun.valores import limites_de_categoria
from servicios.models import EstadoServicio, Periodicidad, Promocion, Servicio, VigenciaPromocion

from ..models import Segmento
from ..promociones import Ofrecida

MOVIL, FIJA, PREPAGO = "movil", "fija", "prepago"
_COMPONE, _PROMOCION, _SEGMENTO = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Vendible:
    """Un servicio del catálogo, se venda todavía o no. `tipos`: el suyo y los de lo que lo compone."""

    clave: int
    codigo: str
    nombre: str
    tipo: str
    tipo_nombre: str
    red: str
    modalidad: str
    es_paquete: bool
    periodicidad: str
    # El que rige hoy; None, sin precio todavía.
    precio: Decimal | None
    caracteristicas: Mapping[str, Any]
    se_vende: bool
    incluye: frozenset[int] = frozenset()
    tipos: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Catalogo:
    """Los servicios por su clave, lo que cuesta cada uno al mes y las reglas con número que rigen el día `hoy`."""

    hoy: date
    normas: Mapping[str, Any]
    servicios: Mapping[int, Vendible]
    # De menor a mayor: contra ellos se sabe si un cliente paga mucho o poco.
    precios: tuple[Decimal, ...]
    # Los tipos que llegan por red fija y los servicios con que llegan: en unos municipios hay y en otros no.
    fijos: Mapping[str, frozenset[int]]
    # Los que hoy se venden de cada tipo, del más barato al más caro.
    por_tipo: Mapping[str, tuple[Vendible, ...]]
    # El siguiente plan mejor que cada servicio, si lo hay.
    mejoras: Mapping[int, Vendible]
    # La última vinculación con la que se es regular, y leal.
    ultima_regular: date
    ultima_leal: date
    # Todas, en vigor o no, por su clave; sin leerlas, ninguna.
    promociones: Mapping[int, Ofrecida] = field(default_factory=dict)

    def percentil(self, gasto: Decimal) -> int:
        """De cada cien servicios que hoy se venden por mes, cuántos cuestan lo que este cliente paga o menos."""
        return 100 * bisect_right(self.precios, gasto) // len(self.precios) if self.precios else 0

    def nombre_de_tipo(self, codigo: str) -> str:
        """Cómo se llama un tipo de servicio; su código, si ya no hay ninguno de ese tipo."""
        return next((uno.tipo_nombre for uno in self.servicios.values() if uno.tipo == codigo), codigo)

    @cached_property
    def en_vigor(self) -> list[Ofrecida]:
        """Las promociones que hoy rigen, por código."""
        return [
            una for una in self.promociones.values() if una.promocion.vigencia(self.hoy) == VigenciaPromocion.VIGENTE
        ]

    @property
    def segmentos(self) -> list[Segmento]:
        """Los segmentos de que depende alguna promoción en vigor, sin repetir."""
        return list({uno.pk: uno for una in self.en_vigor for uno in una.segmentos}.values())


def leer_catalogo(hoy: date, *, con_promociones: bool = False) -> Catalogo:
    """El catálogo como está el día `hoy`. Tres consultas; con las promociones, una más, y otra si hay segmentos."""
    normas = parametros(hoy)
    enlaces = _enlaces()
    servicios = _servicios(hoy, enlaces[_COMPONE])
    fijos: dict[str, set[int]] = defaultdict(set)
    for uno in servicios.values():
        if uno.red == FIJA:
            for tipo in uno.tipos:
                fijos[tipo].add(uno.clave)
    por_tipo = _por_tipo(servicios.values())
    mensuales = (u.precio for u in servicios.values() if u.se_vende and u.periodicidad == Periodicidad.MENSUAL)
    limites = limites_de_categoria(hoy, meses_regular=normas["meses_regular"], meses_leal=normas["meses_leal"])
    return Catalogo(
        hoy=hoy,
        normas=normas,
        servicios=servicios,
        precios=tuple(sorted(precio for precio in mensuales if precio is not None)),
        fijos={tipo: frozenset(claves) for tipo, claves in fijos.items()},
        por_tipo=por_tipo,
        mejoras=_mejoras(servicios.values(), por_tipo),
        ultima_regular=limites.ultima_fecha_regular,
        ultima_leal=limites.ultima_fecha_leal,
        promociones=_promociones(servicios, enlaces) if con_promociones else {},
    )


Enlaces = Mapping[int, Mapping[int, set[int]]]


def _enlaces() -> Enlaces:
    """De qué se compone cada paquete, y los servicios y los segmentos de cada promoción, en una sola consulta."""
    componentes = Servicio.componentes.through.objects.order_by().values_list(
        Value(_COMPONE, output_field=IntegerField()), "from_servicio_id", "to_servicio_id"
    )
    de_promocion = Promocion.servicios.through.objects.order_by().values_list(
        Value(_PROMOCION, output_field=IntegerField()), "promocion_id", "servicio_id"
    )
    de_segmento = Segmento.promociones.through.objects.order_by().values_list(
        Value(_SEGMENTO, output_field=IntegerField()), "promocion_id", "segmento_id"
    )
    enlaces: dict[int, dict[int, set[int]]] = {cual: defaultdict(set) for cual in (_COMPONE, _PROMOCION, _SEGMENTO)}
    for cual, uno, otro in componentes.union(de_promocion, de_segmento, all=True):
        enlaces[cual][uno].add(otro)
    return enlaces


# --- Servicios -------------------------------------------------------------------------------------------------------
def _servicios(hoy: date, partes: Mapping[int, set[int]]) -> dict[int, Vendible]:
    con_precio: Any = Servicio.objects.con_precio(hoy)
    filas = (
        con_precio
        .order_by("pk")
        .values_list(
            "pk", "codigo", "nombre", "tipo__codigo", "tipo__nombre", "tipo__red", "tipo__modalidad",
            "tipo__es_paquete", "periodicidad", "precio_vigente", "caracteristicas", "estado", "tipo__activo",
        )
    )  # fmt: skip
    leidas: dict[int, Any] = {fila[0]: fila for fila in filas}
    return {clave: _vendible(fila, leidas, partes.get(clave, ())) for clave, fila in leidas.items()}


def _vendible(fila: Any, leidas: Mapping[int, Any], partes: Collection[int]) -> Vendible:
    *propias, estado, tipo_activo = fila
    clave, tipo, precio = fila[0], fila[3], fila[9]
    se_vende = precio is not None and estado == EstadoServicio.ACTIVO and tipo_activo
    tipos = frozenset({tipo, *(leidas[parte][3] for parte in partes if parte in leidas)})
    return Vendible(*(*propias, se_vende, frozenset({clave, *partes}), tipos))


def _por_tipo(servicios: Iterable[Vendible]) -> dict[str, tuple[Vendible, ...]]:
    tipos: dict[str, list[Vendible]] = defaultdict(list)
    for uno in servicios:
        if uno.se_vende:
            tipos[uno.tipo].append(uno)
    return {tipo: tuple(sorted(suyos, key=lambda uno: (uno.precio, uno.codigo))) for tipo, suyos in tipos.items()}


def _mejoras(servicios: Iterable[Vendible], por_tipo: Mapping[str, tuple[Vendible, ...]]) -> dict[int, Vendible]:
    """De cada servicio, el más barato de los de su tipo que lo mejoran en algo y no lo empeoran en nada."""
    mejoras = {}
    for uno in servicios:
        mejor = next(
            (otro for otro in por_tipo.get(uno.tipo, ()) if mejora(uno.caracteristicas, otro.caracteristicas)), None
        )
        if mejor is not None:
            mejoras[uno.clave] = mejor
    return mejoras


def mejora(actual: Mapping[str, Any], otra: Mapping[str, Any]) -> bool:
    """Si lo segundo da más en algo de lo que se mide y menos en nada. Pura.

    Lo ilimitado vale infinito en todo lo de su nombre (`datos_ilimitados`, en `datos_gb`); lo que no se dice, cero.
    """
    claves = {clave for clave in (*actual, *otra) if _mide(actual.get(clave, otra.get(clave)))}
    pares = [(_cuanto(actual, clave), _cuanto(otra, clave)) for clave in claves]
    return bool(pares) and all(antes <= despues for antes, despues in pares) and any(a < d for a, d in pares)


def _mide(valor: Any) -> bool:
    return isinstance(valor, bool | int | float)


def _cuanto(de: Mapping[str, Any], clave: str) -> float:
    raiz = clave.partition("_")[0]
    if any(valor is True and otra.startswith(f"{raiz}_ilimitad") for otra, valor in de.items()):
        return inf
    valor = de.get(clave, 0)
    return float(valor) if _mide(valor) else 0.0


# --- Promociones -----------------------------------------------------------------------------------------------------
def _promociones(servicios: Mapping[int, Vendible], enlaces: Enlaces) -> dict[int, Ofrecida]:
    usos = Contrato.objects.filter(promocion=OuterRef("pk")).order_by().values("promocion")
    # Solo se cuentan los de las que llevan cupo: nunca pasan de él.
    usadas = Coalesce(Subquery(usos.annotate(n=Count("pk")).values("n")), 0)
    con_usos = Promocion.objects.annotate(usadas=Case(When(cupo__isnull=False, then=usadas), default=Value(0)))
    segmentos = Segmento.objects.in_bulk(set().union(*enlaces[_SEGMENTO].values())) if enlaces[_SEGMENTO] else {}
    return {
        una.pk: Ofrecida(
            HechosDePromocion(una, una.usadas, frozenset(enlaces[_PROMOCION].get(una.pk, ()))),
            tuple(servicios[s] for s in sorted(enlaces[_PROMOCION].get(una.pk, ())) if servicios[s].se_vende),  # type: ignore[misc]
            tuple(segmentos[s] for s in sorted(enlaces[_SEGMENTO].get(una.pk, ())) if s in segmentos),
        )
        for una in con_usos.order_by("codigo")
    }
