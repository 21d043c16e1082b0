"""Clientes, contratos, interacciones y consentimientos."""

from datetime import time
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

HORA_DE_REVISAR = time(5)
"""Antes de que empiece el día de trabajo: al llegar, cada quien ve lo que vence."""


class ClientesConfig(AppConfig):
    """Clientes, contratos, interacciones y consentimientos."""

    name = "clientes"
    verbose_name = "Clientes"

    def ready(self) -> None:
        from movistar_site.comun import trabajos

        from . import tareas, vigilancia_rne

        trabajos.DIARIOS["revisar plazos"] = trabajos.Diario(tareas.revisar_los_plazos, HORA_DE_REVISAR)
        trabajos.DIARIOS["revisar contactos"] = trabajos.Diario(tareas.revisar_los_contactos, HORA_DE_REVISAR)
        trabajos.AL_MANTENER.append(vigilancia_rne.retomar)
        post_migrate.connect(_cargar_municipios, sender=self, dispatch_uid="clientes.municipios_base")


def _cargar_municipios(using: str, **_: Any) -> None:
    from .base import cargar_municipios_base

    cargar_municipios_base(using)
