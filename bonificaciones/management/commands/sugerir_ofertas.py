"""`manage.py sugerir_ofertas [--hoy D] [--de-nuevo]`: lo que conviene ofrecerle a cada cliente activo."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from bonificaciones.ofertas.presentacion import resumen_de_sugeridas
from bonificaciones.operaciones.sugerir import sugerir_ofertas
from movistar_site.comun.ordenes import como_si_fuera, si_la_base_no_deja


class Command(BaseCommand):
    """Se puede repetir: lo ya calculado ese día no se calcula otra vez, y lo interrumpido sigue donde iba."""

    help = "Calcula el riesgo y las mejores ofertas de cada cliente activo y los deja en la lista de sugerencias."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hoy", default="", help="El día que se mira, como 2026-12-01; sin él, hoy.")
        parser.add_argument(
            "--de-nuevo", action="store_true", help="Calcula también a los que ese día ya se calcularon."
        )

    def handle(self, *, hoy: str, de_nuevo: bool, **options: Any) -> None:
        dia, _ = como_si_fuera(hoy)
        with si_la_base_no_deja():
            hechas = sugerir_ofertas(hoy=dia, de_nuevo=de_nuevo)
        self.stdout.write(resumen_de_sugeridas(hechas))
