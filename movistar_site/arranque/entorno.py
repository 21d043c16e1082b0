"""Preparar la carpeta: entorno de Python, requisitos con huella, carpeta de datos y clave secreta."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import secrets
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from .consola import Problema, decir
from .procesos import PYTHON, RAIZ, VENV, capturar, entorno

REQUISITOS = RAIZ / "requirements.txt"
REQUISITOS_DE_PRUEBAS = RAIZ / "requirements-dev.txt"
PUERTO_POR_DEFECTO = 8000
PUERTO_MAXIMO = 65535
LINEAS_DE_ERROR = 8


def puerto_pedido() -> int:
    """El puerto de PUERTO. Lanza Problema si no es un puerto."""
    texto = os.environ.get("PUERTO", "").strip() or str(PUERTO_POR_DEFECTO)
    if not texto.isascii() or not texto.isdigit() or not 1 <= int(texto) <= PUERTO_MAXIMO:
        raise Problema(f"PUERTO debe ser un número de 1 a {PUERTO_MAXIMO}; se recibió «{texto}».")
    return int(texto)


def exigir_puerto_libre(puerto: int) -> None:
    """Lanza Problema si otro programa ya atiende en el puerto, o si la máquina no lo permite."""
    otro = puerto + 1 if puerto < PUERTO_MAXIMO else PUERTO_POR_DEFECTO
    with socket.socket() as enchufe:
        enchufe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            enchufe.bind(("127.0.0.1", puerto))
        except PermissionError as error:
            raise Problema(f"La máquina no permite usar el puerto {puerto}: pruebe PUERTO=8000.") from error
        except OSError as error:
            raise Problema(
                f"El puerto {puerto} está ocupado: detenga lo que lo usa o elija otro, como `make run PUERTO={otro}`."
            ) from error


def carpeta_de_datos() -> Path:
    """La carpeta de PANEL_DATOS o `datos/`, creada y solo para su dueño."""
    carpeta = RAIZ / os.environ.get("PANEL_DATOS", "datos")
    with errores_de_carpeta(carpeta):
        carpeta.mkdir(mode=0o700, parents=True, exist_ok=True)
        _probar_escritura(carpeta)
    return carpeta


def _probar_escritura(carpeta: Path) -> None:
    prueba = carpeta / f".prueba-{os.getpid()}"
    prueba.touch()
    prueba.unlink()


def asegurar_clave(carpeta: Path) -> None:
    """Crea `clave_secreta` (legible solo por su dueño) si no existe ni llega en SECRET_KEY."""
    if os.environ.get("SECRET_KEY"):
        return
    with errores_de_carpeta(carpeta), contextlib.suppress(FileExistsError):
        descriptor = os.open(carpeta / "clave_secreta", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as archivo:
            archivo.write(secrets.token_urlsafe(64))


@contextlib.contextmanager
def turno() -> Iterator[None]:
    """Un solo `make` prepara la carpeta a la vez; los demás esperan. El cerrojo es la carpeta misma."""
    descriptor = os.open(RAIZ, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            decir("Otra orden está preparando esta carpeta; se espera a que termine…")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def asegurar_requisitos(lista: Path) -> None:
    """Deja en .venv exactamente lo que dice `lista`; si ya está, no hace nada.

    Lanza Problema si no se puede crear el entorno o instalar.
    """
    huella = hashlib.sha256(lista.read_bytes()).hexdigest()
    sello = VENV / f".instalado-{lista.stem}"
    if _venv_sirve() and sello.is_file() and sello.read_text() == huella:
        return
    with errores_de_carpeta(RAIZ):
        _probar_escritura(RAIZ)
        if not _venv_sirve():
            _crear_venv()
        _instalar(lista)
        sello.write_text(huella)


def _venv_sirve() -> bool:
    """El entorno tiene un Python que arranca y su pip; uno a medio crear no."""
    if Path(sys.prefix).resolve() == VENV.resolve():
        return True
    return PYTHON.exists() and capturar([PYTHON, "-c", "import pip"])[0] == 0


def _crear_venv() -> None:
    decir(f"Creando el entorno .venv con Python {sys.version_info[0]}.{sys.version_info[1]}…")
    if VENV.exists():
        shutil.rmtree(VENV)
    codigo, salida = capturar([sys.executable, "-m", "venv", VENV], env=entorno())
    if codigo:
        raise Problema(f"No se pudo crear el entorno .venv: {_final(salida)}")


def _instalar(lista: Path) -> None:
    decir(f"Instalando lo que pide {lista.name} (una sola vez; uno o dos minutos)…")
    orden: list[object] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "--no-input",
        "--disable-pip-version-check",
    ]
    # pip avisa en inglés de cosas que no detienen nada (correr como root): solo interesa lo que impide instalar.
    ajustes = entorno(PIP_ROOT_USER_ACTION="ignore", PIP_NO_WARN_SCRIPT_LOCATION="1")
    codigo, salida = capturar([*orden, "-r", lista], env=ajustes)
    if codigo:
        raise Problema(
            f"No se pudieron instalar los requisitos: revise la conexión a internet y repita la orden. Detalle:\n"
            f"{_final(salida)}"
        )


@contextlib.contextmanager
def errores_de_carpeta(carpeta: Path) -> Iterator[None]:
    """Los errores del disco se dicen con una frase."""
    try:
        yield
    except PermissionError as error:
        raise Problema(f"No se puede escribir en {_nombrar(error, carpeta)}: dé permiso o use otra carpeta.") from error
    except OSError as error:
        causas = {
            errno.EROFS: "la carpeta es de solo lectura; copie el panel a una donde pueda escribir",
            errno.ENOSPC: "el disco está lleno; libere espacio y repita la orden",
            errno.ENOTDIR: "hay un archivo donde se esperaba una carpeta",
            errno.EEXIST: "hay un archivo donde se esperaba una carpeta",
        }
        causa = causas.get(error.errno or 0, f"el disco respondió con el error {error.errno}")
        raise Problema(f"No se puede escribir en {_nombrar(error, carpeta)}: {causa}.") from error


def _nombrar(error: OSError, carpeta: Path) -> str:
    ruta = Path(str(error.filename)) if error.filename else carpeta
    return str(ruta if ruta.is_dir() else ruta.parent)


def _final(salida: str) -> str:
    return "\n".join(linea for linea in salida.strip().splitlines()[-LINEAS_DE_ERROR:])
