"""Lo que hoy se puede ofrecer, ya leído: servicios con su precio, de qué se componen y promociones. Tres consultas."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from movistar_site.comun.parametros import parametros
from movistar_site.comun.valores import limites_de_categoria
from servicios.models import EstadoServicio, Periodicidad, Servicio

MOVIL, FIJA, PREPAGO = "movil", "fija", "prepago"


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
    # Los tipos por red fija: llegan a unos municipios y a otros no.
    fijos: Mapping[str, frozenset[int]]
    # La última vinculación con la que se es regular, y leal.
    ultima_regular: date
    ultima_leal: date

    def percentil(self, gasto: Decimal) -> int:
        """De cada cien servicios que hoy se venden por mes, cuántos cuestan lo que este cliente paga o menos."""
        return 100 * bisect_right(self.precios, gasto) // len(self.precios) if self.precios else 0

    def nombre_de_tipo(self, codigo: str) -> str:
        """Cómo se llama un tipo de servicio; su código, si ya no hay ninguno de ese tipo."""
        return next((uno.tipo_nombre for uno in self.servicios.values() if uno.tipo == codigo), codigo)


def leer_catalogo(hoy: date) -> Catalogo:
    """El catálogo como está el día `hoy`. Tres consultas."""
    normas = parametros(hoy)
    servicios = _servicios(hoy)
    fijos: dict[str, set[int]] = defaultdict(set)
    for uno in servicios.values():
        if uno.red == FIJA:
            for tipo in uno.tipos:
                fijos[tipo].add(uno.clave)
    mensuales = (u.precio for u in servicios.values() if u.se_vende and u.periodicidad == Periodicidad.MENSUAL)
    limites = limites_de_categoria(hoy, meses_regular=normas["meses_regular"], meses_leal=normas["meses_leal"])
    return Catalogo(
        hoy=hoy,
        normas=normas,
        servicios=servicios,
        precios=tuple(sorted(precio for precio in mensuales if precio is not None)),
        fijos={tipo: frozenset(claves) for tipo, claves in fijos.items()},
        ultima_regular=limites.ultima_fecha_regular,
        ultima_leal=limites.ultima_fecha_leal,
    )


def _servicios(hoy: date) -> dict[int, Vendible]:
    filas = (
        Servicio.objects.con_precio(hoy)
        .order_by("pk")
        .values_list(
            "pk", "codigo", "nombre", "tipo__codigo", "tipo__nombre", "tipo__red", "tipo__modalidad",
            "tipo__es_paquete", "periodicidad", "precio_vigente", "estado", "tipo__activo",
        )
    )  # fmt: skip
    leidas = {fila[0]: fila for fila in filas}
    partes: dict[int, set[int]] = defaultdict(set)
    for paquete, parte in Servicio.componentes.through.objects.values_list("from_servicio_id", "to_servicio_id"):
        partes[paquete].add(parte)
    return {
        clave: Vendible(
            *fila[:10],
            se_vende=fila[9] is not None and fila[10] == EstadoServicio.ACTIVO and fila[11],
            incluye=frozenset(partes[clave] | {clave}),
            tipos=frozenset({fila[3], *(leidas[parte][3] for parte in partes[clave] if parte in leidas)}),
        )
        for clave, fila in leidas.items()
    }
