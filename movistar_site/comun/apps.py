"""Terreno común: valores, calendario, historia, búsqueda y bases del admin. No importa ninguna otra aplicación."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class ComunConfig(AppConfig):
    """Lo que comparten todas las aplicaciones del panel."""

    name = "movistar_site.comun"
    label = "comun"
    verbose_name = "Configuración"

    def ready(self) -> None:
        from . import auditoria, avisos, listas_largas, trabajos  # noqa: F401 - registra `__en_lista`

        auditoria.conectar()
        trabajos.AL_ASEAR["avisos"] = avisos.asear
        post_migrate.connect(_asegurar_indices, sender=self)


def _asegurar_indices(using: str, **_: Any) -> None:
    from .busqueda import asegurar_indices

    asegurar_indices(connections[using])
