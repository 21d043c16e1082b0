"""Lo que piden las pruebas de las pantallas."""

import pytest
from django.utils import timezone

from .fabricas import FabricaUsuario


@pytest.fixture
def hoy():
    return timezone.localdate()


@pytest.fixture
def admin(client, db):
    client.force_login(FabricaUsuario(username="jefe", is_superuser=True))
    return client
