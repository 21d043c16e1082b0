"""El gráfico de un reporte, dicho como datos: lo dibuja Chart.js en la página y su tabla lo dice a quien no lo ve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .columnas import en_palabras

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
        clase = por_nombre[self.rotulo].clase
        rotulos = [en_palabras(clase, fila.valores.get(self.rotulo)) for fila in filas]
        series = [por_nombre[serie] for serie in self.series]
        return {
            "tipo": self.tipo,
            "apiladas": self.apiladas,
            "rotulos": rotulos,
            "series": [
                {
                    "nombre": serie.titulo,
                    "clase": serie.clase.value,
                    "valores": [_numero(fila.valores.get(serie.nombre)) for fila in filas],
                }
                for serie in series
            ],
            # Lo mismo escrito, para quien no ve el dibujo.
            "puntos": [
                {"rotulo": rotulo, "textos": [en_palabras(s.clase, fila.valores.get(s.nombre)) for s in series]}
                for rotulo, fila in zip(rotulos, filas, strict=True)
            ],
        }

    def _elegidas(self, tabla: Tabla) -> Sequence[Fila]:
        if self.tipo == LINEAS or self.en_orden:
            return tabla.filas
        # Unas barras apiladas son tan largas como la suma de lo que llevan.
        miran = self.series if self.apiladas else self.series[:1]
        largos = [(sum(_numero(fila.valores.get(serie)) or 0 for serie in miran), fila) for fila in tabla.filas]
        mayores = sorted(largos, key=lambda par: -par[0])
        return [fila for largo, fila in mayores if largo][: self.maximo]


def _numero(valor: Any) -> float | None:
    return None if valor is None else float(valor)
