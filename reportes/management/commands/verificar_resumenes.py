"""`manage.py verificar_resumenes [--rehacer]`: cuenta de nuevo y compara con las cuentas que la base lleva."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from movistar_site.comun import resumenes
from movistar_site.comun.valores import contar


class Command(BaseCommand):
    """No cambia nada, salvo con --rehacer. Termina con error si alguna cuenta no es exacta."""

    help = "Comprueba que las cuentas de los reportes sean exactas: cada una debe tener 0 diferencias."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rehacer", action="store_true", help="Rehace las que no lo sean.")

    def handle(self, *, rehacer: bool, **options: Any) -> None:
        malas = [resumen for resumen in resumenes.REGISTRO.values() if self._comparar(resumen)]
        if not malas:
            self.stdout.write(self.style.SUCCESS("Todas las cuentas son exactas."))
            return
        nombres = ", ".join(f"«{resumen.nombre}»" for resumen in malas)
        if not rehacer:
            raise CommandError(f"No son exactas: {nombres}. Con --rehacer se cuentan de nuevo.", returncode=1)
        for resumen in malas:
            resumenes.recontar(connection, resumen)
        self.stdout.write(self.style.SUCCESS(f"Se contaron de nuevo: {nombres}."))

    def _comparar(self, resumen: resumenes.Resumen) -> bool:
        empezo = time.monotonic()
        distintas = resumenes.diferencias(resumen)
        segundos = f"{time.monotonic() - empezo:.1f}".replace(".", ",")
        self.stdout.write(
            f"{resumen.nombre.capitalize():<28}{contar(distintas, 'diferencia', 'diferencias'):>18}{segundos:>8} s"
        )
        return distintas > 0
