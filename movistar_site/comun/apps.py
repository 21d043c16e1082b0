"""Terreno común: valores, calendario, historia, búsqueda y bases del admin. No importa ninguna otra aplicación."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


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
        pre_migrate.connect(_quitar_resumenes, sender=self)
        # Sin remitente: las cuentas de una aplicación necesitan las tablas de otras.
        post_migrate.connect(_asegurar_resumenes, dispatch_uid="comun.resumenes")


def _asegurar_indices(using: str, **_: Any) -> None:
    from .busqueda import asegurar_indices

    asegurar_indices(connections[using])


def _quitar_resumenes(using: str, plan: Any = (), **_: Any) -> None:
    """Si algo va a migrar: SQLite rehace una tabla al cambiarla, y no puede mientras un disparador la nombra."""
    from .resumenes import suspender

    if plan:
        suspender(connections[using])


def _asegurar_resumenes(using: str, **_: Any) -> None:
    from .resumenes import asegurar

    asegurar(connections[using])
