"""Dónde va la lectura de lo que cuelga de un registro."""

from __future__ import annotations

from typing import Any, NamedTuple

from .piezas import Sitio


class Puesto(NamedTuple):
    """El sitio de un valor que cuelga de un registro, de quién es y lo que ya se sabe de él por donde está."""

    ruta: str
    sitio: Sitio
    cliente: Any
    base: dict[str, Any]
    clave: str = ""
    nivel: int = 0

    def dentro(self, ruta: str, **sabido: Any) -> Puesto:
        """Un nivel más adentro, quizá sabiendo algo más."""
        base = {**self.base, **sabido} if sabido else self.base
        return Puesto(ruta, self.sitio, self.cliente, base, self.clave, self.nivel + 1)
