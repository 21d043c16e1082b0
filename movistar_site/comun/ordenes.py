"""Lo que comparten las órdenes de consola: el día que se les pide y qué dicen si la base no las deja terminar."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.core.management.base import CommandError
from django.db import OperationalError
from django.utils import timezone

from .valores import a_fecha


def dia_de(texto: str, opcion: str, *, codigo: int = 1) -> date:
    """El día escrito en una opción. Lanza CommandError, con esa opción y ese estado de salida, si no es una fecha."""
    try:
        return a_fecha(texto)
    except ValueError as error:
        raise CommandError(f"{opcion}: {error}", returncode=codigo) from None


def como_si_fuera(hoy: str) -> tuple[date, datetime]:
    """El día que se pide con `--hoy` (vacío, el de hoy) y el momento: ese día, a la hora que es."""
    ahora = timezone.now()
    dia = dia_de(hoy, "--hoy") if hoy else timezone.localdate(ahora)
    if dia != timezone.localdate(ahora):
        ahora = timezone.make_aware(datetime.combine(dia, timezone.localtime(ahora).time()))
    return dia, ahora


@contextmanager
def si_la_base_no_deja(queda: str = "Lo hecho queda") -> Iterator[None]:
    """Dice en una frase que la base no dejó terminar, y qué pasa con lo que se alcanzó a hacer."""
    try:
        yield
    except OperationalError as error:
        raise CommandError(
            f"La base de datos no dejó terminar ({str(error).strip()}). {queda}: repita la orden.", returncode=1
        ) from error
