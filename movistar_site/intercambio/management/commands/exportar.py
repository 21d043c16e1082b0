"""`manage.py exportar CARPETA [--formato json|csv|xlsx]`: sale todo, siempre en el mismo orden."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from movistar_site.comun.salida import NoCabeEnExcel
from movistar_site.intercambio.exportador import FORMATOS, YaExiste, exportar


class Command(BaseCommand):
    """Exporta todos los datos a una carpeta."""

    help = "Escribe servicios.json y usuario.json, o un CSV o XLSX por entidad."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("carpeta", metavar="CARPETA", type=Path)
        parser.add_argument("--formato", choices=FORMATOS, default="json")
        parser.add_argument("--reemplazar", action="store_true", help="Reemplaza los archivos que ya estén.")

    def handle(self, *args: Any, **opciones: Any) -> None:
        try:
            rutas = exportar(
                opciones["carpeta"],
                hoy=timezone.localdate(),
                formato=opciones["formato"],
                reemplazar=opciones["reemplazar"],
            )
        except (YaExiste, NoCabeEnExcel) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"No se puede escribir en {opciones['carpeta']}: {error.strerror}.") from None
        for ruta in rutas:
            self.stdout.write(f"{ruta}  {ruta.stat().st_size:,} bytes".replace(",", "."))
