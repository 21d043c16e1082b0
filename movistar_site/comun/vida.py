"""Señales de vida de los trabajadores: un archivo con cerrojo por cada uno.

El cerrojo (flock) lo suelta el sistema operativo cuando el proceso muere, de la manera que sea: no hay reloj que
ajustar ni latido que se atrase detrás de una transacción larga (véase docs/decisiones/0007).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import secrets
from pathlib import Path
from typing import IO

_INSEGURO = re.compile(r"[^A-Za-z0-9.-]")
_LARGO_DE_MAQUINA = 40


def nuevo_nombre(maquina: str) -> str:
    """Nombre único de un trabajador, que empieza por el de su máquina: «servidor1:4321:9f2c01»."""
    return f"{limpiar_maquina(maquina)}:{os.getpid()}:{secrets.token_hex(3)}"


def limpiar_maquina(maquina: str) -> str:
    """El nombre de la máquina como va en el de sus trabajadores."""
    return _INSEGURO.sub("-", maquina)[:_LARGO_DE_MAQUINA] or "maquina"


class SenalDeVida:
    """El cerrojo de este trabajador. Mientras esté tomado, los demás lo ven vivo."""

    def __init__(self, carpeta: Path, nombre: str) -> None:
        self.archivo = _archivo(carpeta, nombre)
        self._abierto: IO[bytes] | None = None

    def __enter__(self) -> SenalDeVida:
        self.archivo.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        while self._abierto is None:
            abierto = self.archivo.open("ab")
            fcntl.flock(abierto, fcntl.LOCK_EX)
            # Otro pudo barrer el archivo entre abrirlo y cerrarlo: un cerrojo sobre un archivo borrado no se ve.
            if _es_el_mismo(abierto, self.archivo):
                self._abierto = abierto
            else:
                abierto.close()
        return self

    def __exit__(self, *_: object) -> None:
        if self._abierto is not None:
            self.archivo.unlink(missing_ok=True)
            self._abierto.close()
            self._abierto = None


def esta_vivo(carpeta: Path, nombre: str) -> bool:
    """Si el proceso que tomó ese nombre en esta máquina sigue corriendo."""
    try:
        with _archivo(carpeta, nombre).open("rb") as archivo:
            fcntl.flock(archivo, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def barrer(carpeta: Path) -> int:
    """Borra los archivos de trabajadores muertos y devuelve cuántos eran."""
    borrados = 0
    for archivo in carpeta.glob("*.vivo"):
        with contextlib.suppress(OSError), archivo.open("rb") as abierto:
            fcntl.flock(abierto, fcntl.LOCK_EX | fcntl.LOCK_NB)
            archivo.unlink()
            borrados += 1
    return borrados


def _archivo(carpeta: Path, nombre: str) -> Path:
    return carpeta / f"{_INSEGURO.sub('-', nombre)}.vivo"


def _es_el_mismo(abierto: IO[bytes], ruta: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(abierto.fileno()), ruta.stat())
    except FileNotFoundError:
        return False
