"""Intercambio: leer y escribir los archivos JSON canónicos y los formatos de cada lista."""

from django.apps import AppConfig


class IntercambioConfig(AppConfig):
    """Entrada y salida de datos por archivo."""

    name = "movistar_site.intercambio"
    label = "intercambio"
    verbose_name = "Intercambio"

    def ready(self) -> None:
        from movistar_site.comun import trabajos

        from . import (
            tablero,  # noqa: F401 - anota sus pendientes
            vigilancia,
        )

        trabajos.AL_MANTENER.append(vigilancia.retomar)
        trabajos.AL_ASEAR["importaciones"] = vigilancia.asear
