"""Un ZIP que se envía mientras se escribe: lo escrito se saca por trozos y no se puede volver atrás."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator

# Nivel 1: se comprime texto muy repetido, y los niveles altos gastan el doble de procesador por un 20 % menos.
NIVEL = 1
_BYTES_POR_TROZO = 64 * 1024


class Tubo:
    """Hace de archivo de salida de un `ZipFile`."""

    def __init__(self) -> None:
        self.partes: list[bytes] = []
        self.pendientes = 0

    def write(self, datos: bytes) -> int:
        """Guarda lo escrito hasta que se saque."""
        self.partes.append(bytes(datos))
        self.pendientes += len(datos)
        return len(datos)

    def flush(self) -> None:
        """No hay nada que asegurar."""

    def sacar(self) -> bytes:
        """Lo escrito desde la última vez."""
        datos = b"".join(self.partes)
        self.partes.clear()
        self.pendientes = 0
        return datos


def zip_de(archivos: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """Un ZIP con esos archivos, en ese orden."""
    tubo = Tubo()
    with zipfile.ZipFile(tubo, "w", zipfile.ZIP_DEFLATED, compresslevel=NIVEL) as comprimido:  # type: ignore[call-overload]
        for nombre, trozos in archivos:
            entrada = zipfile.ZipInfo(nombre, (1980, 1, 1, 0, 0, 0))
            # Un libro de Excel ya es un ZIP.
            entrada.compress_type = zipfile.ZIP_STORED if nombre.endswith(".xlsx") else zipfile.ZIP_DEFLATED
            entrada._compresslevel = NIVEL  # type: ignore[attr-defined]
            entrada.external_attr = 0o600 << 16
            with comprimido.open(entrada, "w", force_zip64=True) as parte:
                # El primer byte sale ya, sin esperar a la base.
                yield tubo.sacar()
                for trozo in trozos:
                    parte.write(trozo)
                    if tubo.pendientes > _BYTES_POR_TROZO:
                        yield tubo.sacar()
            yield tubo.sacar()
    yield tubo.sacar()
