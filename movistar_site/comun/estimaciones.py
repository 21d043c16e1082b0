"""Lo que PostgreSQL cree que hay en una tabla que un trabajo largo está llenando.

Él mismo lo averigua, pero al minuto: hasta entonces toma por casi vacía una tabla recién llenada, y por cada tanda la
recorre entera en vez de buscar en su índice; el trabajo se vuelve más lento cuanto más avanza.
"""

from __future__ import annotations

from django.db import models

from .lotes import tabla_de

VECES = 4
"""Cuántas veces mayor debe ser lo escrito para volver a averiguarlo."""


class Creciente:
    """Una tabla, con la de su historia, que se averigua tras la primera tanda y cada vez que crece otro tanto."""

    def __init__(self, modelo: type[models.Model]) -> None:
        self.tabla = tabla_de(modelo)
        self._escritas, self._proxima = 0, 1

    def crecio(self, filas: int) -> None:
        """Se escribieron esas filas más y ya están confirmadas."""
        self._escritas += filas
        if self._escritas >= self._proxima:
            self._proxima = self._escritas * VECES
            self.estimar()

    def estimar(self) -> None:
        """Lo averigua ya. En SQLite no hace falta: sus índices se eligen sin mirar cuánto hay."""
        if self.tabla.conexion.vendor == "postgresql":
            self.tabla.ejecutar(f"ANALYZE {self.tabla.nombre}")
            if self.tabla.historico is not None:
                self.tabla.ejecutar(f"ANALYZE {self.tabla.historia}")
