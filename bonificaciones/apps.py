"""Fidelización: quién lleva más de diez años y qué le corresponde."""

from django.apps import AppConfig


class BonificacionesConfig(AppConfig):
    """Fidelización: quién lleva más de diez años y qué le corresponde."""

    name = "bonificaciones"
    verbose_name = "Bonificaciones"
