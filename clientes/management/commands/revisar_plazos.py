"""`manage.py revisar_plazos [--hoy D]`: lo que el reloj de las PQR hace solo cada día."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clientes import operaciones
from clientes.presentacion_de_plazos import resumen
from movistar_site.comun.ordenes import como_si_fuera, si_la_base_no_deja

INCOMPLETA = 2
"""Estado de salida cuando la revisión terminó y algo no se pudo; 1, cuando no terminó."""


class Command(BaseCommand):
    """Se puede repetir y correr dos a la vez: no anota, no avisa ni reparte dos veces lo mismo."""

    help = (
        "Anota los silencios positivos, reparte lo que nadie atiende, avisa de lo que vence, aplica lo programado en"
        " los contratos y envía los avisos por correo."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hoy", default="", help="El día que se revisa, como 2026-12-01; sin él, hoy.")

    def handle(self, *, hoy: str, **options: Any) -> None:
        dia, ahora = como_si_fuera(hoy)
        with si_la_base_no_deja():
            revision = operaciones.revisar_plazos(hoy=dia, ahora=ahora)
        self.stdout.write(resumen(revision))
        if not revision.completa:
            raise CommandError("\n".join([*revision.rechazos, *_del_correo(revision)]), returncode=INCOMPLETA)


def _del_correo(revision: operaciones.Revision) -> list[str]:
    falla = revision.correos.falla
    return [f"El correo no salió y se reintentará en la próxima revisión: {falla}."] if falla else []
