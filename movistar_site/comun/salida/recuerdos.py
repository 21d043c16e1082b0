"""Lo que se repite en una columna se pone por escrito una vez: valores, y días de los instantes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

_RECUERDOS = 20_000
_UNA_HORA = timedelta(hours=1)


class Recuerdos(dict[Any, Any]):
    """Recuerda lo escrito para cada valor, hasta un límite."""

    def __init__(self, escribir: Callable[[Any], Any]) -> None:
        super().__init__()
        self.escribir = escribir

    def __missing__(self, valor: Any) -> Any:
        if len(self) > _RECUERDOS:
            self.clear()
        escrito = self[valor] = self.escribir(valor)
        return escrito

    def todos(self, valores: Sequence[Any]) -> Sequence[str]:
        """Lo escrito para cada valor de una columna."""
        return list(map(self.__getitem__, valores))


def valor_de_instante(zona_de_la_base: Any, render: Callable[[datetime], Any] | None) -> Callable[[Any], Any]:
    """Lo que se escribe de un instante guardado: en hora de Colombia, por `render` o como texto ISO 8601."""
    zona = timezone.get_current_timezone()

    def lento(crudo: Any) -> Any:
        instante = datetime.fromisoformat(crudo) if isinstance(crudo, str) else crudo
        if instante.tzinfo is None:
            instante = instante.replace(tzinfo=zona_de_la_base)
        local = instante.astimezone(zona)
        return local.isoformat() if render is None else render(local)

    dias = Recuerdos(lambda dia: _en_horas(date.fromisoformat(dia), zona))

    def rapido(crudo: str) -> str:
        # «2026-02-03 15:15:00»: la hora de Colombia es la misma con otro número, y el resto no cambia.
        horas, diferencia, textos = dias[crudo[:10]]
        if horas is None:
            return str(lento(crudo))
        corrida, hora = divmod(int(crudo[11:13]) + horas, 24)
        return f"{textos[corrida]}T{hora:02d}{crudo[13:]}{diferencia}"

    def valor(crudo: Any) -> Any:
        if crudo is None:
            return None
        return rapido(crudo) if isinstance(crudo, str) and render is None and en_utc else lento(crudo)

    en_utc = zona_de_la_base is UTC
    return valor


def _en_horas(dia: date, zona: Any) -> tuple[int | None, str, tuple[str, ...]]:
    """La diferencia horaria de un día en horas y como se escribe, y el día, el siguiente y el anterior.

    None si en ese día cambia o no es de horas enteras.
    """
    inicio = datetime.combine(dia, time(), UTC).astimezone(zona)
    fin = datetime.combine(dia, time.max, UTC).astimezone(zona)
    horas, sobra = divmod(inicio.utcoffset() or timedelta(), _UNA_HORA)
    if sobra or fin.utcoffset() != inicio.utcoffset():
        return None, "", ()
    textos = tuple((dia + timedelta(dias)).isoformat() for dias in (0, 1, -1))
    return horas, inicio.isoformat()[19:], textos
