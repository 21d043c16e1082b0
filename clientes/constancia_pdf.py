"""La constancia en PDF, tamaño A4. Dibuja lo que dice `constancia.Constancia` y nada más.

Con fpdf2, que es Python puro: el panel no necesita bibliotecas del sistema para entregarla (véase
docs/decisiones/0022-constancia-con-fpdf2.md). La letra es la Inter que trae Unfold: la misma del panel, con los
alfabetos latino, griego y cirílico.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib.staticfiles import finders
from fontTools.ttLib.woff2 import decompress
from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos

from .constancia import Constancia, Derecho, Renglon

LETRA = "Inter"
_ARCHIVOS = {"": "unfold/fonts/inter/Inter-Regular.woff2", "B": "unfold/fonts/inter/Inter-SemiBold.woff2"}
_MARGEN = 20
_ANCHO_DEL_ROTULO = 52
_SIN_DIBUJO = "□"
_TENUE, _FUERTE, _RAYA = (90, 98, 112), (17, 24, 39), (210, 214, 220)


@lru_cache(maxsize=1)
def _carpeta() -> TemporaryDirectory[str]:
    """Las letras descomprimidas, en una carpeta de este proceso: abrirlas comprimidas cuesta medio segundo cada vez."""
    carpeta = TemporaryDirectory(prefix="panel-letras-")
    for estilo, archivo in _ARCHIVOS.items():
        origen = finders.find(archivo)
        if not isinstance(origen, str):
            raise RuntimeError(f"Falta la letra {archivo}, que trae django-unfold.")
        with Path(origen).open("rb") as leido, _letra(carpeta.name, estilo).open("wb") as escrito:
            decompress(leido, escrito)
    return carpeta


def _letra(carpeta: str, estilo: str) -> Path:
    return Path(carpeta) / f"{LETRA}{estilo}.ttf"


class _Hoja(FPDF):
    """Una hoja A4 con la letra del panel y el pie en cada página."""

    def __init__(self, constancia: Constancia, color: tuple[int, int, int]) -> None:
        super().__init__(format="A4")
        self.constancia = constancia
        self.color = color
        for estilo in _ARCHIVOS:
            self.add_font(LETRA, estilo, _letra(_carpeta().name, estilo))
        self.set_margin(_MARGEN)
        self.c_margin = 0
        self.set_auto_page_break(True, margin=24)

    def footer(self) -> None:
        self.set_y(-16)
        self.letra(8, color=_TENUE)
        self.cell(0, 5, self.dibujable(f"{self.constancia.marca} · {self.constancia.pie}"))
        self.cell(0, 5, f"Página {self.page_no()} de {{nb}}", align="R")

    def letra(self, tamanio: float, *, negrita: bool = False, color: tuple[int, int, int] = _FUERTE) -> None:
        """La letra con que se escribe lo que sigue."""
        self.set_font(LETRA, "B" if negrita else "", tamanio)
        self.set_text_color(*color)

    def parrafo(self, texto: str, alto: float) -> None:
        """Un texto de lado a lado, con sus renglones."""
        self.multi_cell(0, alto, self.dibujable(texto), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def dibujable(self, texto: str) -> str:
        """El texto con un cuadro donde la letra no tiene dibujo: un emoji no rompe la constancia."""
        conocidas = self.fonts[LETRA.lower()].cmap  # type: ignore[union-attr]
        limpio = unicodedata.normalize("NFC", texto).replace("\r\n", "\n").replace("\t", "    ")
        return "".join(letra if letra == "\n" or ord(letra) in conocidas else _SIN_DIBUJO for letra in limpio)


def escribir(constancia: Constancia, *, color: str, ahora: datetime) -> bytes:
    """El PDF. `color`: el de la marca, como «#0b6fb8»; `ahora`: la fecha que lleva el archivo por dentro."""
    hoja = _Hoja(constancia, _rgb(color))
    hoja.set_title(f"{constancia.titulo} {constancia.codigo}")
    hoja.set_author(constancia.marca)
    hoja.set_lang("es-CO")
    hoja.set_creation_date(ahora)
    hoja.add_page()
    _cabeza(hoja)
    for renglon in constancia.renglones:
        _renglon(hoja, renglon)
    if constancia.texto:
        _subtitulo(hoja, "Lo que dijo el cliente")
        hoja.letra(10)
        hoja.parrafo(constancia.texto, 5.2)
    if constancia.derechos:
        _subtitulo(hoja, "Sus derechos")
        for derecho in constancia.derechos:
            _derecho(hoja, derecho)
    return bytes(hoja.output())


def _rgb(color: str) -> tuple[int, int, int]:
    limpio = color.lstrip("#")
    return int(limpio[:2], 16), int(limpio[2:4], 16), int(limpio[4:6], 16)


def _cabeza(hoja: _Hoja) -> None:
    constancia = hoja.constancia
    hoja.set_fill_color(*hoja.color)
    hoja.rect(0, 0, hoja.w, 4, style="F")
    hoja.letra(12, negrita=True, color=hoja.color)
    hoja.cell(0, 8, hoja.dibujable(constancia.marca), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    hoja.letra(19, negrita=True)
    hoja.cell(0, 11, constancia.titulo, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    hoja.ln(2)
    hoja.letra(9, color=_TENUE)
    hoja.cell(0, 5, constancia.rotulo_del_codigo, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    hoja.letra(16, negrita=True)
    hoja.cell(0, 8, constancia.codigo, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    hoja.ln(4)


def _renglon(hoja: _Hoja, renglon: Renglon) -> None:
    """El rótulo y su valor; lo que no cabe en la página empieza en la siguiente, con su rótulo."""
    valor, ancho = hoja.dibujable(renglon.valor), hoja.epw - _ANCHO_DEL_ROTULO
    hoja.letra(10)
    alto = hoja.multi_cell(ancho, 5.2, valor, dry_run=True, output=MethodReturnValue.HEIGHT)
    if hoja.will_page_break(float(alto) + 2.8):  # type: ignore[arg-type]
        hoja.add_page()
    arriba = hoja.get_y()
    hoja.set_draw_color(*_RAYA)
    hoja.line(_MARGEN, arriba, hoja.w - _MARGEN, arriba)
    hoja.set_y(arriba + 1.4)
    hoja.letra(9.5, color=_TENUE)
    hoja.cell(_ANCHO_DEL_ROTULO, 5.2, renglon.rotulo)
    hoja.letra(10)
    hoja.multi_cell(ancho, 5.2, valor, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    hoja.ln(1.4)


def _subtitulo(hoja: _Hoja, texto: str) -> None:
    hoja.ln(4)
    hoja.letra(11, negrita=True, color=hoja.color)
    hoja.cell(0, 7, texto, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _derecho(hoja: _Hoja, derecho: Derecho) -> None:
    hoja.letra(9.5, negrita=True)
    hoja.cell(0, 5.2, derecho.titulo, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    hoja.letra(9.5)
    hoja.parrafo(derecho.texto, 4.9)
    hoja.letra(8, color=_TENUE)
    hoja.parrafo(derecho.norma, 4.4)
    hoja.ln(1.6)
