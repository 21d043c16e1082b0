"""`make test`: todas las pruebas en SQLite, en un PostgreSQL de verdad y en un navegador de verdad.

Lo que no se pudo probar se nombra al final con su razón; con SIN_OMISIONES=1 eso es un fallo.
"""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from . import entorno
from .consola import Problema, decir
from .postgres import postgres_pasajero
from .procesos import PYTHON, capturar, correr
from .procesos import entorno as variables

SIN_PRUEBAS = 5
PROCESOS_MAXIMOS = 4
PROCESOS_DE_NAVEGADOR = 2
# El mismo motivo repetido en muchas pruebas se dice una vez, con su cuenta.
NOMBRES_POR_MOTIVO = 5
_HAY_CHROMIUM = "from movistar_site.arranque.chromium import buscar; print(buscar() or '')"


@dataclass
class Resultado:
    """Lo que pasó al correr las pruebas en un sitio."""

    nombre: str
    codigo: int = 0
    segundos: float = 0.0
    pasaron: int = 0
    fallaron: list[str] = field(default_factory=list)
    omitidas: dict[str, list[str]] = field(default_factory=dict)
    no_corrio: str = ""

    @property
    def bien(self) -> bool:
        """Si corrió lo pedido sin fallos. Que no haya pruebas que correr no es un fallo de ellas."""
        return self.codigo in (0, SIN_PRUEBAS) and not self.fallaron


def probar() -> int:
    """Corre todo y devuelve 0 si todo pasó (y, con SIN_OMISIONES=1, si además nada se omitió)."""
    elegidas = shlex.split(os.environ.get("PYTEST_ARGS", ""))
    with entorno.turno():
        entorno.asegurar_requisitos(entorno.REQUISITOS_DE_PRUEBAS)
    informes = Path(tempfile.mkdtemp(prefix="panel-pruebas-"))
    try:
        resultados = [
            _en_sqlite(informes, elegidas),
            _en_postgres(informes, elegidas),
            _en_navegador(informes, elegidas),
        ]
    finally:
        shutil.rmtree(informes, ignore_errors=True)
    return resumir(resultados, estricto=sin_omisiones(), elegidas=bool(elegidas))


def sin_omisiones() -> bool:
    """Si SIN_OMISIONES pide que toda prueba corra."""
    return os.environ.get("SIN_OMISIONES", "").strip().lower() in {"1", "si", "sí", "true"}


def _en_sqlite(informes: Path, elegidas: Sequence[str]) -> Resultado:
    return _pytest("SQLite", informes, ["-m", "not navegador", *_paralelo(PROCESOS_MAXIMOS), *elegidas], base="")


def _en_postgres(informes: Path, elegidas: Sequence[str]) -> Resultado:
    try:
        with postgres_pasajero() as (version, direccion):
            argumentos = ["-m", "not navegador", *_paralelo(PROCESOS_MAXIMOS), *elegidas]
            return _pytest(f"PostgreSQL {version}", informes, argumentos, base=direccion)
    except Problema as problema:
        return Resultado("PostgreSQL", no_corrio=str(problema))


def _en_navegador(informes: Path, elegidas: Sequence[str]) -> Resultado:
    codigo, salida = capturar([PYTHON, "-c", _HAY_CHROMIUM], env=variables())
    if codigo or not salida.strip():
        return Resultado("Navegador", no_corrio="no hay Chromium (en Debian: apt install chromium)")
    return _pytest("Navegador", informes, ["-m", "navegador", *_paralelo(PROCESOS_DE_NAVEGADOR), *elegidas], base="")


def _paralelo(maximo: int) -> list[str]:
    # En orden: las que escriben de verdad en la base van al final y la dejan sin lo que traen las migraciones. Con
    # «worksteal», un proceso que acaba antes toma de la cola del otro esas y, después de ellas, las corrientes.
    return ["-n", str(max(1, min(maximo, os.cpu_count() or 1))), "--dist", "load"]


