"""Qué se conserva de un JSON que se acaba antes de tiempo: los registros completos, nunca uno a medias."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from movistar_site.comun.json_leido import Objeto

OMITIDO: Any = object()


@dataclass
class Cortado:
    """Un objeto o una lista sin cerrar: `leido`, sus hijos completos; `abierto`, el hijo que quedó a medias."""

    leido: Any
    abierto: tuple[Any, Cortado] | None


def podar(cortado: Cortado) -> Any:
    """Lo que se puede leer de un valor cortado, o OMITIDO.

    Un registro a medias se omite entero: importarlo borraría lo que le falta. Registro es el objeto que tiene más datos
    sueltos que hijos completos en lo que dejó abierto; `{"version": 1, "datos": [{…}, {…}, {…` no lo es.
    """
    if _es_registro(cortado):
        return OMITIDO
    leido = cortado.leido
    if cortado.abierto is not None:
        clave, abierto = cortado.abierto
        resto = podar(abierto)
        if resto is not OMITIDO:
            _sumar(leido, clave, resto)
    return leido if leido else OMITIDO


def _es_registro(cortado: Cortado) -> bool:
    leido = cortado.leido
    hijos = leido.values() if isinstance(leido, Objeto) else leido
    sueltos = sum(not isinstance(hijo, dict | list) for hijo in hijos)
    if not isinstance(leido, Objeto):
        # Una lista de textos cortada («["15", "03"») es un dato a medias.
        return sueltos > 0 and sueltos == len(leido)
    dentro = cortado.abierto[1].leido if cortado.abierto else ()
    hijos_dentro = dentro.values() if isinstance(dentro, dict) else dentro
    return sueltos > 0 and sueltos >= sum(isinstance(hijo, dict | list) for hijo in hijos_dentro)


def _sumar(leido: Any, clave: Any, resto: Any) -> None:
    if isinstance(leido, list):
        leido.append(resto)
    elif clave in leido:
        leido.repetidos = [*leido.repetidos, (clave, resto)]
    else:
        leido[clave] = resto
