"""Procesos hijos que no quedan huérfanos: terminan cuando termina quien los lanzó, aunque lo maten."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

RAIZ = Path(__file__).resolve().parents[2]
VENV = RAIZ / ".venv"
PYTHON = VENV / "bin" / "python"
_PR_SET_PDEATHSIG = 1
SEGUNDOS_PARA_CERRAR = 15


def lanzar(orden: Sequence[object], *, al_morir: int = signal.SIGTERM, **opciones: Any) -> subprocess.Popen[Any]:
    """Lanza un proceso en su propia sesión: el Ctrl-C de la consola lo recibe solo quien lo vigila."""
    opciones.setdefault("cwd", RAIZ)
    return subprocess.Popen(  # noqa: S603 - órdenes propias
        [str(parte) for parte in orden],
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        preexec_fn=_atar_al_padre(al_morir),  # noqa: PLW1509 - sin hilos en este proceso
        **opciones,
    )


def correr(orden: Sequence[object], **opciones: Any) -> int:
    """Corre un proceso hasta el final y devuelve su código; si se interrumpe, lo detiene antes de seguir."""
    proceso = lanzar(orden, **opciones)
    try:
        return proceso.wait()
    finally:
        detener(proceso)


def capturar(orden: Sequence[object], **opciones: Any) -> tuple[int, str]:
    """Como `correr`, pero devuelve también lo que el proceso escribió."""
    proceso = lanzar(orden, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", **opciones)
    try:
        salida, _ = proceso.communicate()
        return proceso.returncode, salida
    finally:
        detener(proceso)


def detener(
    proceso: subprocess.Popen[Any], segundos: float = SEGUNDOS_PARA_CERRAR, senal: int = signal.SIGTERM
) -> None:
    """Pide al proceso que cierre; a los `segundos`, lo mata con todos sus hijos. Repetirla no hace nada."""
    if proceso.poll() is None:
        proceso.send_signal(senal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            proceso.wait(segundos)
    # Lo que quede de su grupo: hijos que el proceso no alcanzó a recoger.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(proceso.pid, signal.SIGKILL)
    proceso.wait()


def entorno(**extra: str) -> dict[str, str]:
    """El entorno de quien llama, con texto en UTF-8 y sin lo que haría usar otro Python."""
    fuera = {"PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__"}
    base = {clave: valor for clave, valor in os.environ.items() if clave not in fuera}
    # Los avisos de las bibliotecas, en inglés, son para quien programa: `make test` los pide de vuelta.
    base.setdefault("PYTHONWARNINGS", "ignore")
    return {**base, "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", **extra}


def _atar_al_padre(senal: int) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    biblioteca = ctypes.CDLL(None)
    padre = os.getpid()

    def atar() -> None:
        biblioteca.prctl(_PR_SET_PDEATHSIG, senal)
        if os.getppid() != padre:
            os._exit(1)

    return atar
