"""Los reportes del panel. Cada archivo de `reportes/informes/` anota el suyo; aquí no hay que tocar nada."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from .reporte import Reporte

SERVICIOS, CLIENTES, ATENCION, FIDELIZACION = "Servicios", "Clientes", "Atención", "Fidelización"
GRUPOS = (SERVICIOS, CLIENTES, ATENCION, FIDELIZACION)
"""En qué grupo de la página de reportes va cada uno, en este orden."""

REPORTES: dict[str, Reporte] = {}
"""Clave → el reporte."""

R = TypeVar("R", bound="type[Reporte]")


def registrar(clase: R) -> R:
    """Anota un reporte: decora su clase. Lanza ValueError si la clave ya es de otro."""
    if clase.clave in REPORTES and type(REPORTES[clase.clave]).__qualname__ != clase.__qualname__:
        raise ValueError(f"Ya hay un reporte «{clase.clave}».")
    REPORTES[clase.clave] = clase()
    return clase


def cargar(paquete: Any) -> None:
    """Importa todos los módulos de un paquete, para que cada uno anote su reporte."""
    for modulo in sorted(uno.name for uno in pkgutil.iter_modules(paquete.__path__)):
        import_module(f"{paquete.__name__}.{modulo}")


def permitidos(usuario: Any) -> list[Reporte]:
    """Los que la cuenta puede abrir, por grupo y orden."""
    propios = [uno for uno in REPORTES.values() if uno.permitido(usuario)]
    return sorted(propios, key=lambda uno: (GRUPOS.index(uno.grupo), uno.posicion, uno.titulo))


def puede_llevar(usuario: Any, reporte: Reporte) -> bool:
    """Si la cuenta puede sacarlo en un archivo: una lista de personas exige además el permiso de exportarlas."""
    from .reporte import Lista

    return reporte.permitido(usuario) and (
        not isinstance(reporte, Lista) or bool(usuario.has_perm(reporte.listado.exportar))
    )
