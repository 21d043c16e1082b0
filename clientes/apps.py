"""Clientes, contratos, interacciones y consentimientos."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ClientesConfig(AppConfig):
    """Clientes, contratos, interacciones y consentimientos."""

    name = "clientes"
    verbose_name = "Clientes"

    def ready(self) -> None:
        post_migrate.connect(_cargar_municipios, sender=self, dispatch_uid="clientes.municipios_base")


def _cargar_municipios(using: str, **_: Any) -> None:
    from .base import cargar_municipios_base

    cargar_municipios_base(using)
