"""Constancia de cada exportación: quién, qué, con qué filtro, cuántos registros y si llegó al final."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from ..models import Exportacion
from .plan import Cuenta

CONSOLA = "consola"


@dataclass
class Constancia:
    """Lo que va saliendo de una exportación."""

    cuenta: Cuenta = field(default_factory=Cuenta)
    bytes: int = 0


@contextmanager
def constancia(
    *, que: str, formato: str, puerta: str, usuario: Any = None, filtro: str = "", cuenta: Cuenta | None = None
) -> Iterator[Constancia]:
    """Anota la exportación antes de que salga el primer dato y la cierra como haya acabado.

    Si el servidor se apaga a la mitad, queda «En curso»: consta que se empezó. Sin `usuario` es de la consola.
    """
    registro = Exportacion.objects.create(
        usuario=usuario,
        autor=usuario.get_username() if usuario else CONSOLA,
        puerta=puerta,
        que=que,
        formato=formato,
        filtro=filtro,
    )
    va = Constancia(cuenta or Cuenta())
    estado = Exportacion.Estado.INTERRUMPIDA
    try:
        yield va
        estado = Exportacion.Estado.TERMINADA
    finally:
        Exportacion.objects.filter(pk=registro.pk).update(
            estado=estado, termino=timezone.now(), registros=va.cuenta.registros, bytes=va.bytes
        )


def con_constancia(trozos: Iterable[bytes], **datos: Any) -> Iterator[bytes]:
    """Los mismos trozos, dejando constancia. `datos`: los de `constancia`."""
    with constancia(**datos) as va:
        for trozo in trozos:
            va.bytes += len(trozo)
            yield trozo
