"""Constancia de lo que entra y sale por el par canónico."""

from __future__ import annotations

from typing import Any

from movistar_site.comun.registro_intercambio import registrar

from .motor import Informe


def registrar_importacion(usuario: Any, informe: Informe, archivos: list[str]) -> None:
    """Quién importó qué archivos y cuántos registros cambiaron."""
    total = informe.total
    cuentas = f"{total['nuevo']} nuevos, {total['cambiado']} cambiados, {total['igual']} iguales"
    registrar(usuario, f"Importó {', '.join(archivos)}: {cuentas}.", que="Importación de datos")
