"""`make estilo` y `make requisitos`: revisar el código y fijar las versiones."""

from __future__ import annotations

from . import entorno
from .consola import decir
from .procesos import RAIZ, VENV, correr
from .procesos import entorno as variables

REVISIONES = (
    ("ruff check", ["ruff", "check", "."]),
    ("ruff format", ["ruff", "format", "--check", "."]),
    ("mypy", ["mypy", "."]),
    ("djlint", ["djlint", "--lint", "templates", "--quiet"]),
)


def revisar() -> int:
    """Corre todas las revisiones, aunque falle la primera, y dice cuáles no pasaron."""
    with entorno.turno():
        entorno.asegurar_requisitos(entorno.REQUISITOS_DE_PRUEBAS)
    malas = []
    for nombre, (programa, *argumentos) in REVISIONES:
        decir(f"== {nombre} ==")
        if correr([VENV / "bin" / programa, *argumentos], env=variables()):
            malas.append(nombre)
    decir(f"Estilo: no pasan {', '.join(malas)}." if malas else "Estilo: todo pasa.")
    return 1 if malas else 0


def fijar_requisitos() -> int:
    """Escribe requirements.txt y requirements-dev.txt con versiones exactas y huellas, sin direcciones de registros."""
    with entorno.turno():
        entorno.asegurar_requisitos(entorno.REQUISITOS_DE_PRUEBAS)
    base: list[object] = [VENV / "bin" / "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    base += ["--generate-hashes", "--no-header", "pyproject.toml"]
    for lista, extra in ((entorno.REQUISITOS, []), (entorno.REQUISITOS_DE_PRUEBAS, ["--extra", "dev"])):
        codigo = correr([*base, *extra, "--output-file", lista.relative_to(RAIZ)], env=variables())
        if codigo:
            return codigo
        decir(f"{lista.name} al día.")
    return 0
