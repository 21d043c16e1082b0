"""Escribe todo lo que hay, o una entidad: el par canónico en JSON, o tablas CSV o XLSX. Siempre en el mismo orden."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from movistar_site.comun.recursos_base import Contexto
from movistar_site.comun.salida import Cuenta, escribir_consulta
from movistar_site.comun.salida.instantanea import instantanea
from movistar_site.comun.salida.tubo import zip_de

from .entidades import ENTIDADES
from .salida.catalogo import escribir_servicios
from .salida.usuario import escribir_usuario

SERVICIOS = "servicios.json"
USUARIO = "usuario.json"
FORMATOS = ("json", "csv", "xlsx")
TODO = "todo"
# En tabla, las de millones salen en el orden en que se registraron: así se lee la base de corrido. Por documento, cada
# fila es un salto a otra parte del disco y leerlas cuesta el doble.
_DE_CORRIDO = ("clientes", "contratos", "interacciones", "consentimientos")


class YaExiste(ValueError):
    """La carpeta tiene archivos que se reemplazarían."""


def archivos(
    *,
    hoy: date,
    formato: str = "json",
    entidad: str = TODO,
    base: str = DEFAULT_DB_ALIAS,
    cuenta: Cuenta | None = None,
) -> dict[str, Callable[[], Iterator[bytes]]]:
    """Los archivos de una exportación y cómo se escribe cada uno, por trozos, leyendo de la base `base`."""
    contados = cuenta or Cuenta()
    if entidad == TODO and formato == "json":
        return {
            SERVICIOS: lambda: escribir_servicios(hoy, base, contados),
            USUARIO: lambda: escribir_usuario(hoy, base, contados),
        }
    nombres = ENTIDADES if entidad == TODO else (entidad,)
    return {
        f"{nombre}.{formato}": lambda n=nombre: escribir_tabla(n, formato, hoy, base=base, cuenta=contados)  # type: ignore[misc]
        for nombre in nombres
    }


def escribir_tabla(
    nombre: str, formato: str, hoy: date, *, base: str = DEFAULT_DB_ALIAS, cuenta: Cuenta | None = None
) -> Iterator[bytes]:
    """Una entidad como tabla."""
    entidad = ENTIDADES[nombre]
    recurso = entidad.recurso(Contexto(hoy=hoy))
    consulta = entidad.consulta().order_by("pk") if nombre in _DE_CORRIDO else entidad.consulta()
    return escribir_consulta(recurso, consulta, formato, base=base, cuenta=cuenta)


def flujo(*, hoy: date, formato: str, entidad: str, cuenta: Cuenta) -> Iterator[bytes]:
    """Los bytes que se envían a un navegador: el archivo de una entidad o, si son varios, un ZIP con todos."""
    with instantanea() as base:
        escritores = archivos(hoy=hoy, formato=formato, entidad=entidad, base=base, cuenta=cuenta)
        if entidad == TODO:
            yield from zip_de((nombre, escribir()) for nombre, escribir in escritores.items())
        else:
            for escribir in escritores.values():
                yield from escribir()


def escribir_zip(destino: Any, *, hoy: date) -> None:
    """Escribe en `destino` un ZIP con el par canónico."""
    for trozo in flujo(hoy=hoy, formato="json", entidad=TODO, cuenta=Cuenta()):
        destino.write(trozo)


def exportar(
    carpeta: Path,
    *,
    hoy: date,
    formato: str = "json",
    reemplazar: bool = False,
    entidad: str = TODO,
    cuenta: Cuenta | None = None,
) -> list[Path]:
    """Escribe los archivos en `carpeta` y devuelve sus rutas. Todos dicen lo que había en un mismo momento.

    Lanza YaExiste si alguno está y no se pidió `reemplazar`, NoCabeEnExcel si un texto no cabe en una celda y OSError
    si no se puede escribir; entonces no aparece ninguno.
    """
    nombres = list(archivos(hoy=hoy, formato=formato, entidad=entidad))
    carpeta.mkdir(parents=True, exist_ok=True)
    existentes = [nombre for nombre in nombres if (carpeta / nombre).exists()]
    if existentes and not reemplazar:
        raise YaExiste(f"Ya hay archivos con ese nombre: {', '.join(existentes)}. Use --reemplazar.")
    listos: list[tuple[str, Path]] = []
    try:
        with instantanea() as base:
            escritores = archivos(hoy=hoy, formato=formato, entidad=entidad, base=base, cuenta=cuenta)
            for nombre, escribir in escritores.items():
                listos.append((_a_temporal(carpeta, escribir()), carpeta / nombre))
        for temporal, destino in listos:
            Path(temporal).replace(destino)
    except BaseException:
        for temporal, _ in listos:
            Path(temporal).unlink(missing_ok=True)
        raise
    return [destino for _, destino in listos]


def _a_temporal(carpeta: Path, trozos: Iterable[bytes]) -> str:
    descriptor, temporal = tempfile.mkstemp(dir=carpeta, prefix=".exportando-")
    try:
        with os.fdopen(descriptor, "wb") as archivo:
            archivo.writelines(trozos)
            archivo.flush()
            os.fsync(archivo.fileno())
    except BaseException:
        Path(temporal).unlink(missing_ok=True)
        raise
    return temporal
