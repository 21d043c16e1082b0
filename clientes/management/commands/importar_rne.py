"""`manage.py importar_rne ARCHIVO --fecha D`: carga una lista de números excluidos (RNE) y la pone a regir."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from clientes import operaciones
from clientes.models import CargaRne
from movistar_site.comun.ordenes import dia_de
from movistar_site.comun.valores import contar

RECHAZADA, ILEGIBLE = 1, 2
RENGLONES = 50
"""Renglones malos que se escriben en la terminal; los demás se cuentan."""


class Command(BaseCommand):
    """Estado de salida: 0 rige la lista nueva, 1 sigue rigiendo la anterior, 2 orden mal escrita o archivo ausente."""

    help = (
        "Carga una lista del registro de números excluidos: un CSV, TXT o XLSX con números o correos y, si lo trae, el"
        " canal. Completa, reemplaza de una vez a la que regía."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archivo", metavar="ARCHIVO", type=Path)
        parser.add_argument("--fecha", required=True, help="El día en que se consultó el registro, como 2026-11-26.")
        parser.add_argument("--usuario", default="", help="Cuenta del panel a cuyo nombre queda la carga.")

    def handle(self, *, archivo: Path, fecha: str, usuario: str, **options: Any) -> None:
        dia, cuenta = dia_de(fecha, "--fecha", codigo=ILEGIBLE), _cuenta(usuario)
        if not archivo.is_file():
            raise CommandError(f"No se encuentra el archivo {archivo}.", returncode=ILEGIBLE)
        try:
            carga = operaciones.recibir_rne(
                nombre=archivo.name, contenido=archivo, consultada_el=dia, usuario=cuenta, hoy=timezone.localdate()
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=RECHAZADA) from None
        operaciones.leer_rne(carga, usuario=cuenta)
        self._contar(carga)

    def _contar(self, carga: CargaRne) -> None:
        if carga.falla:
            raise CommandError(f"{carga.falla} Sigue rigiendo la lista anterior.", returncode=RECHAZADA)
        buenos = contar(carga.cuantos, "dato excluido", "datos excluidos")
        malos = contar(carga.malos, "renglón que no se entendió", "renglones que no se entendieron")
        self.stdout.write(f"{carga}: {buenos}, {malos}. Rige desde ahora.")
        for uno in carga.rechazados[:RENGLONES]:
            self.stderr.write(f"Línea {uno['linea']}: {uno['motivo']}")
        if carga.malos > RENGLONES:
            self.stderr.write(f"Y {contar(carga.malos - RENGLONES, 'renglón más', 'renglones más')}.")


def _cuenta(nombre: str) -> Any:
    if not nombre:
        return None
    cuenta = get_user_model()._default_manager.filter(username=nombre).first()
    if cuenta is None:
        raise CommandError(f"--usuario: no hay una cuenta «{nombre}».", returncode=ILEGIBLE)
    return cuenta
