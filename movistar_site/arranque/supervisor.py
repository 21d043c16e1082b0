"""El supervisor: la web y el trabajador arrancan juntos, se vigilan y se detienen juntos."""

from __future__ import annotations

import http.client
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

from .consola import decir, lamentar
from .procesos import SEGUNDOS_PARA_CERRAR, detener, entorno, lanzar

SEGUNDOS_PARA_CONTESTAR = 60
PAUSA = 0.1
ERROR_DEL_SERVIDOR = 500


@dataclass
class Servicio:
    """Un proceso del panel, con el nombre que se le da a quien mira la consola: «la web»."""

    nombre: str
    orden: Sequence[Any]
    proceso: subprocess.Popen[Any] | None = None

    def arrancar(self) -> None:
        """Lanza el proceso con el entorno de quien llama."""
        self.proceso = lanzar(self.orden, env=entorno())

    def termino(self) -> int | None:
        """El código con que terminó, o None si sigue."""
        return self.proceso.poll() if self.proceso else None


class Supervisor:
    """Arranca los servicios, avisa cuando el panel contesta y los detiene a todos cuando uno cae o se pide parar."""

    def __init__(self, servicios: Sequence[Servicio], contesta: Callable[[], bool], listo: str) -> None:
        self.servicios = servicios
        self.contesta = contesta
        self.listo = listo
        self.pedidos = 0

    def vigilar(self) -> int:
        """Corre hasta que se pida parar (devuelve 0) o hasta que algo falle (devuelve 1)."""
        for senal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(senal, self._pedir_parar)
        try:
            for servicio in self.servicios:
                servicio.arrancar()
            return self._esperar()
        finally:
            self._detener_todos()

    def _pedir_parar(self, _senal: int, _marco: FrameType | None) -> None:
        self.pedidos += 1

    def _esperar(self) -> int:
        anunciado, limite = False, time.monotonic() + SEGUNDOS_PARA_CONTESTAR
        while not self.pedidos:
            caido = next((s for s in self.servicios if s.termino() is not None), None)
            if caido is not None and not self.pedidos:
                lamentar(f"Se detuvo {caido.nombre} ({_codigo(caido.termino())}): se detiene el panel entero.")
                return 1
            if not anunciado and self.contesta():
                anunciado = True
                decir(self.listo)
            elif not anunciado and time.monotonic() > limite:
                lamentar(f"El panel no contestó en {SEGUNDOS_PARA_CONTESTAR} segundos: se detiene.")
                return 1
            time.sleep(PAUSA)
        decir("Deteniendo el panel…")
        return 0

    def _detener_todos(self) -> None:
        vivos = [s.proceso for s in self.servicios if s.proceso is not None]
        for proceso in vivos:
            if proceso.poll() is None:
                proceso.terminate()
        limite = time.monotonic() + SEGUNDOS_PARA_CERRAR
        pedidos = self.pedidos
        # Un segundo Ctrl-C no espera más.
        while any(p.poll() is None for p in vivos) and time.monotonic() < limite and self.pedidos == pedidos:
            time.sleep(PAUSA / 2)
        for proceso in vivos:
            detener(proceso, segundos=0, senal=signal.SIGKILL)
        if self.pedidos:
            decir("Panel detenido.")


def contesta_http(puerto: int, ruta: str, anfitrion: str) -> bool:
    """Si el panel contesta en la ruta. Una redirección a HTTPS o un nombre no admitido también son el panel vivo."""
    conexion = http.client.HTTPConnection("127.0.0.1", puerto, timeout=2)
    try:
        conexion.request("GET", ruta, headers={"Host": anfitrion})
        return conexion.getresponse().status < ERROR_DEL_SERVIDOR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        conexion.close()


def _codigo(codigo: int | None) -> str:
    if codigo is not None and codigo < 0:
        return f"señal {signal.Signals(-codigo).name}"
    return f"código {codigo}"
