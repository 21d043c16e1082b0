"""Archivos subidos que esperan entre la revisión y la confirmación.

La pantalla de django-import-export guarda el archivo con un nombre que viaja por el formulario y luego abre y borra el
que el formulario diga. Aquí el nombre va firmado, con la cuenta que lo subió y una hora de vida: otro nombre, otra
cuenta u otro día no abren nada.
"""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from import_export.tmp_storages import BaseStorage

from .formatos_archivo import ArchivoIlegible

_SAL = "comun.almacen"
_CADUCO = "El archivo revisado ya no está disponible: vuelva a subirlo."


def carpeta() -> Path:
    """La carpeta de los archivos en espera, solo para la cuenta del sistema que corre el panel."""
    ruta = Path(settings.DATOS_DIR) / "importaciones"
    ruta.mkdir(parents=True, exist_ok=True, mode=0o700)
    return ruta


class AlmacenFirmado(BaseStorage):
    """Guarda un archivo y entrega como `name` una ficha firmada; `usuario` es la única cuenta que puede abrirlo."""

    def __init__(self, *, usuario: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.usuario = str(getattr(usuario, "pk", "") or "")

    def save(self, data: bytes | str) -> None:
        limpiar()
        archivo = secrets.token_hex(16)
        descriptor = os.open(carpeta() / archivo, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as abierto:
            abierto.write(data.encode() if isinstance(data, str) else data)
        self.name = signing.dumps({"archivo": archivo, "usuario": self.usuario}, salt=_SAL)

    def read(self) -> bytes:
        """Los bytes guardados. Lanza ArchivoIlegible si la ficha no es de esta cuenta, se alteró o caducó."""
        try:
            return self._ruta().read_bytes()
        except FileNotFoundError:
            raise ArchivoIlegible(_CADUCO) from None

    def remove(self) -> None:
        self._ruta().unlink(missing_ok=True)

    def _ruta(self) -> Path:
        try:
            ficha = signing.loads(str(self.name or ""), salt=_SAL, max_age=settings.IMPORTACION_CADUCA_SEGUNDOS)
        except signing.BadSignature:
            raise ArchivoIlegible(_CADUCO) from None
        if ficha["usuario"] != self.usuario:
            raise ArchivoIlegible("Ese archivo lo subió otra cuenta: suba el suyo.")
        return carpeta() / ficha["archivo"]


def limpiar(ahora: float | None = None) -> int:
    """Borra los archivos en espera que ya caducaron y dice cuántos."""
    limite = (ahora if ahora is not None else time.time()) - settings.IMPORTACION_CADUCA_SEGUNDOS
    borrados = 0
    for ruta in carpeta().iterdir():
        try:
            if ruta.is_file() and ruta.stat().st_mtime < limite:
                ruta.unlink()
                borrados += 1
        except FileNotFoundError:
            continue  # otra petición lo borró antes
    return borrados
