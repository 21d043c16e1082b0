"""Cuándo sale un envío: cada día, semana o mes, a una hora de Bogotá. Puro: el momento llega como argumento."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import models

BOGOTA = ZoneInfo("America/Bogota")
ULTIMO = 32
"""El día del mes que es siempre el último."""
DIAS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
HORAS = range(24)
_SEMANA = timedelta(days=7)
_DIAS_SEGUROS = 28


class Cada(models.TextChoices):
    """Cada cuánto se envía."""

    DIA = "dia", "Cada día"
    SEMANA = "semana", "Cada semana"
    MES = "mes", "Cada mes"


@dataclass(frozen=True)
class Cadencia:
    """Cada cuánto sale y a qué hora.

    `dia`: el de la semana (1, lunes; 7, domingo) o el del mes (1 a 31, o ULTIMO); None si es cada día. En un mes que no
    llega a ese día, sale el último.
    """

    cada: str
    hora: int
    dia: int | None = None

    def __str__(self) -> str:
        return f"{self.en_palabras_el_dia()} a las {self.hora:02}:00"

    def en_palabras_el_dia(self) -> str:
        """«Cada lunes», «El día 15 de cada mes»."""
        if self.cada == Cada.DIA or self.dia is None:
            return "Cada día"
        if self.cada == Cada.SEMANA:
            return f"Cada {DIAS[self.dia - 1]}"
        if self.dia == ULTIMO:
            return "El último día de cada mes"
        corto = ", o el último," if self.dia > _DIAS_SEGUROS else ""
        return f"El día {self.dia} de cada mes{corto}"


def proxima_vez(cadencia: Cadencia, *, despues_de: datetime) -> datetime:
    """La primera vez que toca después de ese momento, sin contarlo."""
    return min(vez for vez in _cercanas(cadencia, despues_de) if vez > despues_de)


def ultima_vez(cadencia: Cadencia, *, hasta: datetime) -> datetime:
    """La última vez que tocaba hasta ese momento, contándolo."""
    return max(vez for vez in _cercanas(cadencia, hasta) if vez <= hasta)


def _cercanas(cadencia: Cadencia, momento: datetime) -> Iterator[datetime]:
    """Las veces de alrededor: al menos una hasta ese momento y una después."""
    for dia in _dias(cadencia, momento.astimezone(BOGOTA).date()):
        yield datetime.combine(dia, time(cadencia.hora), BOGOTA)


def _dias(cadencia: Cadencia, hoy: date) -> Iterator[date]:
    if cadencia.cada == Cada.DIA or cadencia.dia is None:
        yield from (hoy - timedelta(days=1), hoy, hoy + timedelta(days=1))
    elif cadencia.cada == Cada.SEMANA:
        este = hoy - timedelta(days=(hoy.isoweekday() - cadencia.dia) % 7)
        yield from (este - _SEMANA, este, este + _SEMANA)
    else:
        primero = hoy.replace(day=1)
        for mes in (primero - timedelta(days=1), primero, primero + timedelta(days=_DIAS_SEGUROS + 4)):
            yield mes.replace(day=min(cadencia.dia, monthrange(mes.year, mes.month)[1]))
