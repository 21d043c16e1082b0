"""Las flechas de la casa: quién puede importar a quién, y lo que toda aplicación del dominio lleva igual."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from movistar_site import roles

RAIZ = Path(settings.BASE_DIR)
# Cada cuarto puede importar los que están antes que él; la raíz de composición, todos.
ORDEN = ("movistar_site.comun", "servicios", "clientes", "bonificaciones", "reportes", "movistar_site")
DOMINIO = ("servicios", "clientes", "bonificaciones", "reportes")
LINEAS_MAXIMAS = 450
ARCHIVOS_COMUNES = {"consultas.py", "operaciones.py", "filtros.py", "recursos.py", "admin.py"}
ARCHIVO_AJENO = re.compile(
    r"""(?:\b(?:src|href|action)\s*=\s*|url\(\s*|@import\s+|\bfetch\(\s*|\bimport\(\s*)["']?(?:https?:)?//""", re.I
)


def cuarto(modulo: str) -> str | None:
    """El cuarto de la casa en que está un módulo, o None si es ajeno."""
    for nombre in ORDEN:
        if modulo == nombre or modulo.startswith(f"{nombre}."):
            return nombre
    return None


def importados(codigo: str, modulo: str, *, es_paquete: bool = False) -> Iterator[tuple[int, str]]:
    """Cada módulo que el código importa, con su línea: también dentro de funciones, relativo o por su nombre."""
    for nodo in ast.walk(ast.parse(codigo)):
        if isinstance(nodo, ast.Import):
            yield from ((nodo.lineno, alias.name) for alias in nodo.names)
        elif isinstance(nodo, ast.ImportFrom):
            base = _absoluto(nodo, modulo, es_paquete)
            yield from ((nodo.lineno, f"{base}.{alias.name}" if base else alias.name) for alias in nodo.names)
        elif isinstance(nodo, ast.Call) and _es_importacion(nodo.func) and nodo.args:
            argumento = nodo.args[0]
            if isinstance(argumento, ast.Constant) and isinstance(argumento.value, str):
                yield nodo.lineno, argumento.value


def _absoluto(nodo: ast.ImportFrom, modulo: str, es_paquete: bool) -> str:
    if not nodo.level:
        return nodo.module or ""
    partes = modulo.split(".")
    partes = partes[: len(partes) - nodo.level + es_paquete]
    return ".".join([*partes, *([nodo.module] if nodo.module else [])])


def _es_importacion(funcion: ast.expr) -> bool:
    nombre = funcion.attr if isinstance(funcion, ast.Attribute) else getattr(funcion, "id", "")
    return nombre in {"import_module", "__import__", "import_string"}


def flechas_prohibidas(codigo: str, modulo: str, *, es_paquete: bool = False) -> list[str]:
    """Las importaciones de `modulo` que van contra las flechas, como frases."""
    aqui = cuarto(modulo)
    if aqui is None:
        return []
    return [
        f"{modulo}, línea {linea}: importa {otro}, que está después de {aqui}"
        for linea, otro in importados(codigo, modulo, es_paquete=es_paquete)
        if (alla := cuarto(otro)) is not None and ORDEN.index(alla) > ORDEN.index(aqui)
    ]


def fuentes() -> list[Path]:
    """Los .py del panel: los de cada cuarto, `manage.py` y `conftest.py`, sin migraciones."""
    carpetas = [RAIZ / nombre for nombre in (*DOMINIO, "movistar_site")]
    encontrados = [ruta for carpeta in carpetas for ruta in carpeta.rglob("*.py") if "migrations" not in ruta.parts]
    return sorted([*encontrados, *RAIZ.glob("*.py")])


def modulo_de(ruta: Path) -> str:
    """`clientes/models/__init__.py` → `clientes.models`."""
    partes = ruta.relative_to(RAIZ).with_suffix("").parts
    return ".".join(partes[:-1] if partes[-1] == "__init__" else partes)


# --- Las flechas -----------------------------------------------------------------------------------------------------
def test_ningun_modulo_importa_contra_las_flechas() -> None:
    quejas = [
        queja
        for ruta in fuentes()
        # Las pruebas de una aplicación pueden reunir a las demás para armar su escena.
        if "tests" not in ruta.parts and ruta.name != "conftest.py"
        for queja in flechas_prohibidas(
            ruta.read_text(encoding="utf-8"), modulo_de(ruta), es_paquete=ruta.name == "__init__.py"
        )
    ]
    assert not quejas, "\n".join(quejas)


@pytest.mark.parametrize(
    ("modulo", "codigo"),
    [
        ("servicios.consultas", "import clientes"),
        ("servicios.consultas", "import clientes.models as m"),
        ("servicios.consultas", "from clientes.models import Cliente"),
        ("servicios.consultas", "def f():\n    from clientes import consultas"),
        ("servicios.consultas", "if TYPE_CHECKING:\n    from clientes.models import Cliente"),
        ("servicios.consultas", "from importlib import import_module\nimport_module('clientes.models')"),
        ("servicios.consultas", "from movistar_site import roles"),
        ("servicios.consultas", "import movistar_site.intercambio.operaciones"),
        ("movistar_site.comun.campos", "from servicios.models import Servicio"),
        ("movistar_site.comun.campos", "from .. import roles"),
        ("movistar_site.comun.campos", "from ..intercambio import operaciones"),
        ("clientes.operaciones", "from reportes.tablero import lecturas"),
        ("bonificaciones.models", "from movistar_site.settings import DATOS_DIR"),
    ],
)
def test_una_importacion_contra_las_flechas_se_delata(modulo: str, codigo: str) -> None:
    assert flechas_prohibidas(codigo, modulo)


@pytest.mark.parametrize(
    ("modulo", "codigo"),
    [
        ("clientes.models", "from servicios.models import Servicio"),
        ("clientes.operaciones", "from movistar_site.comun.operaciones import guardar"),
        ("clientes.operaciones", "from movistar_site.comun import auditoria"),
        ("clientes.operaciones", "from .models import Cliente"),
        ("movistar_site.comun.campos", "from .valores import normalizar"),
        ("movistar_site.intercambio.operaciones", "from clientes import operaciones"),
        ("servicios.consultas", "import clientesoft"),
    ],
)
def test_una_importacion_a_favor_de_las_flechas_pasa(modulo: str, codigo: str) -> None:
    assert not flechas_prohibidas(codigo, modulo)


def test_lo_importado_desde_un_paquete_se_resuelve_en_el_paquete() -> None:
    assert [m for _, m in importados("from . import cliente", "clientes.models", es_paquete=True)] == [
        "clientes.models.cliente"
    ]


# --- La forma --------------------------------------------------------------------------------------------------------
def test_ningun_archivo_pasa_de_450_lineas() -> None:
    largos = {str(r.relative_to(RAIZ)): n for r in fuentes() if (n := r.read_text().count("\n")) >= LINEAS_MAXIMAS}
    assert not largos


@pytest.mark.parametrize("aplicacion", DOMINIO)
def test_cada_aplicacion_del_dominio_nombra_igual_sus_archivos(aplicacion: str) -> None:
    carpeta = RAIZ / aplicacion
    modelos = apps.get_app_config(aplicacion).get_models(include_auto_created=False)
    # Las cuentas que lleva la base y lo que cada quien guarda para sí no son del dominio: nadie lo intercambia.
    con_modelos = any("importar" in modelo._meta.default_permissions for modelo in modelos)
    assert (carpeta / "tests" / "__init__.py").is_file()
    if not con_modelos:
        return
    presentes = {ruta.stem + ".py" for ruta in carpeta.iterdir() if ruta.suffix in {".py", ""}}
    assert presentes >= {*ARCHIVOS_COMUNES, "models.py"}, sorted({*ARCHIVOS_COMUNES, "models.py"} - presentes)


def test_las_pruebas_de_cada_aplicacion_se_llaman_por_lo_que_prueban() -> None:
    sueltas = [
        str(ruta.relative_to(RAIZ))
        for ruta in fuentes()
        if ruta.name.startswith("test")
        and not ("tests" in ruta.relative_to(RAIZ).parts and ruta.name.startswith("test_"))
    ]
    # `tests/` es la única carpeta con pruebas: así pytest las halla y las flechas las disculpan.
    assert not sueltas


# --- Nada de fuera ---------------------------------------------------------------------------------------------------
def test_ninguna_pagina_pide_algo_a_otro_servidor() -> None:
    carpetas = [RAIZ / nombre for nombre in (*DOMINIO, "movistar_site", "templates")]
    rutas = [
        ruta for carpeta in carpetas for tipo in ("html", "css", "js", "py") for ruta in carpeta.rglob(f"*.{tipo}")
    ]
    culpables = [
        f"{ruta.relative_to(RAIZ)}: {hallado.group(0)}"
        for ruta in rutas
        if "tests" not in ruta.parts and (hallado := ARCHIVO_AJENO.search(ruta.read_text(encoding="utf-8")))
    ]
    assert not culpables, "\n".join(culpables)


@pytest.mark.parametrize(
    "linea",
    [
        '<script src="https://cdn.ejemplo.co/a.js">',
        "<link href='//cdn.ejemplo.co/a.css'>",
        "@import 'https://letras.ejemplo.co/';",
        "background: url(http://ejemplo.co/a.png)",
    ],
)
def test_un_archivo_de_otro_servidor_se_delata(linea: str) -> None:
    assert ARCHIVO_AJENO.search(linea)


# --- Los papeles -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("papel", roles.PAPELES)
def test_todo_permiso_de_un_papel_existe(papel: str) -> None:
    for aplicacion, codigo in roles.permisos_de(papel):
        accion, _, modelo = codigo.partition("_")
        opciones = apps.get_model(aplicacion, modelo)._meta
        propios = {codigo for codigo, _ in opciones.permissions}
        assert accion in opciones.default_permissions or codigo in propios, f"{papel}: {aplicacion}.{codigo}"
