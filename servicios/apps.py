"""Catálogo: tipos de servicio, servicios, precios y promociones."""

from django.apps import AppConfig


class ServiciosConfig(AppConfig):
    """Catálogo: tipos de servicio, servicios, precios y promociones."""

    name = "servicios"
    verbose_name = "Servicios"
