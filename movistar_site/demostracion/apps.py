"""Datos de demostración: el ejemplo con que nace el panel y cargas inventadas de cualquier tamaño."""

from django.apps import AppConfig


class DemostracionConfig(AppConfig):
    """Ejemplo y datos de demostración; no tiene modelos propios."""

    name = "movistar_site.demostracion"
    label = "demostracion"
    verbose_name = "Datos de demostración"
