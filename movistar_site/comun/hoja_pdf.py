"""Una hoja A4 con la letra y la marca del panel, para lo que se imprime: constancias y reportes.

Con fpdf2, que es Python puro: el panel no necesita bibliotecas del sistema para entregarlas (véase
docs/decisiones/0022-constancia-con-fpdf2.md). La letra es la Inter que trae Unfold: la misma del panel, con los
alfabetos latino, griego y cirílico.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from django.contrib.staticfiles import finders
from fontTools.ttLib.woff2 import decompress
from fpdf import FPDF
from fpdf.enums import XPos, YPos

LETRA = "Inter"
TENUE, FUERTE, RAYA = (90, 98, 112), (17, 24, 39), (210, 214, 220)
_ARCHIVOS = {"": "unfold/fonts/inter/Inter-Regular.woff2", "B": "unfold/fonts/inter/Inter-SemiBold.woff2"}
_SIN_DIBUJO = "□"
Color = tuple[int, int, int]


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


def rgb(color: str) -> Color:
    """«#0b6fb8» como (11, 111, 184)."""
    limpio = color.lstrip("#")
    return int(limpio[:2], 16), int(limpio[2:4], 16), int(limpio[4:6], 16)


class HojaPdf(FPDF):
    """La hoja, con el pie en cada página. `color`: el de la marca, como «#0b6fb8»."""

    def __init__(
        self, *, pie: str, color: str, margen: float, orientacion: Literal["portrait", "landscape"] = "portrait"
    ) -> None:
        super().__init__(format="A4", orientation=orientacion)
        self.pie, self.color = pie, rgb(color)
        for estilo in _ARCHIVOS:
            self.add_font(LETRA, estilo, _letra(_carpeta().name, estilo))
        self.set_margin(margen)
        self.c_margin = 0
        self.set_lang("es-CO")
        self.set_auto_page_break(True, margin=24)

    def footer(self) -> None:
        self.set_y(-16)
        self.letra(8, color=TENUE)
        self.cell(0, 5, self.dibujable(self.pie))
        self.cell(0, 5, f"Página {self.page_no()} de {{nb}}", align="R")

    def letra(self, tamanio: float, *, negrita: bool = False, color: Color = FUERTE) -> None:
        """La letra con que se escribe lo que sigue."""
        self.set_font(LETRA, "B" if negrita else "", tamanio)
        self.set_text_color(*color)

    def renglon(self, alto: float, texto: str) -> None:
        """Un texto en una sola línea, y se pasa a la siguiente."""
        self.cell(0, alto, self.dibujable(texto), new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def parrafo(self, texto: str, alto: float) -> None:
        """Un texto de lado a lado, con sus renglones."""
        self.multi_cell(0, alto, self.dibujable(texto), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def banda(self) -> None:
        """La banda del color de la marca, arriba de la página."""
        self.set_fill_color(*self.color)
        self.rect(0, 0, self.w, 4, style="F")

    def dibujable(self, texto: str) -> str:
        """El texto con un cuadro donde la letra no tiene dibujo: un emoji no rompe la hoja."""
        conocidas = self.fonts[LETRA.lower()].cmap  # type: ignore[union-attr]
        limpio = unicodedata.normalize("NFC", texto).replace("\r\n", "\n").replace("\t", "    ")
        return "".join(letra if letra == "\n" or ord(letra) in conocidas else _SIN_DIBUJO for letra in limpio)
