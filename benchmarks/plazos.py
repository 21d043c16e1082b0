"""Cuánto tarda fijar el plazo de cien mil interacciones, y cuánto contarlo sin guardarlo.

Uso: .venv/bin/python benchmarks/plazos.py [sqlite|postgresql] [interacciones]   (SQLite y 100.000 si no se dice)
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from procesos import Bases, correr, servidor

META = 5.0
CONTAR = """
import time
from clientes.models import Interaccion
from clientes.relojes import relojes
filas = list(Interaccion.objects.exclude(tipo="sugerencia").values_list("tipo", "fecha"))
reloj, procesador = time.monotonic(), time.process_time()
reglas = relojes()
for tipo, fecha in filas: reglas.vencimiento(tipo, fecha)
print(f"{len(filas)} {time.monotonic() - reloj:.3f} {time.process_time() - procesador:.3f}")
"""
VACIAR = """
from clientes.models import Interaccion
print(Interaccion.objects.exclude(tipo="sugerencia").update(
    primer_plazo=None, vence_el=None, prorroga_motivo="", prorroga_avisada_el=None))
"""
SIN_HISTORIA = """
import time
from clientes.models import Interaccion
from clientes.operaciones.fechado import fechar_plazos
from clientes.relojes import relojes
reloj, procesador = time.monotonic(), time.process_time()
fechadas = fechar_plazos(Interaccion, relojes())
print(f"{fechadas.con_plazo} {time.monotonic() - reloj:.3f} {time.process_time() - procesador:.3f}")
"""


def cpu_del_servidor(direccion: str) -> float:
    """Segundos de procesador que lleva gastados el servidor de PostgreSQL, con los de quienes ya se fueron."""
    if not direccion:
        return 0.0
    import psycopg

    with psycopg.connect(direccion.replace("postgres://", "postgresql://")) as conexion:
        ((carpeta,),) = conexion.execute("SHOW data_directory").fetchall()
    total = 0
    for proceso in Path("/proc").glob("[0-9]*"):
        try:
            if str((proceso / "cwd").resolve()) == str(Path(carpeta).resolve()):
                partes = (proceso / "stat").read_text().rpartition(")")[2].split()
                # Los de los hijos que terminaron los lleva el primero de todos.
                total += sum(map(int, partes[11:15] if (Path(carpeta) / "postmaster.pid").read_text().split()[0] ==
                                 proceso.name else partes[11:13]))  # fmt: skip
        except OSError:
            continue
    return total / os.sysconf("SC_CLK_TCK")


def consola(codigo: str, entorno: dict[str, str]) -> list[str]:
    """Lo que dice ese código corrido en el panel."""
    return correr(["manage.py", "shell", "-v0", "-c", codigo], entorno).salida.split()


def main() -> None:
    """Llena una base con interacciones sin plazo, se lo pone de las dos maneras y dice las cifras."""
    base = sys.argv[1] if len(sys.argv) > 1 else "sqlite"
    # De cada 64, seis son sugerencias, que no llevan plazo.
    pedidas = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    clientes = str(-(-pedidas * 64 // 58 // 2))
    with servidor(base) as direccion, tempfile.TemporaryDirectory(prefix="plazos-") as carpeta:
        entorno = Bases(Path(carpeta), direccion).nueva()
        correr(["manage.py", "datos_demo", "--clientes", clientes, "--contratos", "2", "--hoy", "2026-11-01"], entorno)
        print(f"Sin plazo: {consola(VACIAR, entorno)[0]}. Meta: {META:.0f} s por cien mil.")
        print(f"{'':<42}{'PQR':>9}{'reloj s':>9}{'cpu s':>8}{'servidor':>10}")
        fila("contar (sin guardar)", consola(CONTAR, entorno), 0)
        antes = cpu_del_servidor(direccion)
        medida = consola(SIN_HISTORIA, entorno)
        fila("fijar y guardar (la migración)", medida, cpu_del_servidor(direccion) - antes)
        consola(VACIAR, entorno)
        antes = cpu_del_servidor(direccion)
        entera = correr(["manage.py", "fechar_plazos"], entorno)
        cuantas = entera.salida.split()[3].replace(".", "")
        cifras = [cuantas, f"{entera.reloj:.3f}", f"{entera.procesador:.3f}"]
        fila("orden fechar_plazos, con historia, entera", cifras, cpu_del_servidor(direccion) - antes)
        print(f"Carga media: {os.getloadavg()[0]:.1f} con {os.cpu_count()} procesadores")


def fila(que: str, cifras: list[str], del_servidor: float) -> None:
    """Una medida: cuántas, segundos de reloj, y de procesador de este lado y del servidor."""
    cuantas, reloj, procesador = cifras
    print(f"{que:<42}{int(cuantas):>9,}{float(reloj):>9.2f}{float(procesador):>8.2f}{del_servidor:>10.2f}")


if __name__ == "__main__":
    main()
