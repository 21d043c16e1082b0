"""`manage.py revisar_plazos [--hoy D]`: lo que el reloj de las PQR hace solo cada día."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils import timezone

from clientes import operaciones
from clientes.presentacion_de_plazos import resumen
from movistar_site.comun.valores import a_fecha

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
        ahora = timezone.now()
        dia = _dia(hoy) if hoy else timezone.localdate(ahora)
        if dia != timezone.localdate(ahora):
            ahora = timezone.make_aware(datetime.combine(dia, timezone.localtime(ahora).time()))
        try:
            revision = operaciones.revisar_plazos(hoy=dia, ahora=ahora)
        except OperationalError as error:
            raise CommandError(
                f"La base de datos no dejó terminar ({str(error).strip()}). Lo hecho queda: repita la orden.",
                returncode=1,
            ) from error
        self.stdout.write(resumen(revision))
        if not revision.completa:
            raise CommandError("\n".join([*revision.rechazos, *_del_correo(revision)]), returncode=INCOMPLETA)


def _dia(texto: str) -> date:
    try:
        return a_fecha(texto)
    except ValueError as error:
        raise CommandError(f"--hoy: {error}", returncode=1) from None


def _del_correo(revision: operaciones.Revision) -> list[str]:
    falla = revision.correos.falla
    return [f"El correo no salió y se reintentará en la próxima revisión: {falla}."] if falla else []
