"""Lo que se puede contratar en cada época: servicios con su precio por fecha, listos para escoger por popularidad."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from .catalogo import PROMOCIONES, RED_DE_TIPO, SERVICIOS
from .textos import FIJA, MOVIL, TV

T = TypeVar("T")
SEGMENTOS = 2048
"""Puestos de cada lista de popularidad; potencia de dos, para escoger con once bits de azar."""
PRIMER_ANIO = 1990
PESO_DE_EMPRESA = 25
TELEVISION = "television"


@dataclass(frozen=True, eq=False)
class Promesa:
    """Una promoción que se puede dar a cualquiera: sin cupo, categoría ni antigüedad exigidas."""

    referencia: Any
    desde: str
    hasta: str


@dataclass(frozen=True, eq=False)
class Oferta:
    """Un servicio tal como se vende o se vendió. Las fechas son textos ISO, que se comparan como tales."""

    referencia: Any
    """Con qué se nombra en el contrato: la clave en la base o el código en un archivo."""
    ambito: str
    es_movil: bool
    periodicidad: str
    fechas: tuple[str, ...]
    valores: tuple[str, ...]
    retirado_el: str
    condiciones: Any
    peso: int
    para_empresas: bool = False
    promesas: tuple[Promesa, ...] = ()

    def precio(self, dia: str) -> str:
        """El precio que regía ese día, «74900.00»; antes del primero, el primero."""
        return self.valores[max(bisect_right(self.fechas, dia) - 1, 0)]

    def disponible(self, anio: int) -> bool:
        """Si se vendió durante ese año."""
        return self.fechas[0] <= f"{anio}-12-31" and (not self.retirado_el or self.retirado_el >= f"{anio}-12-31")


def ambito_de(tipo: str, red: str) -> str:
    """De qué se habla en una interacción sobre un servicio de este tipo."""
    if red == MOVIL:
        return MOVIL
    return TV if tipo == TELEVISION else FIJA


def repartir(pesos: Mapping[T, int] | Sequence[tuple[T, int]], puestos: int) -> tuple[T, ...]:
    """Una tupla de `puestos` lugares en que cada elemento aparece en proporción a su peso."""
    pares = list(pesos.items()) if isinstance(pesos, Mapping) else list(pesos)
    total = sum(peso for _, peso in pares)
    lista: list[T] = []
    acumulado = 0
    for elemento, peso in pares:
        acumulado += peso
        lista.extend([elemento] * (acumulado * puestos // total - len(lista)))
    return tuple(lista)


class Estanteria:
    """Las ofertas por año y por clase de cliente, en listas donde la popularidad ya está repartida."""

    def __init__(self, ofertas: Iterable[Oferta], hoy: date) -> None:
        lanzadas = [oferta for oferta in ofertas if oferta.fechas and oferta.fechas[0] <= hoy.isoformat()]
        if not any(not oferta.retirado_el for oferta in lanzadas):
            raise ValueError(
                "El catálogo no tiene ningún servicio activo con un precio que ya rija: añada uno y repita la orden."
            )
        moviles = [oferta for oferta in lanzadas if oferta.es_movil]
        self.personas = self._por_anio(lanzadas, hoy.year, empresas=False)
        self.empresas = self._por_anio(lanzadas, hoy.year, empresas=True)
        self.moviles = self._por_anio(moviles, hoy.year, empresas=False) if moviles else self.personas

    @staticmethod
    def _por_anio(ofertas: list[Oferta], hasta: int, *, empresas: bool) -> dict[int, tuple[Oferta, ...]]:
        listas: dict[int, tuple[Oferta, ...]] = {}
        siguiente: tuple[Oferta, ...] = ()
        for anio in range(hasta, PRIMER_ANIO - 1, -1):
            propias = [
                (oferta, oferta.peso * (PESO_DE_EMPRESA if oferta.para_empresas else 1))
                for oferta in ofertas
                if oferta.disponible(anio) and (empresas or not oferta.para_empresas)
            ]
            # Antes del primer servicio del catálogo se ofrece lo primero que hubo; el contrato empieza entonces.
            siguiente = repartir(propias, SEGMENTOS) if propias else siguiente
            listas[anio] = siguiente
        # Un catálogo en que todo lo lanzado está retirado o es de empresas: se reparte lo que haya.
        respaldo = repartir([(oferta, oferta.peso) for oferta in ofertas], SEGMENTOS)
        return {anio: lista or respaldo for anio, lista in listas.items()}


PESO_POR_CODIGO = {servicio.codigo: servicio.peso for servicio in SERVICIOS}
PESO_DESCONOCIDO = 20


def es_para_empresas(codigo: str) -> bool:
    """Si el servicio es de empresas, según su código: «FIB-EMP-600»."""
    return "EMP" in codigo.split("-")


def ofertas_de_ejemplo() -> list[Oferta]:
    """Las 30 del catálogo de ejemplo, nombradas por su código."""
    promesas = {
        codigo: Promesa(codigo, datos["vigente_desde"], datos.get("vigente_hasta", ""))
        for codigo, datos in PROMOCIONES.items()
        if not datos.get("categorias") and not datos.get("cupo")
    }
    return [
        Oferta(
            referencia=servicio.codigo,
            ambito=ambito_de(servicio.tipo, RED_DE_TIPO[servicio.tipo]),
            es_movil=RED_DE_TIPO[servicio.tipo] == MOVIL,
            periodicidad=servicio.periodicidad,
            fechas=tuple(servicio.precios),
            valores=tuple(f"{valor}.00" for valor in servicio.precios.values()),
            retirado_el=servicio.retirado_el,
            condiciones={"servicio": servicio.nombre, "caracteristicas": servicio.caracteristicas},
            peso=servicio.peso,
            para_empresas=es_para_empresas(servicio.codigo),
            promesas=tuple(
                promesas[codigo] for codigo in promesas if servicio.codigo in PROMOCIONES[codigo]["servicios"]
            ),
        )
        for servicio in SERVICIOS
    ]
