"""Las celdas de un reporte como las dibuja su página: el texto, a qué filas lleva y cuánto cambió."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .marco import TOTAL, Agrupado, Clase, Columna, Fila, Medida, Pedido
from .marco.columnas import NADA, Cifra, en_palabras, porcentaje
from .marco.enlaces import TODAS, direccion_de_filas

FICHAS = 5
"""Las cifras del total que encabezan la página."""
_DIEZ_VECES = 1_000


@dataclass(frozen=True)
class Cambio:
    """Cuánto cambió una cifra frente al período anterior. `tono`: bien, mal o neutro."""

    texto: str
    sentido: str
    tono: str
    antes: str


@dataclass(frozen=True)
class Celda:
    """Lo que se ve en una celda. `enlace`: las filas que forman la cifra."""

    columna: Columna
    texto: str
    enlace: str = ""
    cambio: Cambio | None = None


def cambio(clase: Clase, ahora: Any, antes: Any, *, mejor_menos: bool | None = False) -> Cambio | None:
    """De `antes` a `ahora`; ninguno si alguna no se sabe."""
    if ahora is None or antes is None:
        return None
    diferencia = Decimal(ahora) - Decimal(antes)
    if en_palabras(clase, ahora) == en_palabras(clase, antes):  # lo que no se ve no cambió
        return Cambio("igual", "igual", "neutro", en_palabras(clase, antes))
    sube = diferencia > 0
    tono = "neutro" if mejor_menos is None else "bien" if sube != mejor_menos else "mal"
    sentido = "sube" if sube else "baja"
    return Cambio(_en_cuanto(clase, diferencia, antes), sentido, tono, en_palabras(clase, antes))


def _en_cuanto(clase: Clase, diferencia: Decimal, antes: Any) -> str:
    """De cuánto fue el cambio: en puntos si es un porcentaje; si no, qué parte de lo que había."""
    if clase is Clase.PORCENTAJE:
        # La de lo que se ve: de 7,7 % a 7,8 % hay 0,1 puntos, aunque sin redondear sean menos.
        visto = round(Decimal(antes) + diferencia, 1) - round(Decimal(antes), 1)
        return f"{en_palabras(Clase.DECIMAL, abs(visto))}\u00a0puntos"
    parte = porcentaje(abs(diferencia), abs(Decimal(antes)))
    if parte is None or parte >= _DIEZ_VECES or not round(parte, 1):
        return en_palabras(clase, abs(diferencia))
    return en_palabras(Clase.PORCENTAJE, parte)


def celdas(
    reporte: Agrupado, pedido: Pedido, fila: Fila, *, parametros: Mapping[str, Any], abre: bool = True
) -> list[Celda]:
    """Las de una fila, o las del total. `abre`: si la cuenta puede ver las filas de cada cifra."""
    columnas = reporte.columnas(pedido)
    rotulos = reporte.dimension(pedido).rotulos
    if fila.clave is TOTAL:
        hechas = [Celda(columna, "" if n else "Total") for n, columna in enumerate(rotulos)]
        clave = TODAS
    else:
        hechas = [
            Celda(columna, en_palabras(columna.clase, fila.valores.get(columna.nombre)), "" if n else fila.enlace)
            for n, columna in enumerate(rotulos)
        ]
        clave = reporte.dimension(pedido).a_texto(fila.clave)
    for cifra in columnas[len(rotulos) :]:
        enlace = direccion_de_filas(reporte.clave, cifra.nombre, clave, parametros) if abre else ""
        hechas.append(_celda(reporte, cifra, fila, enlace))  # type: ignore[arg-type]
    return hechas


def _celda(reporte: Agrupado, cifra: Cifra, fila: Fila, enlace: str) -> Celda:
    valor = fila.valores.get(cifra.nombre)
    # Lo que no tiene filas no se abre.
    se_abre = reporte.medida_que_abre(cifra) is not None and valor not in (None, 0)
    varia = None
    if fila.antes is not None:
        antes = fila.antes.get(cifra.nombre, 0 if isinstance(cifra, Medida) else None)
        varia = cambio(cifra.clase, valor, antes, mejor_menos=cifra.mejor_menos)
    return Celda(cifra, en_palabras(cifra.clase, valor), enlace if se_abre else "", varia)


def fichas(reporte: Agrupado, total: Sequence[Celda]) -> list[Celda]:
    """Las cifras del total que encabezan la página. Una participación no va: en el total es siempre todo."""
    dicen = [
        celda
        for celda in total
        if celda.columna.es_numero
        and celda.texto not in ("", NADA)
        and not getattr(celda.columna, "sobre_total", False)
    ]
    return dicen[:FICHAS] if reporte.con_total else []
