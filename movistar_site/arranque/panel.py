"""`make run`: de una carpeta recién bajada a un panel que contesta."""

from __future__ import annotations

import os

from . import entorno
from .consola import Problema
from .procesos import PYTHON, RAIZ, correr
from .supervisor import Servicio, Supervisor, contesta_http

PROCESOS_WEB = "2"
HILOS_WEB = "4"


def arrancar() -> int:
    """Prepara, arranca la web y el trabajador, y los vigila. Devuelve el código de salida."""
    puerto = entorno.puerto_pedido()
    entorno.exigir_puerto_libre(puerto)
    with entorno.turno():
        entorno.asegurar_requisitos(entorno.REQUISITOS)
        datos = entorno.carpeta_de_datos()
        os.environ["PANEL_DATOS"] = str(datos)
        entorno.asegurar_clave(datos)
        codigo = correr([PYTHON, RAIZ / "manage.py", "iniciar"], env=entorno.entorno())
    if codigo:
        raise Problema("El panel no arrancó: corrija lo anterior y repita la orden.")
    # Pudo ocuparse mientras se instalaba.
    entorno.exigir_puerto_libre(puerto)
    anfitrion = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].strip(" .*") or "127.0.0.1"
    return Supervisor(
        [
            Servicio("la web", orden_web(puerto)),
            Servicio("el trabajador", [PYTHON, RAIZ / "manage.py", "trabajador"]),
        ],
        contesta=lambda: contesta_http(puerto, "/salud/", anfitrion),
        listo=f"Panel listo en http://127.0.0.1:{puerto}/ (Ctrl-C lo detiene).",
    ).vigilar()


def orden_web(puerto: int) -> list[str]:
    """gunicorn con hilos: la aplicación se carga una vez y los procesos la comparten."""
    return [
        str(PYTHON), "-m", "gunicorn", "movistar_site.wsgi",
        "--bind", f"127.0.0.1:{puerto}",
        "--worker-class", "gthread", "--workers", PROCESOS_WEB, "--threads", HILOS_WEB, "--preload",
        "--graceful-timeout", "10", "--timeout", "120",
        "--no-control-socket", "--log-level", "error",
    ]  # fmt: skip
