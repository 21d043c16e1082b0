"""`manage.py datos_demo`: llena el panel con clientes inventados, tantos como se pidan."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from movistar_site.comun.cortesia import es_archivo_sqlite
from movistar_site.comun.valores import a_fecha
from movistar_site.demostracion.fidelizacion import MAXIMO
from movistar_site.demostracion.masivo import NoSePuede, Pedido, Resultado, cargar

MAXIMO_POR_CLIENTE = 50
SEGUNDOS_ENTRE_AVISOS = 0.5


class Command(BaseCommand):
    """Clientes inventados con sus contratos e interacciones, directos a las tablas.

    Con la misma semilla y el mismo día sale siempre lo mismo. Es todo o nada: si se interrumpe no queda nada a medias.
    No deja historia: la de cada registro empieza con su primer cambio de verdad.
    """

    help = "Llena el panel con clientes, contratos e interacciones inventados. Todo o nada; repetible por semilla."

    def add_arguments(self, parser: ArgumentParser) -> None:
        # Como texto: así lo que esté mal escrito se dice en español.
        parser.add_argument("--clientes", metavar="N", help="cuántos clientes (obligatorio)")
        parser.add_argument("--contratos", metavar="N", default="3", help="contratos de cada uno (3)")
        parser.add_argument("--interacciones", metavar="N", default="2", help="interacciones de cada uno (2)")
        parser.add_argument("--semilla", metavar="N", default="7", help="la misma semilla da los mismos datos (7)")
        parser.add_argument("--hoy", metavar="FECHA", help="día de referencia, por ejemplo 2026-11-01 (hoy)")
        parser.add_argument(
            "--fidelizacion", metavar="N", default=str(MAXIMO), help=f"a cuántos se les inventa fidelización ({MAXIMO})"
        )
        parser.add_argument("--agregar", action="store_true", help="suma a los clientes que ya haya")

    def handle(self, *_args: Any, **opciones: Any) -> None:
        pedido = Pedido(
            clientes=_entero(opciones, "clientes", minimo=1),
            contratos=_entero(opciones, "contratos", maximo=MAXIMO_POR_CLIENTE),
            interacciones=_entero(opciones, "interacciones", maximo=MAXIMO_POR_CLIENTE),
            semilla=_entero(opciones, "semilla"),
            hoy=_fecha(opciones["hoy"]),
            agregar=opciones["agregar"],
            fidelizacion=_entero(opciones, "fidelizacion"),
        )
        inicio = time.monotonic()
        avance = _Avance(self, pedido.registros)
        try:
            resultado = cargar(pedido, avance)
        except NoSePuede as error:
            avance.cerrar()
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            avance.cerrar()
            raise CommandError("Interrumpido: no quedó nada a medias. Repita la misma orden para empezar.") from None
        avance.cerrar()
        self._contar(resultado, time.monotonic() - inicio)

    def _contar(self, resultado: Resultado, segundos: float) -> None:
        if resultado.servicios:
            self.stdout.write(f"El catálogo estaba vacío: se cargaron {resultado.servicios} servicios de ejemplo.")
        fases = ", ".join(f"{fase} {_duracion(tiempo)}" for fase, tiempo in resultado.segundos.items())
        self.stdout.write(
            self.style.SUCCESS(
                f"Listo: {_miles(resultado.clientes)} clientes, {_miles(resultado.contratos)} contratos y"
                f" {_miles(resultado.interacciones)} interacciones en {_duracion(segundos)}"
                f" ({_miles(round(resultado.registros / max(segundos, 0.001)))} registros por segundo)."
            )
        )
        if resultado.fidelizacion:
            dicho = ", ".join(f"{_miles(cuantos)} {que}" for que, cuantos in resultado.fidelizacion.items())
            self.stdout.write(f"Fidelización: {dicho}.")
        self.stdout.write(f"Por fases: {fases}.{_tamano()}{_memoria()}")


class _Avance:
    """Una línea que se reescribe en la terminal: cuánto va, a qué velocidad y cuánto falta."""

    def __init__(self, orden: BaseCommand, total: int) -> None:
        self.salida = orden.stdout
        self.total = total
        self.inicio = time.monotonic()
        self.ultimo = 0.0
        self.visible = sys.stdout.isatty()

    def __call__(self, fase: str, registros: int) -> None:
        ahora = time.monotonic()
        if not self.visible or (fase == "inserción" and ahora - self.ultimo < SEGUNDOS_ENTRE_AVISOS):
            return
        self.ultimo = ahora
        if fase != "inserción":
            self._escribir(f"{_miles(registros)} registros guardados; rehaciendo {fase}…")
            return
        velocidad = registros / max(ahora - self.inicio, 0.001)
        falta = f", faltan {_duracion((self.total - registros) / velocidad)}" if registros else ""
        self._escribir(
            f"{registros * 100 // max(self.total, 1):3d} %  {_miles(registros)} de {_miles(self.total)} registros,"
            f" {_miles(round(velocidad))} por segundo{falta}"
        )

    def _escribir(self, texto: str) -> None:
        self.salida.write(f"\r\033[K{texto}", ending="")
        self.salida.flush()

    def cerrar(self) -> None:
        """Deja libre la línea."""
        if self.visible:
            self._escribir("")


def _entero(opciones: dict[str, Any], nombre: str, minimo: int = 0, maximo: int | None = None) -> int:
    rango = (
        f"un número entero de {minimo} en adelante" if maximo is None else f"un número entero de {minimo} a {maximo}"
    )
    valor = opciones[nombre]
    if valor is None:
        raise CommandError(f"Falta --{nombre}: se espera {rango}, por ejemplo --{nombre} 1000.")
    try:
        numero = int(str(valor))
    except ValueError:
        numero = -1
    if numero < minimo or (maximo is not None and numero > maximo):
        raise CommandError(f"--{nombre}: se recibió «{valor}» y se espera {rango}.")
    return numero


def _fecha(texto: str | date | None) -> date:
    if texto is None or isinstance(texto, date):
        return texto or timezone.localdate()
    try:
        return a_fecha(texto)
    except ValueError as error:
        raise CommandError(f"--hoy: {error}") from error


def _miles(n: int) -> str:
    return f"{n:,}".replace(",", ".")


def _duracion(segundos: float) -> str:
    if segundos < 60:  # noqa: PLR2004 - un minuto
        return f"{segundos:.1f} s".replace(".", ",")
    return f"{int(segundos) // 60} min {int(segundos) % 60} s"


def _tamano() -> str:
    if not es_archivo_sqlite(connection):
        return ""
    return f" Base de datos: {_miles(Path(str(connection.settings_dict['NAME'])).stat().st_size // 2**20)} MB."


def _memoria() -> str:
    try:
        import resource
    except ImportError:  # Windows no lo tiene
        return ""
    pico = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f" Memoria: {_miles(pico // (2**20 if sys.platform == 'darwin' else 1024))} MB como máximo."
