"""Los archivos de cada importación, guardados mientras puedan volver a hacer falta."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from movistar_site.comun.formatos_archivo import ArchivoIlegible

from . import lector
from .models import ArchivoImportado, Importacion

MAX_ARCHIVOS = 200
_TROZO = 1024 * 1024


def raiz() -> Path:
    """La carpeta de las importaciones, solo para la cuenta del sistema que corre el panel."""
    ruta = Path(settings.DATOS_DIR) / "importaciones"
    ruta.mkdir(parents=True, exist_ok=True, mode=0o700)
    return ruta


def de(importacion: Importacion) -> Path:
    """La carpeta de una importación."""
    ruta = raiz() / str(importacion.pk)
    ruta.mkdir(parents=True, exist_ok=True, mode=0o700)
    return ruta


def borrar(importacion: Importacion) -> None:
    """Quita sus archivos del disco."""
    shutil.rmtree(raiz() / str(importacion.pk), ignore_errors=True)


def guardadas() -> list[int]:
    """Los números de las importaciones que tienen archivos en el disco."""
    return sorted(int(ruta.name) for ruta in raiz().iterdir() if ruta.name.isascii() and ruta.name.isdigit())


def guardar(importacion: Importacion, archivos: list[tuple[str, BinaryIO | Path]]) -> list[ArchivoImportado]:
    """Copia los archivos a la carpeta de la importación y abre los ZIP.

    Lanza ArchivoIlegible si no hay ninguno, si pesan demasiado o si un ZIP no se puede abrir.
    """
    carpeta = de(importacion)
    guardados: list[ArchivoImportado] = []
    omitidos: list[tuple[str, str]] = []
    restante = settings.IMPORTACION_MAX_BYTES
    for numero, (nombre, contenido) in enumerate(archivos):
        destino = carpeta / f"subido-{numero}"
        restante -= _copiar(contenido, destino, restante, nombre)
        # Cada ZIP en lo suyo: por dentro, los archivos de todos se llaman igual.
        hallados = lector.expandir(destino, nombre, carpeta / f"zip-{numero}")
        omitidos += [(f"{nombre}: {uno}", motivo) for uno, motivo in hallados.omitidos if motivo != lector.DEL_SISTEMA]
        for nombre_de_dentro, ruta in hallados:
            guardados.append(_registro(importacion, len(guardados), nombre_de_dentro, ruta))
            if len(guardados) > MAX_ARCHIVOS:
                raise ArchivoIlegible(f"Son más de {MAX_ARCHIVOS} archivos a la vez: súbalos por partes.")
    if not guardados:
        raise ArchivoIlegible("No hay ningún archivo .json, .csv ni .xlsx que leer.")
    ArchivoImportado.objects.bulk_create(guardados)
    if omitidos:
        importacion.ajustes = {**importacion.ajustes, "omitidos": omitidos}
        importacion.save(update_fields=["ajustes"])
    return guardados


def _registro(importacion: Importacion, orden: int, nombre: str, ruta: Path) -> ArchivoImportado:
    return ArchivoImportado(
        importacion=importacion,
        orden=orden,
        nombre=nombre[-200:].replace("\x00", ""),
        guardado=str(ruta.relative_to(raiz())),
        bytes=ruta.stat().st_size,
    )


def _copiar(contenido: BinaryIO | Path, destino: Path, restante: int, nombre: str) -> int:
    """Copia por trozos y dice cuántos bytes eran; se detiene en cuanto pasan de lo que queda."""
    copiados = 0
    descriptor = os.open(destino, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as salida:
        for trozo in _trozos(contenido):
            copiados += len(trozo)
            if copiados > restante:
                maximo = settings.IMPORTACION_MAX_BYTES / 1e6
                raise ArchivoIlegible(f"{nombre}: los archivos pesan más de {maximo:.0f} MB: impórtelos por partes.")
            salida.write(trozo)
    return copiados


def _trozos(contenido: BinaryIO | Path) -> Iterator[bytes]:
    if isinstance(contenido, Path):
        with contenido.open("rb") as abierto:
            yield from iter(lambda: abierto.read(_TROZO), b"")
        return
    lectura: Any = contenido
    yield from iter(lambda: lectura.read(_TROZO), b"")
