"""Capas propias entre la petición y las páginas."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse

from . import vistas


class DatosQueNoCaben:
    """Convierte en un 400 lo que la base no puede ni comparar: un número de cuarenta cifras o un carácter nulo.

    Nadie llega ahí desde un formulario: son direcciones o envíos hechos a mano, y no un error interno.
    """

    def __init__(self, siguiente: Callable[[HttpRequest], HttpResponse]) -> None:
        self.siguiente = siguiente

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.siguiente(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Responde 400 a lo que no cabe; lo demás sigue su camino."""
        if isinstance(error, OverflowError | DataError):
            return vistas.peticion_mala(request, error)
        return None