def _pytest(nombre: str, informes: Path, argumentos: Sequence[str], *, base: str) -> Resultado:
    decir(f"\n== Pruebas en {nombre} ==")
    informe = informes / f"{len(list(informes.iterdir()))}.xml"
    ambiente = ambiente_de_pruebas(base)
    inicio = time.monotonic()
    orden = [PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={informe}", *argumentos]
    resultado = Resultado(nombre, codigo=correr(orden, env=ambiente))
    resultado.segundos = time.monotonic() - inicio
    leer_informe(resultado, informe)
    return resultado


def ambiente_de_pruebas(base: str) -> dict[str, str]:
    """El entorno de pytest: nada de lo que configure un panel de verdad llega a las pruebas."""
    fuera = {"DATABASE_URL", "SECRET_KEY", "PANEL_DATOS", "DEBUG", "PRODUCCION", "ALLOWED_HOSTS", "PYTHONWARNINGS"}
    ambiente = {clave: valor for clave, valor in variables().items() if clave not in fuera}
    return {**ambiente, "DATABASE_URL": base} if base else ambiente


def leer_informe(resultado: Resultado, informe: Path) -> None:
    """Suma al resultado lo que dice el informe JUnit de pytest."""
    if not informe.is_file():
        return
    for caso in ElementTree.parse(informe).getroot().iter("testcase"):  # noqa: S314 - lo escribió pytest
        nombre = f"{caso.get('classname', '')}::{caso.get('name', '')}".strip(":")
        omision = caso.find("skipped")
        if caso.find("failure") is not None or caso.find("error") is not None:
            resultado.fallaron.append(nombre)
        elif omision is not None and omision.get("type") != "pytest.xfail":
            resultado.omitidas.setdefault(omision.get("message") or "sin razón", []).append(nombre)
        else:
            resultado.pasaron += 1


def resumir(resultados: Sequence[Resultado], *, estricto: bool, elegidas: bool) -> int:
    """Dice qué pasó, sitio por sitio, y qué no se pudo probar. Devuelve el código de salida."""
    for resultado in resultados:
        if resultado.codigo == SIN_PRUEBAS and not elegidas:
            resultado.no_corrio = "no hay ninguna prueba para este sitio"
    decir("\n== Resumen de las pruebas ==")
    for resultado in resultados:
        decir(_linea(resultado))
    omisiones = [linea for resultado in resultados for linea in _omisiones(resultado)]
    if omisiones:
        decir("No se pudo probar:")
        for linea in omisiones:
            decir(f"  - {linea}")
    fallo = not all(resultado.bien for resultado in resultados)
    nada = not any(resultado.pasaron for resultado in resultados)
    if fallo or nada or (omisiones and estricto):
        razon = "hay fallos" if fallo else "no corrió ninguna prueba" if nada else "hubo omisiones y SIN_OMISIONES=1"
        decir(f"Resultado: MAL ({razon}).")
        return 1
    decir("Resultado: BIEN.")
    return 0


def _linea(resultado: Resultado) -> str:
    if resultado.no_corrio:
        return f"  {resultado.nombre:<16} no corrió: {resultado.no_corrio}"
    omitidas = sum(len(nombres) for nombres in resultado.omitidas.values())
    cuenta = f"{resultado.pasaron} pasaron, {len(resultado.fallaron)} fallaron, {omitidas} omitidas"
    aviso = "" if resultado.bien or resultado.fallaron else f" (pytest terminó con el código {resultado.codigo})"
    return f"  {resultado.nombre:<16} {cuenta}, {resultado.segundos:.0f} s{aviso}"


def _omisiones(resultado: Resultado) -> list[str]:
    if resultado.no_corrio:
        return [f"{resultado.nombre}: {resultado.no_corrio}"]
    lineas = []
    for motivo, nombres in resultado.omitidas.items():
        muestra = ", ".join(nombres[:NOMBRES_POR_MOTIVO])
        resto = f" y {len(nombres) - NOMBRES_POR_MOTIVO} más" if len(nombres) > NOMBRES_POR_MOTIVO else ""
        lineas.append(f"{resultado.nombre}: {muestra}{resto}: {motivo}")
    return lineas
