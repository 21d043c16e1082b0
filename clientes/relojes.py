"""El reloj de las PQR a lo largo del tiempo: cada caso con las reglas del día en que se radicó.

`reloj.reloj(hoy)` basta para un día. Aquí se cuentan miles de casos de cualquier fecha leyendo las reglas una vez.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.utils import timezone

from movistar_site.comun.calendario import Calendario
from movistar_site.comun.models import Festivo
from movistar_site.comun.parametros import Fijado, fijados, valores_en

from .plazos import TIPO_RECURSO, TIPO_SUGERENCIA, Reloj


class Relojes:
    """Los relojes de todos los días, según lo fijado y los festivos registrados hasta ahora. Puro."""

    def __init__(self, filas: Sequence[Fijado], festivos: Iterable[date]) -> None:
        self._filas, self._festivos = filas, frozenset(festivos)
        self._cambios = sorted({desde for _, _, desde in filas})
        self._por_tramo: dict[int, Reloj] = {}
        self._vencimientos: dict[tuple[bool, date], date | None] = {}

    def del_dia(self, dia: date) -> Reloj:
        """El reloj que regía ese día."""
        tramo = bisect_right(self._cambios, dia)
        if tramo not in self._por_tramo:
            reglas = valores_en(self._filas, dia)
            calendario = Calendario(self._festivos, sabado_habil=reglas["sabado_habil"])
            self._por_tramo[tramo] = Reloj.de(reglas, calendario)
        return self._por_tramo[tramo]

    def vencimiento(self, tipo: str, radicada: datetime) -> date | None:
        """Cuándo vencía lo que se radicó en ese instante, con las reglas de ese día; None si no tiene plazo.

        También None si el calendario no llega a ese día (1984 a 2100): sin festivos conocidos no se fija un plazo.
        """
        return None if tipo == TIPO_SUGERENCIA else self.vence(timezone.localdate(radicada), tipo)

    def vence(self, dia: date, tipo: str) -> date | None:
        """Lo mismo, si ya se sabe el día de Bogotá y que sí tiene plazo."""
        clave = (tipo == TIPO_RECURSO, dia)
        if clave not in self._vencimientos:
            self._vencimientos[clave] = self._contar(*clave)
        return self._vencimientos[clave]

    def _contar(self, es_recurso: bool, dia: date) -> date | None:
        reloj = self.del_dia(dia)
        try:
            return reloj.calendario.sumar_habiles(dia, reloj.dias_recurso if es_recurso else reloj.dias_pqr)
        except ValueError:
            return None


def relojes() -> Relojes:
    """Los relojes con lo que hay en la base. Dos consultas: los parámetros y los festivos."""
    return Relojes(fijados(), Festivo.objects.values_list("fecha", flat=True))
