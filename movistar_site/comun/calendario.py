"""Días hábiles de Colombia: los que cuentan para responder una PQR o un reclamo de datos personales.

Es hábil el día de lunes a viernes que no es festivo; el sábado lo es solo si el ajuste lo dice. Los festivos salen
del paquete ``holidays`` (Ley 51 de 1983 y Ley 2578 de 2026, esta última desde 2026), más los que un administrador
agregue. Todo es puro: nada mira el reloj ni la base de datos.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final

import holidays

_SABADO: Final = 5
_DOMINGO: Final = 6
# Fuera de estos años el paquete devuelve cero festivos sin avisar: un plazo saldría mal y nadie lo notaría.
PRIMER_ANIO: Final = 1984
"""Primer año con los festivos trasladados al lunes (Ley 51 de 1983)."""
ULTIMO_ANIO: Final = 2100
"""Último año que el paquete ``holidays`` calcula."""


@lru_cache(maxsize=ULTIMO_ANIO - PRIMER_ANIO + 1)
def _festivos_nacionales(anio: int) -> frozenset[date]:
    if not PRIMER_ANIO <= anio <= ULTIMO_ANIO:
        raise ValueError(
            f"No hay festivos conocidos para el año {anio}: se esperaba una fecha de {PRIMER_ANIO} a {ULTIMO_ANIO}."
        )
    return frozenset(holidays.country_holidays("CO", years=anio, expand=False))


@lru_cache(maxsize=1024)
def _habiles_del_anio(adicionales: frozenset[date], sabado_habil: bool, anio: int) -> tuple[int, ...]:
    """Los días hábiles de un año, como ordinales en orden, para encontrarlos por bisección."""
    festivos = _festivos_nacionales(anio) | adicionales
    no_laborables = (_DOMINGO,) if sabado_habil else (_SABADO, _DOMINGO)
    dias = (date.fromordinal(n) for n in range(date(anio, 1, 1).toordinal(), date(anio, 12, 31).toordinal() + 1))
    return tuple(d.toordinal() for d in dias if d.weekday() not in no_laborables and d not in festivos)


@dataclass(frozen=True)
class Calendario:
    """Calendario de días hábiles de la empresa.

    ``festivos_adicionales``: días que no se trabajan y el paquete no conoce (una ley nueva, un día cívico).
    ``sabado_habil``: si el sábado cuenta como hábil; por omisión no (dominio, sección 2).

    Conoce los años 1984 a 2100. Sus métodos lanzan ``ValueError`` fuera de ellos, y también si reciben fecha y hora
    juntas: el día de un instante depende de la zona horaria, y eso lo decide quien llama.
    """

    festivos_adicionales: frozenset[date] = frozenset()
    sabado_habil: bool = False

    def es_festivo(self, d: date) -> bool:
        """Si el día es festivo nacional o adicional; un sábado o un domingo corrientes no lo son."""
        _exigir_solo_fecha(d)
        return d in _festivos_nacionales(d.year) or d in self.festivos_adicionales

    def es_habil(self, d: date) -> bool:
        """Si el día cuenta para los plazos: laborable y no festivo."""
        _exigir_solo_fecha(d)
        tabla, ordinal = self._tabla(d.year), d.toordinal()
        posicion = bisect_right(tabla, ordinal)
        return posicion > 0 and tabla[posicion - 1] == ordinal

    def sumar_habiles(self, d: date, n: int) -> date:
        """El día hábil número ``n`` contado desde el día siguiente a ``d``, que puede no ser hábil.

        Así corren los 15 días hábiles para responder una PQR desde su radicación (Ley 1341 de 2009, artículo 54;
        Resolución CRC 5050 de 2016, título II, capítulo 1). Con ``n`` = 0 devuelve ``d`` sin tocar.

        Lanza ``ValueError`` si ``n`` es negativo.
        """
        _exigir_solo_fecha(d)
        if n < 0:
            raise ValueError(f"No se pueden sumar {n} días hábiles: se esperaba cero o más.")
        if n == 0:
            return d
        anio = d.year
        tabla = self._tabla(anio)
        posicion = bisect_right(tabla, d.toordinal()) + n - 1
        while posicion >= len(tabla):
            posicion -= len(tabla)
            anio += 1
            tabla = self._tabla(anio)
        return date.fromordinal(tabla[posicion])

    def habiles_entre(self, a: date, b: date) -> int:
        """Días hábiles después de ``a`` y hasta ``b`` inclusive; negativo si ``b`` es anterior.

        Es la cuenta inversa de ``sumar_habiles``: ``habiles_entre(d, sumar_habiles(d, n)) == n``. Entre hoy y el
        vencimiento da los días que quedan, y con signo menos los de retraso.
        """
        _exigir_solo_fecha(a)
        _exigir_solo_fecha(b)
        if b < a:
            return -self.habiles_entre(b, a)
        completos = sum(len(self._tabla(anio)) for anio in range(a.year, b.year))
        return (
            completos
            + bisect_right(self._tabla(b.year), b.toordinal())
            - bisect_right(self._tabla(a.year), a.toordinal())
        )

    def siguiente_habil(self, d: date) -> date:
        """El primer día hábil posterior a ``d``, aunque ``d`` también lo sea."""
        return self.sumar_habiles(d, 1)

    def _tabla(self, anio: int) -> tuple[int, ...]:
        return _habiles_del_anio(self.festivos_adicionales, self.sabado_habil, anio)


def _exigir_solo_fecha(d: date) -> None:
    # datetime hereda de date, pero nunca es igual a una: un festivo con hora pasaría por hábil.
    if isinstance(d, datetime):
        raise ValueError(f"Llegó {d.isoformat()} con hora: se esperaba solo la fecha, ya en la hora de Bogotá.")
