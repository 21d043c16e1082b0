#!/usr/bin/env python
"""Órdenes de administración del panel."""

import os
import sys


def main() -> None:
    """Ejecuta la orden que se pide en la línea de comandos."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movistar_site.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit("Django no está instalado en este Python: ejecute `make run` o active .venv.") from error
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        raise SystemExit(f"Ajustes del panel: {error}") from None


if __name__ == "__main__":
    main()
