"""Cuánto tarda atender a un cliente con pocos clientes en la base y con un millón: la ficha y las bandejas.

Uso: .venv/bin/python benchmarks/atencion.py [--clientes 1000000] [--pocos 1000] [--base sqlite|postgresql]
     [--sucesos 600] [--veces 40] [--rondas 5] [--planes]

Dos bases nuevas y temporales llenadas con `datos_demo` (3 contratos y 2 interacciones por cliente). En las dos, el
mismo cliente recibe la misma vida larga. Cada página se pide por turnos, una base y otra, con el panel entero (sesión,
permisos, plantillas); se compara la mediana de su procesador y de su reloj, y el número de consultas.
`--planes` escribe además cómo resuelve la base grande cada consulta de la ficha.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from procesos import Bases, correr, lanzar, servidor

HOY = "2026-11-01"
RAZON_MAXIMA = 1.3
FICHA = "/clientes/cliente/{cliente}/ficha/"
BANDEJA = "/atencion/bandeja/{}/"
# Lo que se mide: título → dirección. `{cliente}` es el más ocupado y `{contrato}` uno de los suyos; lo que aún no
# existe (404) se dice y no se mide.
PAGINAS = {
    "ficha": FICHA,
    "ficha, solo contratos": FICHA + "?tipo=contratos",
    "ficha, un contrato": FICHA + "?contrato={contrato}",
    "ficha, página siguiente": FICHA + "{siguiente}",
    "ficha, qué tenía un día": FICHA + "?el=2024-05-01",
} | {
    f"bandeja {slug}": BANDEJA.format(slug)
    for slug in (
        "mias",
        "mi-equipo",
        "sin-asignar",
        "vencen-hoy",
        "esta-semana",
        "vencidas",
        "silencio",
        "por-enviar-a-la-sic",
    )
}


# --- Lo que corre en el proceso de cada base -------------------------------------------------------------------------
def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movistar_site.settings")
    import django
    from django.conf import settings

    django.setup()
    # Sin `collectstatic`: aquí nadie mira las páginas.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.ALLOWED_HOSTS = ["testserver"]


def papel_preparar(sucesos: str) -> None:
    """Rodea a los demás de historia y movimientos, le da una vida larga al cliente de la mitad y estima la base."""
    from datetime import date

    from django.db import connection
    from vida_larga import dar_vida, rodear

    from clientes.models import Cliente, Contrato, Interaccion
    from movistar_site.comun.models import Usuario

    rodear()
    ultimo = Cliente.objects.order_by("-pk").values_list("pk", flat=True).first() or 1
    cliente = Cliente.objects.get(pk=ultimo // 2)
    # La misma vida en todas las bases: sin la que `datos_demo` le inventó.
    rodear(quitar=cliente.pk)
    Interaccion.objects.filter(cliente=cliente).delete()
    Contrato.objects.filter(cliente=cliente).delete()
    Cliente.objects.filter(pk=cliente.pk).update(
        estado="activo", inactivo_desde=None, fecha_vinculacion=date(2013, 5, 20), tipo_persona="natural"
    )
    cliente.refresh_from_db()
    dar_vida(cliente, hoy=date.fromisoformat(HOY), sucesos=int(sucesos))
    Usuario.objects.create_superuser("mide", password="clave-de-medida-1")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(cliente.pk)


def _ver_mas(navegador: Any, cliente: str) -> str:
    """La dirección del «Ver más» de la línea de tiempo."""
    pagina = navegador.get(FICHA.format(cliente=cliente)).content.decode()
    return html.unescape(pagina.split('hx-get="', 1)[1].split('"', 1)[0])


def papel_servir(cliente: str) -> None:
    """Por cada renglón que recibe (una dirección y cuántas veces), la pide y dice lo que tardó cada vez."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from clientes.models import Contrato
    from movistar_site.comun.models import Usuario

    navegador = Client()
    navegador.force_login(Usuario.objects.get(username="mide"), backend="django.contrib.auth.backends.ModelBackend")
    siguiente = _ver_mas(navegador, cliente)
    contrato = Contrato.objects.filter(cliente=int(cliente), estado="activo").order_by("pk")[0].pk
    for renglon in sys.stdin:
        direccion, veces = json.loads(renglon)
        url = direccion.format(cliente=cliente, contrato=contrato, siguiente=siguiente)
        with CaptureQueriesContext(connection) as capturadas:
            estado = navegador.get(url).status_code
        consultas = len(capturadas)  # la siguiente petición las olvida
        tiempos = []
        for _ in range(veces if estado == 200 else 0):
            inicio, procesador = time.perf_counter(), time.process_time()
            navegador.get(url)
            tiempos.append([time.perf_counter() - inicio, time.process_time() - procesador])
        print(json.dumps({"estado": estado, "consultas": consultas, "tiempos": tiempos}), flush=True)


