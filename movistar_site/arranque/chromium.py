"""Dónde está el Chromium de esta máquina, para las pruebas de navegador."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

NOMBRES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def buscar() -> str | None:
    """La ruta de un Chromium que Playwright pueda manejar, o None si falta el navegador o Playwright.

    Manda la variable CHROMIUM; luego, el del sistema; al final, el que Playwright haya descargado.
    """
    if find_spec("playwright") is None:
        return None
    if pedido := os.environ.get("CHROMIUM"):
        return shutil.which(pedido)
    for nombre in NOMBRES:
        if ruta := shutil.which(nombre):
            return ruta
    return _el_de_playwright()


def _el_de_playwright() -> str | None:
    descargas = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path("~/.cache/ms-playwright").expanduser())
    ejecutables = sorted(descargas.glob("chromium-*/chrome-linux*/chrome"), reverse=True)
    return str(ejecutables[0]) if ejecutables else None
