"""`manage.py deshacer_importacion NÚMERO`: deja la base como estaba antes de una importación."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from movistar_site.comun.trabajo_pesado import trabajo_pesado
from movistar_site.intercambio import operaciones
from movistar_site.intercambio.consola import Barra, cuenta_de
from movistar_site.intercambio.models import Importacion, ReversionFallida


class Command(BaseCommand):
    """Estado de salida: 0 todo se revirtió; 1 algo se conservó o no se pudo; 2 no hay qué deshacer."""

    help = "Deshace una importación: borra lo que creó y devuelve lo que cambió, salvo lo que alguien editó después."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("numero", type=int, metavar="NÚMERO", help="El número de la importación.")
        parser.add_argument("--usuario", default="", help="Cuenta del panel a cuyo nombre queda la historia.")

    def handle(self, *args: Any, **opciones: Any) -> None:
        usuario = cuenta_de(opciones["usuario"], codigo=2)
        importacion = Importacion.objects.filter(pk=opciones["numero"]).first()
        if importacion is None:
            raise CommandError(f"No existe la importación {opciones['numero']}.", returncode=2)
        barra = Barra()
        try:
            operaciones.deshacer(importacion, usuario=usuario, en_cola=False)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=2) from None
        with trabajo_pesado():
            operaciones.revertir(importacion, usuario=usuario, al_avanzar=barra)
            barra.quitar()
            self._informar(importacion)

    def _informar(self, importacion: Importacion) -> None:
        cuenta = importacion.deshecho
        for falla in ReversionFallida.objects.filter(importacion=importacion):
            self.stderr.write(f"{falla.get_clase_display()}: {falla.titulo}: {falla.motivo}")
        self.stdout.write(
            f"Revertidos: {cuenta['revertidos']}. Se conservaron por cambios posteriores: {cuenta['conservados']}."
            f" No se pudieron: {cuenta['imposibles']}."
        )
        if cuenta["conservados"] or cuenta["imposibles"]:
            sys.exit(1)