def papel_planes(cliente: str) -> None:
    """El plan de cada consulta de la ficha y de lo que tenía un día."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from movistar_site.comun.models import Usuario

    navegador = Client()
    navegador.force_login(Usuario.objects.get(username="mide"), backend="django.contrib.auth.backends.ModelBackend")
    siguiente = _ver_mas(navegador, cliente)
    vistas: set[str] = set()
    for direccion in (FICHA, FICHA + siguiente, FICHA + "?el=2024-05-01"):
        with CaptureQueriesContext(connection) as capturadas:
            navegador.get(direccion.format(cliente=cliente))
        for sql in (consulta["sql"] for consulta in capturadas.captured_queries):
            if sql in vistas or not sql.startswith("SELECT"):
                continue
            vistas.add(sql)
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{sql}")
                plan = [str(fila[-1]) for fila in cursor.fetchall()]
            print(f"\n{sql[:60]} … {sql[sql.rfind(' FROM ') :][:260]}\n  " + "\n  ".join(plan))


PAPELES: dict[str, Any] = {"preparar": papel_preparar, "servir": papel_servir, "planes": papel_planes}


# --- Medir -----------------------------------------------------------------------------------------------------------
class Base:
    """Una base llena, con un proceso que contesta lo que se le pida."""

    def __init__(self, bases: Bases, clientes: int, sucesos: int) -> None:
        self.entorno = bases.nueva()
        correr(["manage.py", "datos_demo", "--clientes", str(clientes), "--hoy", HOY], self.entorno)
        self.cliente = correr([__file__, "--papel", "preparar", str(sucesos)], self.entorno).salida.strip()
        self.proceso = lanzar(
            [__file__, "--papel", "servir", self.cliente], self.entorno, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def pedir(self, direccion: str, veces: int) -> dict[str, Any]:
        """Pide la página y entrega lo que el proceso dice."""
        assert self.proceso.stdin is not None and self.proceso.stdout is not None
        self.proceso.stdin.write(json.dumps([direccion, veces]) + "\n")
        self.proceso.stdin.flush()
        return dict(json.loads(self.proceso.stdout.readline()))

    def cerrar(self) -> None:
        """Deja ir el proceso."""
        assert self.proceso.stdin is not None
        self.proceso.stdin.close()
        self.proceso.wait()


def comparar(titulo: str, direccion: str, pocos: Base, muchos: Base, opciones: argparse.Namespace) -> bool:
    """La fila de una página; falso si no cumple."""
    tiempos: dict[Base, list[list[float]]] = {pocos: [], muchos: []}
    consultas: dict[Base, int] = {}
    for _ in range(opciones.rondas):
        for base in (pocos, muchos):
            dicho = base.pedir(direccion, opciones.veces)
            if dicho["estado"] != 200:
                print(f"{titulo:<28} no se mide: responde {dicho['estado']}")
                return True
            consultas[base] = dicho["consultas"]
            tiempos[base] += dicho["tiempos"]
    reloj, procesador = (
        {base: statistics.median(uno[cual] for uno in tiempos[base]) * 1e3 for base in tiempos} for cual in (0, 1)
    )
    razones = reloj[muchos] / reloj[pocos], procesador[muchos] / procesador[pocos]
    # SQLite trabaja en el mismo proceso; de PostgreSQL solo se sabe por el reloj.
    bien = razones[opciones.base == "sqlite"] <= RAZON_MAXIMA and consultas[pocos] == consultas[muchos]
    print(f"{titulo:<28}{reloj[pocos]:>9.1f}{reloj[muchos]:>9.1f}{razones[0]:>7.2f} ×{procesador[pocos]:>9.1f}"
          f"{procesador[muchos]:>9.1f}{razones[1]:>7.2f} ×{consultas[pocos]:>6}{consultas[muchos]:>5}"
          f"{'' if bien else '   NO CUMPLE'}", flush=True)  # fmt: skip
    return bien


def medir(opciones: argparse.Namespace, bases: Bases) -> bool:
    """La tabla entera."""
    pocos, muchos = (Base(bases, n, opciones.sucesos) for n in (opciones.pocos, opciones.clientes))
    print(
        f"{opciones.pocos:,} y {opciones.clientes:,} clientes en {opciones.base}; al más ocupado le han pasado unas"
        f" {opciones.sucesos} cosas. Medianas en ms de {opciones.veces * opciones.rondas}; razón ≤ {RAZON_MAXIMA}."
    )
    print(f"{'':<28}{'reloj':>9}{'':>9}{'razón':>9}{'CPU':>9}{'':>9}{'razón':>9}{'consultas':>11}")
    bien = [comparar(titulo, direccion, pocos, muchos, opciones) for titulo, direccion in PAGINAS.items()]
    pocos.cerrar()
    muchos.cerrar()
    if opciones.planes:
        print(correr([__file__, "--papel", "planes", muchos.cliente], muchos.entorno).salida)
    print(f"Carga media: {os.getloadavg()[0]:.1f} con {os.cpu_count()} procesadores")
    return all(bien)


def main() -> None:
    """Lee las opciones y mide, o hace el papel que le pidan."""
    lector = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    lector.add_argument("--clientes", type=int, default=1_000_000)
    lector.add_argument("--pocos", type=int, default=1_000)
    lector.add_argument("--base", choices=("sqlite", "postgresql"), default="sqlite")
    lector.add_argument("--sucesos", type=int, default=600, help="Cuántos le pasan al cliente más ocupado.")
    lector.add_argument("--veces", type=int, default=40)
    lector.add_argument("--rondas", type=int, default=5)
    lector.add_argument("--planes", action="store_true")
    lector.add_argument("--papel", nargs="+", help=argparse.SUPPRESS)
    opciones = lector.parse_args()
    if opciones.papel:
        _django()
        PAPELES[opciones.papel[0]](*opciones.papel[1:])
        return
    with tempfile.TemporaryDirectory(prefix="atencion-") as nombre, servidor(opciones.base) as direccion:
        if not medir(opciones, Bases(Path(nombre), direccion)):
            raise SystemExit(1)


if __name__ == "__main__":
    main()
