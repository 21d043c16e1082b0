"""La raíz de composición del panel."""

from typing import Any

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate


class AdminPanelConfig(AdminConfig):
    """El admin de Django con el sitio del panel como sitio por omisión: las aplicaciones se registran en él."""

    default_site = "movistar_site.sitio.SitioPanel"


class SitioConfig(AppConfig):
    """Une las aplicaciones: sitio del admin, navegación y papeles."""

    name = "movistar_site"
    label = "sitio"
    verbose_name = "Panel"

    def ready(self) -> None:
        # post_migrate se anuncia por aplicación: con la última, todas han creado ya sus permisos.
        ultima = [app for app in apps.get_app_configs() if app.models_module is not None][-1]
        post_migrate.connect(_sincronizar_papeles, sender=ultima, dispatch_uid="sitio.papeles")


def _sincronizar_papeles(using: str, **_: Any) -> None:
    from .roles import sincronizar_papeles

    sincronizar_papeles(using)
