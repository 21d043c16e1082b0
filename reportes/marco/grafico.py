"""El gráfico de un reporte, dicho como datos: lo dibuja Chart.js en la página y su tabla lo dice a quien no lo ve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .columnas import Columna
    from .tabla import Fila, Tabla

BARRAS, LINEAS, DONA = "barras", "lineas", "dona"


@dataclass(frozen=True)
class Grafico:
    """Qué se dibuja de un reporte: `series`, columnas de cifras; `rotulo`, la que nombra cada punto.

    `tipo`: barras (acostadas, las mayores primero), lineas (en el tiempo, en el orden del reporte) o dona. De barras y
    donas se dibujan las `maximo` mayores; `en_orden`, todas y en el orden del reporte.
    """

    tipo: str
    series: tuple[str, ...]
    rotulo: str
    maximo: int = 10
    apiladas: bool = False
    en_orden: bool = False

    def datos(self, columnas: Sequence[Columna], tabla: Tabla) -> dict[str, Any]:
        """Lo que dibuja el navegador: rótulos, series con su nombre y clase, y qué es."""
        por_nombre = {columna.nombre: columna for columna in columnas}
        filas = self._elegidas(tabla)
        return {
            "tipo": self.tipo,
            "apiladas": self.apiladas,
            "rotulos": [str(fila.valores.get(self.rotulo) or "—") for fila in filas],
            "series": [
                {
                    "nombre": por_nombre[serie].titulo,
                    "clase": por_nombre[serie].clase.value,
                    "valores": [_numero(fila.valores.get(serie)) for fila in filas],
                }
                for serie in self.series
            ],
        }

    def _elegidas(self, tabla: Tabla) -> Sequence[Fila]:
        if self.tipo == LINEAS or self.en_orden:
            return tabla.filas
        mayores = sorted(tabla.filas, key=lambda fila: -(_numero(fila.valores.get(self.series[0])) or 0))
        return [fila for fila in mayores if fila.valores.get(self.series[0])][: self.maximo]


def _numero(valor: Any) -> float | None:
    return None if valor is None else float(valor)
