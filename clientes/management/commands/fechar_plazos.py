"""`manage.py fechar_plazos`: les pone plazo a las PQR que no lo tienen."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from clientes.models import Interaccion
from clientes.operaciones.fechado import MOTIVO, fechar_plazos
from clientes.relojes import relojes
from movistar_site.comun.lotes import Firma
from movistar_site.comun.valores import contar


class Command(BaseCommand):
    """Sirve después de cargar datos por fuera del panel. Un plazo ya fijado no se mueve; repetirla no cambia nada."""

    help = "Fija el plazo de las PQR que no lo tienen, con las reglas del día en que se radicaron."

    def handle(self, *_args: Any, **_opciones: Any) -> None:
        firma = Firma(timezone.now(), motivo=MOTIVO, origen="fechar_plazos")
        fechadas = fechar_plazos(Interaccion, relojes(), firma=firma)
        self.stdout.write(self.style.SUCCESS(f"Plazo fijado en {contar(fechadas.con_plazo, 'PQR', 'PQR')}."))
        if fechadas.sin_calendario:
            self.stdout.write(
                f"Sin plazo quedan {contar(fechadas.sin_calendario, 'PQR', 'PQR')}: son de una fecha que"
                " el calendario de festivos no conoce."
            )
