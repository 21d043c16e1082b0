"""El mapa guardado que le sirve a un archivo que se parece a aquel con que se hizo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .claves import normal

PARECIDO_MINIMO = 0.7


def elegir_mapa(firma: Mapping[str, Iterable[str]], mapas: Iterable[Any]) -> Any | None:
    """El mapa que más se parece a esa firma, o None.

    Sirve el que tiene presentes todas las claves que corrige y comparte al menos siete de cada diez claves con el
    archivo. Ante un empate, el más usado.
    """
    suyas = _pares(firma)
    mejor: tuple[float, int, Any] | None = None
    for mapa in mapas:
        # Un contenedor que no se conoce es a veces solo un rótulo: no cuenta para la forma.
        corregidas = {(e, normal(clave)) for e, claves in (mapa.claves or {}).items() if e for clave in claves}
        if not corregidas <= suyas:
            continue
        otras = _pares(mapa.firma or {})
        parecido = len(suyas & otras) / len(suyas | otras) if suyas | otras else 0.0
        if parecido < PARECIDO_MINIMO:
            continue
        usos = getattr(mapa, "usos", 0) or 0
        if mejor is None or (parecido, usos) > mejor[:2]:
            mejor = (parecido, usos, mapa)
    return mejor[2] if mejor else None


def _pares(firma: Mapping[str, Iterable[str]]) -> set[tuple[str, str]]:
    return {(entidad, clave) for entidad, claves in firma.items() for clave in claves}
