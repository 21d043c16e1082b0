"""Clientes, contratos, interacciones y consentimientos."""

from django.apps import AppConfig


class ClientesConfig(AppConfig):
    """Clientes, contratos, interacciones y consentimientos."""

    name = "clientes"
    verbose_name = "Clientes"
