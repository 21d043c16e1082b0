"""Un reporte para imprimir: A4 acostada, con los filtros, la fecha y el autor, y los títulos en cada página."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from fpdf.enums import XPos, YPos

from movistar_site.comun.hoja_pdf import FUERTE, RAYA, TENUE, HojaPdf

from .columnas import Columna, en_palabras

if TYPE_CHECKING:
    from .salidas import Contenido

FILAS_POR_PDF = 2_000
_MARGEN, _ALTO, _LETRA = 14, 5.6, 8
_COMIENZO = b"%PDF-1."
_FILAS_PARA_MEDIR = 200
_AIRE = 3.0
_PARTE_MAXIMA = 0.4


def hoja(columnas: Sequence[Columna], contenidos: Iterator[Contenido]) -> Iterator[bytes]:
    """El PDF. Su comienzo, que es siempre el mismo, sale sin haber preguntado nada; lo demás, cuando está dibujado."""
    yield _COMIENZO
    for contenido in contenidos:
        dibujado = _dibujar(columnas, contenido)
        if not dibujado.startswith(_COMIENZO):
            raise RuntimeError("El PDF no empieza como se anunció.")
        yield dibujado[len(_COMIENZO) :]


def _dibujar(columnas: Sequence[Columna], contenido: Contenido) -> bytes:
    escrita = HojaPdf(pie=contenido.pie, color=settings.PALETA_DE_MARCA["700"], margen=_MARGEN, orientacion="landscape")
    escrita.set_auto_page_break(False)
    escrita.set_title(contenido.titulo)
    escrita.set_author(contenido.autor)
    escrita.set_creation_date(contenido.ahora)
    escrita.add_page()
    _cabeza(escrita, contenido)
    filas = [[en_palabras(c.clase, v) for c, v in zip(columnas, fila, strict=True)] for fila in contenido.filas]
    total = None
    if contenido.total is not None:
        total = [str(contenido.total[0])]
        total += [
            en_palabras(columna.clase, valor) if columna.es_numero else ""
            for columna, valor in zip(columnas[1:], contenido.total[1:], strict=True)
        ]
    _tabla(escrita, columnas, filas, total)
    _definiciones(escrita, columnas, contenido)
    return bytes(escrita.output())


def _cabeza(escrita: HojaPdf, contenido: Contenido) -> None:
    escrita.banda()
    escrita.letra(10, negrita=True, color=escrita.color)
    escrita.renglon(6, settings.MARCA_NOMBRE)
    escrita.letra(17, negrita=True)
    escrita.renglon(9, contenido.titulo)
    escrita.letra(9, color=TENUE)
    escrita.parrafo(contenido.pregunta, 4.6)
    if contenido.filtros:
        escrita.ln(1)
        escrita.letra(9)
        escrita.parrafo(" · ".join(f"{titulo}: {valor}" for titulo, valor in contenido.filtros), 4.6)
    escrita.ln(3)


# --- La tabla --------------------------------------------------------------------------------------------------------
def _tabla(
    escrita: HojaPdf, columnas: Sequence[Columna], filas: Sequence[Sequence[str]], total: Sequence[str] | None
) -> None:
    anchos = _anchos(escrita, columnas, [*filas[:_FILAS_PARA_MEDIR], *([total] if total else [])])
    _titulos(escrita, columnas, anchos)
    if not filas:
        escrita.letra(9, color=TENUE)
        escrita.renglon(8, "Nada con esos filtros.")
    for fila in filas:
        if escrita.will_page_break(_ALTO) or escrita.get_y() > escrita.h - 26:
            escrita.add_page()
            escrita.banda()
            _titulos(escrita, columnas, anchos)
        _fila(escrita, columnas, anchos, fila)
    if total:
        if escrita.get_y() > escrita.h - 26:
            escrita.add_page()
            _titulos(escrita, columnas, anchos)
        escrita.set_fill_color(234, 240, 246)
        _fila(escrita, columnas, anchos, total, negrita=True)


def _anchos(escrita: HojaPdf, columnas: Sequence[Columna], filas: Sequence[Sequence[str]]) -> list[float]:
    """El de cada columna, según lo más ancho que lleva; si no caben todas, ceden las de texto."""
    escrita.letra(_LETRA, negrita=True)
    naturales = []
    for n, columna in enumerate(columnas):
        palabras = max((escrita.get_string_width(escrita.dibujable(p)) for p in columna.titulo.split()), default=0)
        celdas = max((escrita.get_string_width(escrita.dibujable(fila[n])) for fila in filas), default=0)
        naturales.append(min(max(palabras, celdas) + _AIRE, escrita.epw * _PARTE_MAXIMA))
    sobra = escrita.epw - sum(naturales)
    textos = [n for n, columna in enumerate(columnas) if not columna.es_numero] or list(range(len(columnas)))
    if sobra < 0:
        anchura = sum(naturales[n] for n in textos)
        for n in textos:
            naturales[n] = max(naturales[n] + sobra * naturales[n] / anchura, 12)
    else:
        for n in range(len(naturales)):
            naturales[n] += sobra / len(naturales)
    return naturales


def _titulos(escrita: HojaPdf, columnas: Sequence[Columna], anchos: Sequence[float]) -> None:
    escrita.letra(_LETRA, negrita=True, color=TENUE)
    arriba, abajo, x = escrita.get_y(), escrita.get_y(), escrita.l_margin
    for columna, ancho in zip(columnas, anchos, strict=True):
        escrita.set_xy(x, arriba)
        escrita.multi_cell(
            ancho - 1, 4, escrita.dibujable(columna.titulo), align="R" if columna.es_numero else "L",
            new_x=XPos.RIGHT, new_y=YPos.NEXT,
        )  # fmt: skip
        abajo, x = max(abajo, escrita.get_y()), x + ancho
    escrita.set_draw_color(*escrita.color)
    escrita.line(escrita.l_margin, abajo + 0.8, escrita.w - escrita.r_margin, abajo + 0.8)
    escrita.set_xy(escrita.l_margin, abajo + 1.6)


def _fila(
    escrita: HojaPdf, columnas: Sequence[Columna], anchos: Sequence[float], valores: Sequence[str],
    *, negrita: bool = False,
) -> None:  # fmt: skip
    escrita.letra(_LETRA, negrita=negrita, color=FUERTE)
    for columna, ancho, valor in zip(columnas, anchos, valores, strict=True):
        texto = _recortado(escrita, escrita.dibujable(valor), ancho - 1)
        escrita.cell(ancho - 1, _ALTO, texto, align="R" if columna.es_numero else "L", fill=negrita)
        escrita.cell(1, _ALTO, "", fill=negrita)
    escrita.set_xy(escrita.l_margin, escrita.get_y() + _ALTO)
    escrita.set_draw_color(*RAYA)
    escrita.line(escrita.l_margin, escrita.get_y(), escrita.w - escrita.r_margin, escrita.get_y())


def _recortado(escrita: HojaPdf, texto: str, ancho: float) -> str:
    """El texto, o lo que de él cabe con puntos suspensivos."""
    if escrita.get_string_width(texto) <= ancho:
        return texto
    while texto and escrita.get_string_width(f"{texto}…") > ancho:
        texto = texto[:-1]
    return f"{texto.rstrip()}…"


def _definiciones(escrita: HojaPdf, columnas: Sequence[Columna], contenido: Contenido) -> None:
    dichas: list[tuple[str, Any]] = [(c.titulo, c.definicion) for c in columnas if c.definicion]
    if contenido.nota:
        dichas.insert(0, ("Nota", contenido.nota))
    if not dichas:
        return
    escrita.set_auto_page_break(True, margin=20)
    escrita.ln(5)
    for titulo, definicion in dichas:
        escrita.letra(8, negrita=True)
        escrita.write(4.4, escrita.dibujable(f"{titulo}. "))
        escrita.letra(8, color=TENUE)
        escrita.write(4.4, escrita.dibujable(definicion))
        escrita.ln(4.8)
