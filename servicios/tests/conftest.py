"""Lo que comparten las pruebas del catálogo."""

import pytest


@pytest.fixture(autouse=True)
def sin_navegacion(settings):
    """La navegación enlaza pantallas de otras aplicaciones: el catálogo se prueba sin ella."""
    settings.UNFOLD = {**settings.UNFOLD, "SIDEBAR": {**settings.UNFOLD["SIDEBAR"], "navigation": []}}
