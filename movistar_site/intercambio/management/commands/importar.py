"""`manage.py importar ARCHIVO… [--simular]`: entra el par canónico, o tablas CSV y XLSX."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from movistar_site.comun.formatos_archivo import ArchivoIlegible
from movistar_site.comun.recursos_base import TIPOS_DE_RESULTADO
from movistar_site.intercambio.entidades import ENTIDADES
from movistar_site.intercambio.lectura import Fuente
from movistar_site.intercambio.motor import Informe, importar
from movistar_site.intercambio.registro import registrar_importacion

RECHAZADO, ILEGIBLE = 1, 2


class Command(BaseCommand):
    """Importa archivos. Estado de salida: 0 hecho, 1 filas rechazadas (no se escribió nada), 2 archivo ilegible."""

    help = "Importa servicios.json y usuario.json, o tablas CSV y XLSX. Si una fila está mal no se escribe nada."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archivos", nargs="+", metavar="ARCHIVO", type=Path)
        parser.add_argument("--simular", action="store_true", help="Dice qué pasaría y no escribe nada.")
        parser.add_argument(
            "--entidad", choices=list(ENTIDADES), default="", help="Qué trae una tabla, si no se reconoce."
        )
        parser.add_argument("--usuario", default="", help="Cuenta del panel a cuyo nombre queda la historia.")

    def handle(self, *args: Any, **opciones: Any) -> None:
        usuario = self._usuario(opciones["usuario"])
        try:
            fuentes = [self._fuente(ruta, opciones["entidad"]) for ruta in opciones["archivos"]]
            informe = importar(fuentes, hoy=timezone.localdate(), usuario=usuario, simular=opciones["simular"])
        except ArchivoIlegible as error:
            raise CommandError(str(error), returncode=ILEGIBLE) from None
        if informe.aplicado:
            registrar_importacion(usuario, informe, [fuente.nombre for fuente in fuentes])
        self._escribir(informe)
        if informe.hay_errores:
            sys.exit(RECHAZADO)

    @staticmethod
    def _usuario(nombre: str) -> Any:
        if not nombre:
            return None
        usuario = get_user_model()._default_manager.filter(username=nombre).first()
        if usuario is None:
            raise CommandError(f"No existe la cuenta «{nombre}».", returncode=ILEGIBLE)
        return usuario

    @staticmethod
    def _fuente(ruta: Path, entidad: str) -> Fuente:
        try:
            return Fuente(ruta.name, ruta.read_bytes(), entidad)
        except FileNotFoundError:
            raise ArchivoIlegible(f"{ruta}: no existe.") from None
        except OSError as error:
            raise ArchivoIlegible(f"{ruta}: no se puede leer ({error.__class__.__name__}).") from None

    def _escribir(self, informe: Informe) -> None:
        for titulo, cuenta in informe.filas():
            self.stdout.write(
                f"{titulo + ':':<20}" + "  ".join(f"{tipo} {cuenta[tipo]}" for tipo in TIPOS_DE_RESULTADO)
            )
        for aviso in informe.avisos:
            self.stderr.write(
                f"Aviso: {aviso.lugar.archivo}, {aviso.lugar.ruta}: «{aviso.clave}» {aviso.motivo} {aviso.valor}"
            )
        for mala in informe.malas:
            detalle = f"{mala.campo} «{mala.valor}»: " if mala.campo else ""
            self.stderr.write(f"{mala.archivo}, {mala.ruta}: {detalle}{mala.motivo}")
        self.stdout.write(conclusion(informe))


def conclusion(informe: Informe) -> str:
    """La última línea: qué se hizo."""
    if informe.hay_errores:
        return f"Hay {len(informe.malas)} errores: no se escribió nada."
    if informe.simulado:
        return "Simulación: no se escribió nada."
    return "Importado." if informe.cambia_algo else "No había nada nuevo: la base ya estaba así."
