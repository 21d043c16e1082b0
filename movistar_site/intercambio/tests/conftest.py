"""Cuentas y carpetas de las pruebas del intercambio."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from movistar_site.comun.models import Usuario


@pytest.fixture(autouse=True)
def _carpeta_propia(settings: Any, tmp_path: Path) -> None:
    settings.DATOS_DIR = tmp_path / "panel"


def cuenta(papel: str, nombre: str = "") -> Usuario:
    usuario = Usuario.objects.create_user(nombre or papel.split(maxsplit=1)[0].lower(), password="clave-de-prueba-1")
    usuario.is_staff = True
    usuario.save()
    usuario.groups.add(Group.objects.get(name=papel))
    return usuario


@pytest.fixture
def administrador(db: None, client: Client) -> Client:
    """Un navegador con la sesión de un administrador."""
    client.force_login(cuenta("Administrador"))
    return client
