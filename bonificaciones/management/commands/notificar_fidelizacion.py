"""`manage.py notificar_fidelizacion [--hoy D] [--programa CODIGO] [--simular]`: a quién premia su permanencia."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils import timezone

from bonificaciones.asignacion.presentacion import resumen
from bonificaciones.models import Programa
from bonificaciones.operaciones.otorgar import notificar_fidelizacion
from movistar_site.comun.valores import a_fecha, citar

ORIGEN = "notificar_fidelizacion"


class Command(BaseCommand):
    """Se puede repetir, cortar y correr dos a la vez: nadie recibe dos veces la misma bonificación."""

    help = (
        "Busca a quiénes premia cada programa vigente por su permanencia, les asigna la bonificación y deriva cada uno"
        " a un asesor de ventas. Al cliente no se le escribe ni se le llama."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hoy", default="", help="El día que se mira, como 2026-12-01; sin él, hoy.")
        parser.add_argument("--programa", default="", help="El código de un programa; sin él, todos los vigentes.")
        parser.add_argument("--simular", action="store_true", help="Hace las cuentas y no asigna nada.")

    def handle(self, *, hoy: str, programa: str, simular: bool, **options: Any) -> None:
        ahora = timezone.now()
        dia = _dia(hoy) if hoy else timezone.localdate(ahora)
        if dia != timezone.localdate(ahora):
            ahora = timezone.make_aware(datetime.combine(dia, timezone.localtime(ahora).time()))
        programas = _programas(programa, dia)
        if not programas:
            self.stdout.write(f"Ningún programa de fidelización está vigente el {dia:%d/%m/%Y}.")
        for uno in programas:
            try:
                corrida = notificar_fidelizacion(programa=uno, hoy=dia, ahora=ahora, simular=simular, origen=ORIGEN)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages), returncode=1) from error
            except OperationalError as error:
                raise CommandError(
                    f"La base de datos no dejó terminar ({str(error).strip()}). Lo asignado queda: repita la orden.",
                    returncode=1,
                ) from error
            self.stdout.write(f"{resumen(corrida)}\n")


def _programas(codigo: str, dia: date) -> list[Programa]:
    if not codigo:
        return list(Programa.objects.vigentes(dia))
    programa = Programa.objects.filter(codigo__iexact=codigo.strip()).first()
    if programa is None:
        raise CommandError(
            f"--programa: no hay ningún programa con el código {citar(codigo)}; véanse en «Programas».", returncode=1
        )
    return [programa]


def _dia(texto: str) -> date:
    try:
        return a_fecha(texto)
    except ValueError as error:
        raise CommandError(f"--hoy: {error}", returncode=1) from None
