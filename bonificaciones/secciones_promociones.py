"""La sección de la ficha que dice qué promociones puede tener hoy el cliente, y por qué no las demás."""

from __future__ import annotations

from datetime import date
from typing import Any

from clientes.models import Cliente
from clientes.secciones import Seccion

from .promociones import PromocionPosible, promociones_de

SERVICIOS_NOMBRADOS = 3


class PromocionesQuePuede(Seccion):
    """Las que puede tener, y plegadas las que no con su razón."""

    clave = "promociones"
    titulo = "Promociones que puede tener hoy"
    icono = "sell"
    permisos = ("servicios.view_promocion",)
    plantilla = "admin/fidelizacion/promociones/en_la_ficha.html"
    orden = 60

    def contexto(self, cliente: Cliente, *, usuario: Any, hoy: date) -> dict[str, Any] | None:
        todas = promociones_de(cliente, hoy=hoy)
        if not todas:
            return None
        return {
            "puede": [_fila(una) for una in todas if una.puede],
            "no_puede": [_fila(una) for una in todas if not una.puede],
        }


def _fila(una: PromocionPosible) -> dict[str, Any]:
    nombres = [servicio.nombre for servicio in una.servicios]
    mas = len(nombres) - SERVICIOS_NOMBRADOS
    sobre = ", ".join(nombres[:SERVICIOS_NOMBRADOS]) + (f" y {mas} más" if mas > 0 else "")
    return {"promocion": una.promocion, "porque": una.porque, "sobre": sobre or "Todo el catálogo"}
