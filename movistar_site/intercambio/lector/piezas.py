"""Lo que el lector cuenta de un archivo además de sus datos: qué reparó y dónde."""

from __future__ import annotations

from typing import NamedTuple

MAX_REPARACIONES = 1_000


class Reparacion(NamedTuple):
    """Algo mal escrito que se leyó sin inventar nada. Línea y columna desde 1; 0 si es de todo el archivo."""

    linea: int
    columna: int
    que: str

    def __str__(self) -> str:
        return f"línea {self.linea}, columna {self.columna}: {self.que}" if self.linea else self.que


class Reparaciones(list[Reparacion]):
    """Lo reparado en un archivo, hasta MAX_REPARACIONES; de las demás solo se dice que las hay."""

    def anotar(self, linea: int, columna: int, que: str) -> None:
        """Suma una reparación."""
        if len(self) < MAX_REPARACIONES:
            self.append(Reparacion(linea, columna, que))
        elif len(self) == MAX_REPARACIONES:
            self.append(Reparacion(linea, columna, "Desde aquí hay más reparaciones, que ya no se listan."))
