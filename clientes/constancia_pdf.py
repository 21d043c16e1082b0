"""La constancia en PDF, tamaño A4. Dibuja lo que dice `constancia.Constancia` y nada más."""

from __future__ import annotations

from datetime import datetime

from fpdf.enums import MethodReturnValue, XPos, YPos

from movistar_site.comun.hoja_pdf import RAYA, TENUE, HojaPdf

from .constancia import Constancia, Derecho, Renglon

_MARGEN = 20
_ANCHO_DEL_ROTULO = 52


def escribir(constancia: Constancia, *, color: str, ahora: datetime) -> bytes:
    """El PDF. `color`: el de la marca, como «#0b6fb8»; `ahora`: la fecha que lleva el archivo por dentro."""
    hoja = HojaPdf(pie=f"{constancia.marca} · {constancia.pie}", color=color, margen=_MARGEN)
    hoja.set_title(f"{constancia.titulo} {constancia.codigo}")
    hoja.set_author(constancia.marca)
    hoja.set_creation_date(ahora)
    hoja.add_page()
    _cabeza(hoja, constancia)
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


def _cabeza(hoja: HojaPdf, constancia: Constancia) -> None:
    hoja.banda()
    hoja.letra(12, negrita=True, color=hoja.color)
    hoja.renglon(8, constancia.marca)
    hoja.letra(19, negrita=True)
    hoja.renglon(11, constancia.titulo)
    hoja.ln(2)
    hoja.letra(9, color=TENUE)
    hoja.renglon(5, constancia.rotulo_del_codigo)
    hoja.letra(16, negrita=True)
    hoja.renglon(8, constancia.codigo)
    hoja.ln(4)


def _renglon(hoja: HojaPdf, renglon: Renglon) -> None:
    """El rótulo y su valor; lo que no cabe en la página empieza en la siguiente, con su rótulo."""
    valor, ancho = hoja.dibujable(renglon.valor), hoja.epw - _ANCHO_DEL_ROTULO
    hoja.letra(10)
    alto = hoja.multi_cell(ancho, 5.2, valor, dry_run=True, output=MethodReturnValue.HEIGHT)
    if hoja.will_page_break(float(alto) + 2.8):  # type: ignore[arg-type]
        hoja.add_page()
    arriba = hoja.get_y()
    hoja.set_draw_color(*RAYA)
    hoja.line(_MARGEN, arriba, hoja.w - _MARGEN, arriba)
    hoja.set_y(arriba + 1.4)
    hoja.letra(9.5, color=TENUE)
    hoja.cell(_ANCHO_DEL_ROTULO, 5.2, renglon.rotulo)
    hoja.letra(10)
    hoja.multi_cell(ancho, 5.2, valor, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    hoja.ln(1.4)


def _subtitulo(hoja: HojaPdf, texto: str) -> None:
    hoja.ln(4)
    hoja.letra(11, negrita=True, color=hoja.color)
    hoja.cell(0, 7, texto, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _derecho(hoja: HojaPdf, derecho: Derecho) -> None:
    hoja.letra(9.5, negrita=True)
    hoja.cell(0, 5.2, derecho.titulo, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    hoja.letra(9.5)
    hoja.parrafo(derecho.texto, 4.9)
    hoja.letra(8, color=TENUE)
    hoja.parrafo(derecho.norma, 4.4)
    hoja.ln(1.6)
