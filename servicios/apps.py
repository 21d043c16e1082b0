"""Catálogo: tipos de servicio, servicios, precios y promociones."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ServiciosConfig(AppConfig):
    """Catálogo: tipos de servicio, servicios, precios y promociones."""

    name = "servicios"
    verbose_name = "Servicios"

    def ready(self) -> None:
        post_migrate.connect(_cargar_tipos, sender=self, dispatch_uid="servicios.tipos_base")


def _cargar_tipos(using: str, **_: Any) -> None:
    from .base import cargar_tipos_base

    cargar_tipos_base(using)
