"""`manage.py enviar_reportes [--hoy D]`: envía los reportes programados a los que les llegó la hora."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from movistar_site.comun.ordenes import como_si_fuera, si_la_base_no_deja
from reportes.envios.entregas import despachar
from reportes.envios.tareas import resumen

INCOMPLETA = 2
"""Estado de salida cuando algo quedó por reintentar o no salió; 1, cuando no terminó."""


class Command(BaseCommand):
    """Se puede repetir y correr dos a la vez: cada entrega sale una sola vez. El trabajador la hace cada minuto."""

    help = "Envía por correo los reportes programados a los que les llegó la hora, y lo que quedó por reintentar."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--hoy",
            default="",
            help="Como si fuera ese día, a la hora que es (2026-12-01). Lo que toque de hoy a un día futuro sale"
            " una sola vez.",
        )

    def handle(self, *, hoy: str, **options: Any) -> None:
        _, ahora = como_si_fuera(hoy)
        with si_la_base_no_deja("Lo enviado queda marcado"):
            vuelta = despachar(reloj=(lambda: ahora) if hoy else timezone.now)
        self.stdout.write(resumen(vuelta))
        if vuelta.por_reintentar or vuelta.fallidas:
            raise CommandError("Algo no salió: cada envío dice en su página por qué.", returncode=INCOMPLETA)
