"""`manage.py notificar_fidelizacion [--hoy D] [--programa CODIGO] [--simular]`: a quién premia su permanencia."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bonificaciones.asignacion.presentacion import resumen
from bonificaciones.models import Programa
from bonificaciones.operaciones.otorgar import notificar_fidelizacion
from movistar_site.comun.ordenes import como_si_fuera, si_la_base_no_deja
from movistar_site.comun.valores import citar

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
        dia, ahora = como_si_fuera(hoy)
        programas = _programas(programa, dia)
        if not programas:
            self.stdout.write(f"Ningún programa de fidelización está vigente el {dia:%d/%m/%Y}.")
        for uno in programas:
            try:
                with si_la_base_no_deja("Lo asignado queda"):
                    corrida = notificar_fidelizacion(programa=uno, hoy=dia, ahora=ahora, simular=simular, origen=ORIGEN)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages), returncode=1) from error
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
