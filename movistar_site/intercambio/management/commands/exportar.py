"""`manage.py exportar CARPETA [--formato json|csv|xlsx] [--entidad …]`: sale todo, o una clase de registro.

Termina con 0 si quedó escrito, con 1 si no se pudo escribir y con 2 si lo pedido no se entiende.
"""

from __future__ import annotations

from argparse import ArgumentParser
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from movistar_site.comun.models import Exportacion
from movistar_site.comun.presentacion import decimal, peso
from movistar_site.comun.salida import NoCabeEnExcel
from movistar_site.comun.salida.constancia import constancia
from movistar_site.intercambio.entidades import ENTIDADES
from movistar_site.intercambio.exportador import FORMATOS, TODO, YaExiste, exportar


class Command(BaseCommand):
    """Exporta los datos a una carpeta."""

    help = "Escribe servicios.json y usuario.json, o un CSV o XLSX por entidad."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("carpeta", metavar="CARPETA", type=Path)
        parser.add_argument("--formato", choices=FORMATOS, default="json")
        parser.add_argument("--entidad", choices=(TODO, *ENTIDADES), default=TODO, help="Solo esta clase de registro.")
        parser.add_argument("--reemplazar", action="store_true", help="Reemplaza los archivos que ya estén.")

    def handle(self, *args: Any, **opciones: Any) -> None:
        entidad, formato = opciones["entidad"], opciones["formato"]
        que = "Todo el panel" if entidad == TODO else ENTIDADES[entidad].titulo
        try:
            with constancia(que=que, formato=formato, puerta=Exportacion.Puerta.ORDEN) as dicha:
                rutas = exportar(
                    opciones["carpeta"],
                    hoy=timezone.localdate(),
                    formato=formato,
                    entidad=entidad,
                    reemplazar=opciones["reemplazar"],
                    cuenta=dicha.cuenta,
                )
                dicha.bytes = sum(ruta.stat().st_size for ruta in rutas)
        except (YaExiste, NoCabeEnExcel) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"No se puede escribir en {opciones['carpeta']}: {error.strerror}.") from None
        for ruta in rutas:
            self.stdout.write(f"{ruta}  {peso(ruta.stat().st_size)}")
        self.stdout.write(f"{decimal(Decimal(dicha.cuenta.registros))} registros.")
