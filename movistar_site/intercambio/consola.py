"""Lo que las órdenes de intercambio dicen en una terminal."""

from __future__ import annotations

import sys
from typing import IO, Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError
from django.utils import timezone

from .models import Importacion

ANCHO = 30


def cuenta_de(nombre: str, *, codigo: int) -> Any:
    """La cuenta del panel a cuyo nombre queda la historia, o None. Lanza CommandError si no existe."""
    if not nombre:
        return None
    usuario = get_user_model()._default_manager.filter(username=nombre).first()
    if usuario is None:
        raise CommandError(f"No existe la cuenta «{nombre}».", returncode=codigo)
    return usuario


class Barra:
    """Una línea que avanza, solo si hay una terminal que la muestre."""

    def __init__(self, salida: IO[str] | None = None) -> None:
        self.salida = salida or sys.stderr
        self.activa = bool(getattr(self.salida, "isatty", lambda: False)())
        self._largo = 0

    def __call__(self, importacion: Importacion) -> None:
        if not self.activa or not importacion.total:
            return
        lleno = min(ANCHO, importacion.hechos * ANCHO // importacion.total)
        texto = (
            f"{importacion.paso} [{'█' * lleno}{'·' * (ANCHO - lleno)}] {importacion.porcentaje} %"
            f"  {faltan(importacion)}"
        )
        self.salida.write("\r" + texto.ljust(self._largo))
        self.salida.flush()
        self._largo = len(texto)

    def quitar(self) -> None:
        """Borra la línea: lo que sigue se escribe limpio."""
        if self.activa and self._largo:
            self.salida.write("\r" + " " * self._largo + "\r")
            self.salida.flush()


def segundos_que_faltan(importacion: Importacion) -> int | None:
    """Cuánto falta del paso en curso al ritmo que lleva; None si aún no se sabe."""
    if not importacion.hechos or importacion.paso_desde is None:
        return None
    pasados = (timezone.now() - importacion.paso_desde).total_seconds()
    return max(0, round(pasados * (importacion.total - importacion.hechos) / importacion.hechos))


def faltan(importacion: Importacion) -> str:
    """«faltan 12 s», o nada si aún no se sabe."""
    segundos = segundos_que_faltan(importacion)
    if segundos is None:
        return ""
    return f"faltan {segundos} s" if segundos < 120 else f"faltan {segundos // 60} min"  # noqa: PLR2004
