"""Qué es un archivo que llega: su codificación y lo que delatan sus primeros bytes, sin tenerlo entero en memoria."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

# Los primeros bytes de lo que a veces llega con otro nombre.
_FIRMAS = (
    (b"PK\x03\x04", "un ZIP o un libro de Excel"),
    (b"PK\x05\x06", "un ZIP vacío"),
    (b"\x89PNG", "una imagen PNG"),
    (b"\xff\xd8\xff", "una imagen JPEG"),
    (b"GIF8", "una imagen GIF"),
    (b"%PDF", "un PDF"),
    (b"\x1f\x8b", "un archivo comprimido GZIP"),
    (b"7z\xbc\xaf\x27\x1c", "un archivo comprimido 7z"),
    (b"Rar!", "un archivo comprimido RAR"),
    (b"\xd0\xcf\x11\xe0", "un archivo de Office antiguo, como XLS"),
    (b"SQLite format 3\0", "una base de datos SQLite"),
    (b"\x7fELF", "un programa"),
    (b"MZ\x90", "un programa"),
)


class ArchivoIlegible(ValueError):
    """El archivo no se puede leer: el mensaje es una frase para quien lo subió."""


def reconocer(inicio: bytes) -> str:
    """Qué es, con artículo («una imagen PNG»), un archivo que no es de texto; vacío si podría serlo."""
    return next((nombre for firma, nombre in _FIRMAS if inicio.startswith(firma)), "")


# --- Codificación ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Codificacion:
    """Con qué se decodifica un texto. `danada_en`: el primer byte que no es de su codificación, o -1."""

    nombre: str
    errores: str
    danada_en: int = -1


def _con_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Los bytes sueltos que no son UTF-8 se leen como Windows (cp1252), y los cinco que él no define, como Latin-1."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    malos = error.object[error.start : error.end]
    return "".join(_letra(byte) for byte in malos), error.end


def _letra(byte: int) -> str:
    try:
        return bytes((byte,)).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


codecs.register_error("panel_cp1252", _con_cp1252)


class DetectorDeCodificacion:
    """Averigua la codificación de un texto a medida que pasa: UTF-8, UTF-16 con BOM o Windows (cp1252, Latin-1).

    Un solo byte mal no convierte en Latin-1 un archivo UTF-8: decide lo que más hay. Lanza ArchivoIlegible si no es de
    texto.
    """

    def __init__(self) -> None:
        self._nombre = ""
        self._utf16 = codecs.getincrementaldecoder("utf-16")()
        self._pendiente = b""
        self._leidos = 0
        self._saltos = 0
        self._de_utf8 = 0
        self._malos = 0
        self._primer_malo = -1

    def alimentar(self, trozo: bytes) -> None:
        """Mira los bytes que siguen."""
        if not self._nombre:
            self._nombre = _por_bom(trozo)
            if self._nombre == "utf-8-sig":
                trozo = trozo[len(codecs.BOM_UTF8) :]
                self._leidos = len(codecs.BOM_UTF8)
        if self._nombre == "utf-16":
            self._pasar_utf16(trozo, final=False)
        else:
            self._pasar_utf8(trozo)

    def _pasar_utf16(self, trozo: bytes, *, final: bool) -> None:
        try:
            texto = self._utf16.decode(trozo, final)
        except UnicodeDecodeError:
            raise ArchivoIlegible("El archivo dice estar en UTF-16 y está dañado: guárdelo como UTF-8.") from None
        if "\0" in texto:
            raise ArchivoIlegible("El archivo no es de texto: trae caracteres nulos.")

    def _pasar_utf8(self, trozo: bytes) -> None:
        if (nulo := trozo.find(0)) >= 0:
            linea = self._saltos + trozo.count(b"\n", 0, nulo) + 1
            raise ArchivoIlegible(
                f"El archivo no es de texto (hay un carácter nulo en la línea {linea}):"
                " se esperaba un CSV o un JSON guardado como UTF-8."
            )
        self._saltos += trozo.count(b"\n")
        if self._pendiente or not trozo.isascii():
            self._contar(self._pendiente + trozo)
        self._leidos += len(trozo)

    def _contar(self, datos: bytes) -> None:
        """Cuántos bytes son letras de UTF-8 y cuántos no pueden serlo; lo cortado se deja para el trozo siguiente."""
        texto, tomados = codecs.utf_8_decode(datos, "ignore", False)
        validos = len(texto.encode())
        self._de_utf8 += validos - len(texto)
        if tomados > validos and self._primer_malo < 0:
            self._primer_malo = self._leidos - len(self._pendiente) + _primer_malo(datos)
        self._malos += tomados - validos
        self._pendiente = datos[tomados:]

    def resultado(self) -> Codificacion:
        """La codificación de todo lo visto."""
        if self._nombre == "utf-16":
            self._pasar_utf16(b"", final=True)
            return Codificacion("utf-16", "strict")
        malos = self._malos + len(self._pendiente)
        if malos > self._de_utf8 and self._nombre != "utf-8-sig":
            return Codificacion("cp1252", "panel_cp1252")
        cortado_en = self._primer_malo if self._primer_malo >= 0 else self._leidos - len(self._pendiente)
        return Codificacion(self._nombre or "utf-8", "panel_cp1252", cortado_en if malos else -1)


def decodificar(datos: bytes) -> str:
    """El texto de un archivo pequeño en UTF-8, UTF-16 con BOM o cp1252 (Latin-1)."""
    detector = DetectorDeCodificacion()
    detector.alimentar(datos)
    codificacion = detector.resultado()
    return datos.decode(codificacion.nombre, codificacion.errores)


def _por_bom(trozo: bytes) -> str:
    if trozo.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig" if trozo.startswith(codecs.BOM_UTF8) else "utf-8"


def _primer_malo(datos: bytes) -> int:
    try:
        datos.decode()
    except UnicodeDecodeError as error:
        return error.start
    return len(datos)
