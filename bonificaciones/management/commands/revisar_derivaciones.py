"""`manage.py revisar_derivaciones [--hoy D]`: lo que el reloj de las derivaciones hace solo cada día."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bonificaciones.derivaciones.presentacion import resumen
from bonificaciones.operaciones.derivaciones import revisar_derivaciones
from movistar_site.comun.ordenes import como_si_fuera, si_la_base_no_deja

INCOMPLETA = 2
"""Estado de salida cuando la revisión terminó y el correo no salió; 1, cuando no terminó."""


class Command(BaseCommand):
    """Se puede repetir y correr dos a la vez: no avisa, no reparte ni cierra dos veces lo mismo."""

    help = (
        "Reparte las derivaciones sin asesor, recuerda las que están por vencer, escala y cierra las vencidas, vuelve a"
        " las aplazadas y reanuda las detenidas, y envía los avisos por correo."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hoy", default="", help="El día que se revisa, como 2026-12-01; sin él, hoy.")

    def handle(self, *, hoy: str, **options: Any) -> None:
        dia, ahora = como_si_fuera(hoy)
        with si_la_base_no_deja():
            revision = revisar_derivaciones(hoy=dia, ahora=ahora)
        self.stdout.write(resumen(revision))
        if not revision.completa:
            falla = revision.correos.falla
            raise CommandError(
                f"El correo no salió y se reintentará en la próxima revisión: {falla}.", returncode=INCOMPLETA
            )
