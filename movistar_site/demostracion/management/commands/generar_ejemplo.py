"""`manage.py generar_ejemplo`: vuelve a escribir los archivos de ejemplo que vienen con el panel."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from movistar_site.demostracion.ejemplo_clientes import CARPETA, escribir


class Command(BaseCommand):
    """Los escribe siempre iguales: hace falta solo cuando cambia el generador."""

    help = "Escribe servicios.json y usuario.json de ejemplo. Siempre salen iguales, byte por byte."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--carpeta", default=str(CARPETA), help="dónde escribirlos (los del propio panel)")

    def handle(self, *_args: Any, **opciones: Any) -> None:
        try:
            escritos = escribir(Path(opciones["carpeta"]))
        except OSError as error:
            raise CommandError(f"No se pudo escribir en {opciones['carpeta']}: {error.strerror}.") from error
        for archivo in escritos:
            self.stdout.write(f"{archivo} ({archivo.stat().st_size} bytes)")
