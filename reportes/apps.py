"""Indicadores y reportes; no tiene modelos de dominio."""

from django.apps import AppConfig


class ReportesConfig(AppConfig):
    """Indicadores y reportes; no tiene modelos de dominio."""

    name = "reportes"
    verbose_name = "Reportes"

    def ready(self) -> None:
        from . import resumenes  # noqa: F401 - anota sus cuentas
