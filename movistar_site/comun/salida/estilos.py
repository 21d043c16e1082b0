"""Los estilos de los libros de Excel: formatos de número, letras y rellenos, y el número con que una celda los pide."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Estilo(IntEnum):
    """El que lleva una celda."""

    NORMAL = 0
    TITULO = 1
    FECHA = 2
    FECHA_Y_HORA = 3
    PARRAFO = 4
    SOLO_TEXTO = 5
    ENTERO = 6
    PESOS = 7
    PORCENTAJE = 8
    DECIMAL = 9
    TOTAL = 10
    TOTAL_ENTERO = 11
    TOTAL_PESOS = 12
    TOTAL_PORCENTAJE = 13
    TOTAL_DECIMAL = 14
    GRANDE = 15
    NEGRITA = 16


NORMAL, TITULO, FECHA, FECHA_Y_HORA, PARRAFO, SOLO_TEXTO = (
    Estilo.NORMAL.value,
    Estilo.TITULO.value,
    Estilo.FECHA.value,
    Estilo.FECHA_Y_HORA.value,
    Estilo.PARRAFO.value,
    Estilo.SOLO_TEXTO.value,
)


class _Celda(NamedTuple):
    numero: int = 0
    letra: int = 0
    relleno: int = 0
    borde: int = 0
    parrafo: bool = False


# Los números de formato desde 164 son propios; 3 y 49 los trae Excel (miles sin decimales, y texto).
_FORMATOS = {
    164: "dd/mm/yyyy",
    165: "dd/mm/yyyy\\ hh:mm:ss",
    166: '"$"\\ #,##0',
    167: "0.0\\ %",
    168: "#,##0.0",
}
_MILES, _TEXTO = 3, 49
_BLANCA, _GRUESA, _MAYOR = 1, 2, 3
_CELDAS: dict[Estilo, _Celda] = {
    Estilo.NORMAL: _Celda(),
    Estilo.TITULO: _Celda(letra=_BLANCA, relleno=2),
    Estilo.FECHA: _Celda(164),
    Estilo.FECHA_Y_HORA: _Celda(165),
    Estilo.PARRAFO: _Celda(parrafo=True),
    Estilo.SOLO_TEXTO: _Celda(_TEXTO),
    Estilo.ENTERO: _Celda(_MILES),
    Estilo.PESOS: _Celda(166),
    Estilo.PORCENTAJE: _Celda(167),
    Estilo.DECIMAL: _Celda(168),
    Estilo.TOTAL: _Celda(0, _GRUESA, 3, 1),
    Estilo.TOTAL_ENTERO: _Celda(_MILES, _GRUESA, 3, 1),
    Estilo.TOTAL_PESOS: _Celda(166, _GRUESA, 3, 1),
    Estilo.TOTAL_PORCENTAJE: _Celda(167, _GRUESA, 3, 1),
    Estilo.TOTAL_DECIMAL: _Celda(168, _GRUESA, 3, 1),
    Estilo.GRANDE: _Celda(letra=_MAYOR),
    Estilo.NEGRITA: _Celda(letra=_GRUESA),
}
_NOMBRE = '<name val="Calibri"/><family val="2"/>'
_LETRAS = (
    f'<font><sz val="11"/>{_NOMBRE}</font>',
    f'<font><b/><sz val="11"/><color rgb="FFFFFFFF"/>{_NOMBRE}</font>',
    f'<font><b/><sz val="11"/>{_NOMBRE}</font>',
    f'<font><b/><sz val="15"/>{_NOMBRE}</font>',
)
_RELLENOS = (
    '<fill><patternFill patternType="none"/></fill>',
    '<fill><patternFill patternType="gray125"/></fill>',
    '<fill><patternFill patternType="solid"><fgColor rgb="FF1F4E79"/><bgColor indexed="64"/></patternFill></fill>',
    '<fill><patternFill patternType="solid"><fgColor rgb="FFEAF0F6"/><bgColor indexed="64"/></patternFill></fill>',
)
_BORDES = (
    "<border><left/><right/><top/><bottom/><diagonal/></border>",
    '<border><left/><right/><top style="thin"><color rgb="FF1F4E79"/></top><bottom/><diagonal/></border>',
)


def _lista(nombre: str, partes: tuple[str, ...] | list[str]) -> str:
    return f'<{nombre} count="{len(partes)}">{"".join(partes)}</{nombre}>'


def _xf(celda: _Celda) -> str:
    aplica = "".join(
        f' apply{que}="1"'
        for que, puesto in (
            ("NumberFormat", celda.numero),
            ("Font", celda.letra),
            ("Fill", celda.relleno),
            ("Border", celda.borde),
            ("Alignment", celda.parrafo),
        )
        if puesto
    )
    abre = (
        f'<xf numFmtId="{celda.numero}" fontId="{celda.letra}" fillId="{celda.relleno}" borderId="{celda.borde}"'
        f' xfId="0"{aplica}'
    )
    return f'{abre}><alignment vertical="top" wrapText="1"/></xf>' if celda.parrafo else f"{abre}/>"


def _formato(numero: int, codigo: str) -> str:
    escrito = codigo.replace('"', "&quot;")
    return f'<numFmt numFmtId="{numero}" formatCode="{escrito}"/>'


ESTILOS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    + _lista("numFmts", [_formato(numero, codigo) for numero, codigo in _FORMATOS.items()])
    + _lista("fonts", _LETRAS)
    + _lista("fills", _RELLENOS)
    + _lista("borders", _BORDES)
    + '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    + _lista("cellXfs", [_xf(_CELDAS[estilo]) for estilo in Estilo])
    + '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
"""El archivo de estilos del libro (ECMA-376, parte 1, 18.8)."""
