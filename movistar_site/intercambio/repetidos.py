"""Los registros de un archivo que traen la misma clave que otro anterior."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from movistar_site.comun.piezas_intercambio import ERROR, Falta, Resultado

from .etapa import Fila
from .models import Importacion, RegistroPlan
from .piezas import LARGO_DE_CLAVE, OMITIDO, guardable

BITS = 2**24


class Vistas:
    """Las claves que ya pasaron, en dos megas por muchas que sean (un filtro de Bloom de dos marcas por clave).

    Puede decir de una que no pasó que quizás sí (una de cada 80 con un millón de claves), nunca lo contrario: así solo
    se pregunta a la base por las pocas que quizás se repiten.
    """

    def __init__(self) -> None:
        self._marcas = bytearray(BITS // 8)

    def quizas(self, clave: str) -> bool:
        """Si la clave quizás ya había pasado; desde ahora, pasó."""
        mezcla, marcas, antes = hash(clave), self._marcas, True
        for posicion in (mezcla % BITS, (mezcla >> 32) % BITS):
            byte, bit = posicion >> 3, 1 << (posicion & 7)
            antes = antes and bool(marcas[byte] & bit)
            marcas[byte] |= bit
        return antes


def marcar_repetidos(
    importacion: Importacion,
    entidad: str,
    filas: Sequence[Fila],
    resultados: Sequence[Resultado],
    *,
    sin: Sequence[int] = (),
    vistas: Vistas | None = None,
) -> None:
    """Dos registros del archivo con la misma clave: el segundo se omite si dice lo mismo y es un error si no.

    `sin`: los registros del plan que no se miran (los mismos que se están comparando otra vez). `vistas`: las claves
    que ya se guardaron en el plan, si quien llama las llevó todas.
    """
    claves = [guardable(resultado.clave, LARGO_DE_CLAVE) for resultado in resultados]
    vistos = _previos(importacion, entidad, [c for c in claves if c and (vistas is None or vistas.quizas(c))], sin)
    for fila, resultado, clave in zip(filas, resultados, claves, strict=True):
        if not clave:
            continue
        if clave not in vistos:
            vistos[clave] = (fila.ruta, fila.valores)
            continue
        ruta, valores = vistos[clave]
        if valores == fila.valores:
            resultado.tipo, resultado.faltas = OMITIDO, []
            resultado.notas = [*resultado.notas, f"Repetido: dice lo mismo que {ruta}."]
        else:
            motivo = f"Repetido: {ruta} y {fila.ruta} traen la misma clave."
            resultado.tipo, resultado.faltas = ERROR, [Falta("", clave, motivo)]


def _previos(
    importacion: Importacion, entidad: str, claves: Sequence[str], sin: Sequence[int]
) -> dict[str, tuple[str, Any]]:
    """El lugar y los valores del primer registro del plan con cada una de esas claves."""
    if not claves:
        return {}
    consulta = RegistroPlan.objects.filter(importacion=importacion, entidad=entidad, clave__en_lista=claves)
    # Se ordenan aquí: pidiéndole el orden, SQLite recorre el plan entero por ese orden en vez de buscar las claves.
    previos = sorted(
        consulta.exclude(pk__in=sin).order_by().values_list("id", "clave", "ruta", "valores"),
        key=itemgetter(0),
        reverse=True,
    )
    return {clave: (ruta, valores) for _, clave, ruta, valores in previos}
