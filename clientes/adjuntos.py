"""Qué archivos se aceptan como adjunto de un caso. El tipo es el que dicen sus bytes, no su nombre. Puro.

Reconoce `puremagic`; lo que ese paquete no separa —un libro de Excel, un documento de Word y un ZIP cualquiera empiezan
igual— se mira en su índice, sin descomprimir nada.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from pathlib import PurePosixPath
from typing import NamedTuple

import puremagic

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXTENSIONES: dict[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    WORD: (".docx",),
    EXCEL: (".xlsx",),
    "text/plain": (".txt", ".csv"),
}
"""Los tipos que se aceptan, con los finales que puede llevar su nombre; el primero es el que se le pone si no."""
ACEPTADOS = "PDF, PNG, JPEG, Word (.docx), Excel (.xlsx) o texto (.txt)"
LARGO_DEL_NOMBRE = 120
_POR_SUS_BYTES = ("application/pdf", "image/png", "image/jpeg")
_PARTES_DE_OFFICE = {"word/document.xml": WORD, "xl/workbook.xml": EXCEL}
_CONTROLES = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARCADO = (b"<", b"#!", b"{\\rtf")


class Reconocido(NamedTuple):
    """Un archivo que se acepta: cómo se llamará al bajarlo y de qué tipo es."""

    nombre: str
    tipo: str


def reconocer(nombre: str, contenido: bytes) -> Reconocido:
    """El archivo con su tipo de verdad. Lanza ValueError, con una frase, si no es de los que se aceptan."""
    limpio = _limpiar(nombre)
    if not contenido:
        raise ValueError(f"«{limpio}» está vacío: elija un archivo con contenido.")
    tipo = _tipo_de(limpio, contenido)
    return Reconocido(_con_su_final(limpio, tipo), tipo)


def _tipo_de(nombre: str, contenido: bytes) -> str:
    try:
        hallados = {hallado.mime_type for hallado in puremagic.magic_string(contenido)}
    except puremagic.PureError:
        hallados = set()
    for tipo in _POR_SUS_BYTES:
        if tipo in hallados:
            return tipo
    if contenido.startswith(b"PK\x03\x04"):
        return _tipo_de_office(nombre, contenido)
    if _es_texto(contenido):
        return "text/plain"
    raise ValueError(f"«{nombre}» no es de un tipo que se acepte: se espera {ACEPTADOS}.")


def _tipo_de_office(nombre: str, contenido: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(contenido)) as comprimido:
            partes = set(comprimido.namelist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise ValueError(f"«{nombre}» está dañado: no se puede abrir.") from error
    if any(parte.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js")) for parte in partes):
        raise ValueError(f"«{nombre}» trae macros o programas: guárdelo sin ellos y vuelva a adjuntarlo.")
    if "[Content_Types].xml" in partes:
        for parte, tipo in _PARTES_DE_OFFICE.items():
            if parte in partes:
                return tipo
    raise ValueError(f"«{nombre}» es un archivo comprimido: adjunte lo que trae dentro, como {ACEPTADOS}.")


def _es_texto(contenido: bytes) -> bool:
    """Texto corriente, sin caracteres de control y que no sea una página, un guion ni otro formato."""
    return not _CONTROLES.search(contenido) and not contenido.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_MARCADO)


def _limpiar(nombre: str) -> str:
    """El nombre sin carpetas, sin caracteres de control ni de dirección de escritura, y que quepa."""
    solo = PurePosixPath((nombre or "").replace("\\", "/")).name
    visible = "".join(letra for letra in unicodedata.normalize("NFC", solo) if unicodedata.category(letra)[0] != "C")
    visible = " ".join(visible.split()).strip(". ")
    if len(visible) > LARGO_DEL_NOMBRE:
        ruta = PurePosixPath(visible)
        final = ruta.suffix if len(ruta.suffix) <= len(".docx") else ""
        visible = visible[: LARGO_DEL_NOMBRE - len(final)] + final
    return visible or "archivo"


def _con_su_final(nombre: str, tipo: str) -> str:
    """«factura.exe» que por dentro es un PDF se baja como «factura.exe.pdf»: nadie lo ejecuta por su nombre."""
    finales = EXTENSIONES[tipo]
    if nombre.lower().endswith(finales):
        return nombre
    return nombre[: LARGO_DEL_NOMBRE - len(finales[0])] + finales[0]
