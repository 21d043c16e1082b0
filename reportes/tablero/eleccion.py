"""Lo que cada quien elige ver en su tablero, y en qué orden: leerlo, guardarlo, mover, poner, quitar y restablecer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from ..models import PreferenciaTablero
from .papeles import de_inicio
from .tarjeta import Tarjeta, permitidas

ARRIBA, ABAJO = -1, 1


def elegidas(usuario: Any) -> list[Tarjeta]:
    """Las tarjetas de su tablero, en su orden; sin haber elegido, las de su papel. Una consulta o dos."""
    propias = PreferenciaTablero.objects.filter(usuario=usuario).values_list("tarjetas", flat=True).first()
    if propias is None:
        return de_inicio(usuario)
    por_clave = {una.clave: una for una in permitidas(usuario)}
    return [por_clave[clave] for clave in _sin_repetir(propias) if clave in por_clave]


def eligio(usuario: Any) -> bool:
    """Si tiene un tablero propio, distinto o no del de su papel."""
    return PreferenciaTablero.objects.filter(usuario=usuario).exists()


@transaction.atomic
def elegir(usuario: Any, claves: Iterable[Any]) -> list[Tarjeta]:
    """Guarda esas tarjetas en ese orden. Las que no existen o la cuenta no puede ver, y las repetidas, no cuentan."""
    por_clave = {una.clave: una for una in permitidas(usuario)}
    quedan = [clave for clave in _sin_repetir(claves) if clave in por_clave]
    PreferenciaTablero.objects.update_or_create(usuario=usuario, defaults={"tarjetas": quedan})
    return [por_clave[clave] for clave in quedan]


def restablecer(usuario: Any) -> None:
    """Vuelve a las de su papel."""
    PreferenciaTablero.objects.filter(usuario=usuario).delete()


def mover(tarjetas: Sequence[Tarjeta], clave: str, paso: int) -> list[str]:
    """Las claves con una tarjeta un lugar antes o después de las de su zona; en el borde, o si no está, igual."""
    orden = [una.clave for una in tarjetas]
    cual = next((una for una in tarjetas if una.clave == clave), None)
    if cual is None:
        return orden
    de_su_zona = [una.clave for una in tarjetas if una.zona == cual.zona]
    vecina = de_su_zona.index(clave) + paso
    if not 0 <= vecina < len(de_su_zona):
        return orden
    aqui, alla = orden.index(clave), orden.index(de_su_zona[vecina])
    orden[aqui], orden[alla] = orden[alla], orden[aqui]
    return orden


def _sin_repetir(claves: Any) -> list[str]:
    # Lo guardado es un JSON que alguien pudo cambiar por fuera: lo que no es una lista de textos no elige nada.
    return list(dict.fromkeys(c for c in claves if isinstance(c, str))) if isinstance(claves, Iterable) else []
