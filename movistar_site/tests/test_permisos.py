"""La matriz de permisos: cada dirección y cada acción del panel, para cada papel y para nadie.

La tabla dice lo esperado con independencia de roles.py; una dirección o una acción que no esté en ella hace fallar
`test_no_falta_ninguna_direccion` o `test_no_falta_ninguna_accion`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver

PAPELES = {"A": "Administrador", "G": "Agente de atención", "V": "Asesor de ventas", "N": "Analista"}
NADIE = "-"

# Por modelo: quién lo ve, agrega, modifica, borra, importa y exporta.
MODELOS: dict[str, tuple[str, str, str, str, str, str]] = {
    "servicios.tiposervicio": ("AGVN", "A", "A", "A", "A", "AN"),
    "servicios.servicio": ("AGVN", "A", "A", "A", "A", "AN"),
    "servicios.promocion": ("AGVN", "A", "A", "A", "A", "AN"),
    "clientes.departamento": ("AGVN", "A", "A", "A", "A", "AN"),
    "clientes.municipio": ("AGVN", "A", "A", "A", "A", "AN"),
    "clientes.cliente": ("AGVN", "AGV", "AGV", "A", "A", "AN"),
    "clientes.contrato": ("AGVN", "AGV", "AGV", "A", "A", "AN"),
    "clientes.interaccion": ("AGVN", "AGV", "AG", "A", "A", "AN"),
    "clientes.consentimiento": ("AGVN", "AGV", "AGV", "A", "A", "AN"),
    "comun.parametro": ("AN", "A", "A", "", "", ""),
    "comun.usuario": ("A", "A", "A", "", "", ""),
    "auth.group": ("A", "A", "A", "", "", ""),
    "django_tasks_database.dbtaskresult": ("A", "", "", "", "", ""),
    "axes.accessattempt": ("A", "", "", "", "", ""),
}
VERBOS = ("ver", "agregar", "modificar", "borrar", "importar", "exportar")
# El final del nombre de la dirección → el verbo que la abre.
DIRECCIONES = {
    "changelist": "ver",
    "add": "agregar",
    "change": "ver",
    "history": "ver",
    "simple_history": "ver",
    "delete": "borrar",
    "import": "importar",
    "process_import": "importar",
    "export": "exportar",
}
# Las que no son de un modelo: nombre → papeles. «*» es cualquiera que haya entrado, «-» también quien no ha entrado.
SUELTAS = {
    "index": "AGVN",
    "search": "AGVN",
    "password_change": "AGVN",
    "password_change_done": "AGVN",
    "jsi18n": "AGVN",
}
ABIERTAS = {"login", "logout", "salud"}
# Las acciones de cada pantalla (comun.acciones): quién las puede hacer.
ACCIONES: dict[tuple[str, str], str] = {}

pytestmark = pytest.mark.django_db


def _direcciones(patrones: list[Any]) -> Iterator[str]:
    for patron in patrones:
        if isinstance(patron, URLResolver):
            yield from _direcciones(patron.url_patterns)
        elif isinstance(patron, URLPattern) and patron.name:
            yield patron.name


def _partir(nombre: str) -> tuple[str, str] | None:
    """«clientes_cliente_changelist» → («clientes.cliente», «changelist»)."""
    for modelo in MODELOS:
        prefijo = modelo.replace(".", "_") + "_"
        if nombre.startswith(prefijo):
            return modelo, nombre.removeprefix(prefijo)
    return None
