"""El navegador de estos recorridos: además de lo de todos, no perdona un error en la consola."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

ESPERA_MS = 10_000
expect.set_options(timeout=ESPERA_MS)


@pytest.fixture(autouse=True)
def _carpeta_propia(settings: Any, tmp_path: Any) -> None:
    """Lo que se sube y se exporta no toca la carpeta de datos de nadie."""
    settings.DATOS_DIR = tmp_path / "panel"


@pytest.fixture
def navegador(navegador: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """El de todos; falla también si la consola anota un error: un recurso que falta o lo que la CSP no deja."""
    quejas: list[str] = []

    def anotar(mensaje: Any, pagina: Any) -> None:
        # Que una página de error llegue con 403, 404 o 429 no es una queja: es lo que se pidió.
        propia = mensaje.location.get("url", "") == pagina.url and "Failed to load resource" in mensaje.text
        if mensaje.type == "error" and not propia:
            quejas.append(f"{pagina.url}: {mensaje.text}")

    def abrir(*args: Any, **kwargs: Any) -> Any:
        pagina = navegador(*args, **kwargs)
        pagina.set_default_timeout(ESPERA_MS)
        pagina.on("console", lambda mensaje: anotar(mensaje, pagina))
        return pagina

    yield abrir
    assert not quejas, "\n".join(quejas)
