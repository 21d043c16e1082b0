"""`manage.py sugerir_ofertas [--hoy D] [--de-nuevo]`: lo que conviene ofrecerle a cada cliente activo."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils import timezone

from bonificaciones.ofertas.presentacion import resumen_de_sugeridas
from bonificaciones.operaciones.sugerir import sugerir_ofertas
from movistar_site.comun.valores import a_fecha


class Command(BaseCommand):
    """Se puede repetir: lo ya calculado ese día no se calcula otra vez, y lo interrumpido sigue donde iba."""

    help = "Calcula el riesgo y las mejores ofertas de cada cliente activo y los deja en la lista de sugerencias."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hoy", default="", help="El día que se mira, como 2026-12-01; sin él, hoy.")
        parser.add_argument(
            "--de-nuevo", action="store_true", help="Calcula también a los que ese día ya se calcularon."
        )

    def handle(self, *, hoy: str, de_nuevo: bool, **options: Any) -> None:
        dia = _dia(hoy) if hoy else timezone.localdate()
        try:
            hechas = sugerir_ofertas(hoy=dia, de_nuevo=de_nuevo)
        except OperationalError as error:
            raise CommandError(
                f"La base de datos no dejó terminar ({str(error).strip()}). Lo hecho queda: repita la orden."
            ) from error
        self.stdout.write(resumen_de_sugeridas(hechas))


def _dia(texto: str) -> date:
    try:
        return a_fecha(texto)
    except ValueError as error:
        raise CommandError(f"--hoy: {error}") from None
