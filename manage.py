#!/usr/bin/env python
"""Órdenes de administración del panel."""

import os
import sys


def main() -> None:
    """Ejecuta la orden que se pide en la línea de comandos."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movistar_site.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit("Django no está instalado en este Python: ejecute `make run` o active .venv.") from error
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
