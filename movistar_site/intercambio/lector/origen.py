"""El archivo en disco: su huella, su peso y su texto, siempre por trozos."""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from movistar_site.comun.archivos import ArchivoIlegible, Codificacion, DetectorDeCodificacion, reconocer

_TROZO = 1024 * 1024
_ALGO_VISIBLE = re.compile(rb"[^\s\x00]")


@dataclass(frozen=True)
class Examen:
    """Lo que se sabe de un archivo después de recorrerlo una vez, sin entenderlo."""

    huella: str
    peso: int
    codificacion: Codificacion | None


def examinar(ruta: Path, *, de_texto: bool) -> Examen:
    """Recorre el archivo: SHA-256, peso y, si ha de ser texto, su codificación. Lanza ArchivoIlegible."""
    resumen = hashlib.sha256()
    detector = DetectorDeCodificacion()
    peso, vacio = 0, True
    with abrir_binario(ruta) as archivo:
        while trozo := archivo.read(_TROZO):
            if not peso and de_texto and (es := reconocer(trozo)):
                raise ArchivoIlegible(f"El archivo no es de texto: es {es}.")
            peso += len(trozo)
            _exigir_peso(peso)
            vacio = vacio and not _ALGO_VISIBLE.search(trozo)
            resumen.update(trozo)
            if de_texto:
                detector.alimentar(trozo)
    if vacio:
        raise ArchivoIlegible("El archivo está vacío.")
    return Examen(resumen.hexdigest(), peso, detector.resultado() if de_texto else None)


def abrir_binario(ruta: Path) -> BinaryIO:
    """El archivo, o ArchivoIlegible si ya no está o no se deja leer."""
    try:
        return ruta.open("rb")
    except OSError:
        raise ArchivoIlegible("El archivo no se pudo abrir: vuelva a subirlo.") from None


def _exigir_peso(peso: int) -> None:
    maximo = settings.IMPORTACION_MAX_BYTES
    if peso > maximo:
        raise ArchivoIlegible(f"El archivo pesa más de {maximo / 1e6:.0f} MB, que es el máximo: divídalo en varios.")


def lugar_del_byte(ruta: Path, posicion: int) -> tuple[int, int]:
    """La línea y la columna (en bytes, desde 1) de una posición del archivo."""
    linea, principio, recorrido = 1, 0, 0
    with abrir_binario(ruta) as archivo:
        while recorrido < posicion and (trozo := archivo.read(min(_TROZO, posicion - recorrido))):
            if saltos := trozo.count(b"\n"):
                linea += saltos
                principio = recorrido + trozo.rindex(b"\n") + 1
            recorrido += len(trozo)
    return linea, posicion - principio + 1


class Texto:
    """El texto de un archivo, trozo a trozo. `leidos`: cuántos bytes van."""

    def __init__(self, ruta: Path, examen: Examen, tamano: int) -> None:
        assert examen.codificacion is not None  # noqa: S101
        self._archivo = abrir_binario(ruta)
        self._decodificador = codecs.getincrementaldecoder(examen.codificacion.nombre)(examen.codificacion.errores)
        self._tamano = tamano
        self._total = examen.peso
        self.leidos = 0
        self.agotado = False

    def leer(self) -> str:
        """El trozo que sigue; vacío cuando no hay más."""
        while not self.agotado:
            trozo = self._archivo.read(self._tamano)
            self.leidos += len(trozo)
            self.agotado = not trozo or self.leidos >= self._total
            if texto := self._decodificador.decode(trozo, self.agotado):
                return texto
        return ""

    def cerrar(self) -> None:
        """Suelta el archivo."""
        self._archivo.close()
