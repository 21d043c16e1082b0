"""Lo que un archivo nombra y es propio de cada panel: motivos, equipos y cuentas.

Son decenas: se leen una vez por importación. Con lo que aquí no existe el caso entra sin ello, y se dice.
"""

from __future__ import annotations

from typing import Any

from movistar_site.comun.models import Usuario
from movistar_site.comun.registros_crudos import PorCrear
from movistar_site.comun.valores import citar, normalizar

from ..models import Equipo, MotivoInteraccion


class Ajenos:
    """Halla motivos, equipos y cuentas por como los nombra el archivo. `memoria`: la de la importación."""

    def __init__(self, memoria: dict[Any, Any]) -> None:
        self.memoria = memoria

    def motivo(self, texto: str) -> Any:
        """El de ese código o nombre, retirado o no."""
        return self._hallar(MotivoInteraccion, ("nombre", "codigo"), texto, "El motivo", "sin motivo")

    def equipo(self, texto: str) -> Any:
        """El de ese nombre, activo o no."""
        return self._hallar(Equipo, ("nombre",), texto, "El equipo", "sin equipo")

    def cuenta(self, texto: str) -> Any:
        """La de ese nombre de usuario."""
        return self._hallar(Usuario, ("username",), texto, "La cuenta", "sin responsable")

    def _hallar(self, modelo: Any, campos: tuple[str, ...], texto: str, que: str, quedo: str) -> Any:
        clave = ("ajenos", modelo)
        if clave not in self.memoria:
            filas = list(modelo.objects.all())
            self.memoria[clave] = {normalizar(getattr(fila, campo)): fila for campo in campos for fila in filas}
        hallado = self.memoria[clave].get(normalizar(texto))
        if hallado is None:
            hallado = modelo()
            hallado.por_crear = PorCrear(texto, "")
            hallado.por_que = f"{que} {citar(texto)} no existe en este panel: quedó {quedo}."
        return hallado
