"""`manage.py revisar_derivaciones [--hoy D]`: lo que el reloj de las derivaciones hace solo cada día."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils import timezone

from bonificaciones.derivaciones.presentacion import resumen
from bonificaciones.operaciones.derivaciones import revisar_derivaciones
from movistar_site.comun.valores import a_fecha

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
        ahora = timezone.now()
        dia = _dia(hoy) if hoy else timezone.localdate(ahora)
        if dia != timezone.localdate(ahora):
            ahora = timezone.make_aware(datetime.combine(dia, timezone.localtime(ahora).time()))
        try:
            revision = revisar_derivaciones(hoy=dia, ahora=ahora)
        except OperationalError as error:
            raise CommandError(
                f"La base de datos no dejó terminar ({str(error).strip()}). Lo hecho queda: repita la orden.",
                returncode=1,
            ) from error
        self.stdout.write(resumen(revision))
        if not revision.completa:
            falla = revision.correos.falla
            raise CommandError(
                f"El correo no salió y se reintentará en la próxima revisión: {falla}.", returncode=INCOMPLETA
            )


def _dia(texto: str) -> date:
    try:
        return a_fecha(texto)
    except ValueError as error:
        raise CommandError(f"--hoy: {error}", returncode=1) from None
