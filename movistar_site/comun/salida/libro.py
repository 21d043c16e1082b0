"""Libros de Excel por flujo: el XML de cada hoja se escribe y se comprime por trozos, sin tener el libro en memoria.

El orden de los elementos es el del esquema (ECMA-376, parte 1, 18.3.1.99). Los textos van dentro de su celda y las
celdas sin posición escrita, que el esquema permite: la da el orden.
"""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from .estilos import ESTILOS, FECHA, FECHA_Y_HORA, NORMAL, TITULO
from .plan import ColumnaDeSalida, Trozo
from .proteccion import proteger, proteger_todos
from .texto_csv import estructura
from .tubo import NIVEL, Tubo

LARGO_DE_CELDA = 32_767
FILAS_POR_HOJA = 1_048_576
# Excel no abre hojas con las extensiones ZIP64, que hacen falta desde 2 GiB.
BYTES_POR_HOJA = 1_900_000_000
_PRIMER_ANIO = 1900
_DIA_CERO = date(1899, 12, 30).toordinal()
_SEGUNDOS_POR_DIA = 86_400
_ANCHO_MINIMO, _ANCHO_MAXIMO = 9, 60
# Excel escribe así los caracteres que XML no admite, y protege con _x005F_ los textos que ya lo parecen.
_NO_ADMITIDO = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_MARCA = re.compile(r"<[^>]*>")
_NOMBRE_DE_HOJA = re.compile(r"[\[\]:*?/\\]")
# Excel no admite una lista de opciones más larga que esto.
_LARGO_DE_LISTA = 255
_NUMERO = "http://schemas.openxmlformats.org"
_HOJA = f'xmlns="{_NUMERO}/spreadsheetml/2006/main"'
_RELACION = f"{_NUMERO}/officeDocument/2006/relationships"
_TIPO = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_VACIA = "<c/>"
TEXTO_QUE_NO_CABE = "Un texto pasa de 32.767 caracteres, lo que cabe en una celda de Excel: exporte en CSV."


class NoCabeEnExcel(ValueError):
    """Hay algo que no cabe en un libro de Excel: el mensaje es una frase para quien lo exporta."""


def texto_de_celda(texto: str, estilo: int = NORMAL) -> str:
    """La celda de un texto cualquiera. Lanza NoCabeEnExcel si pasa de 32.767 caracteres."""
    if not texto:
        return _VACIA
    if len(texto) > LARGO_DE_CELDA:
        raise NoCabeEnExcel(TEXTO_QUE_NO_CABE)
    escrito = escape(_NO_ADMITIDO.sub(lambda hallado: f"_x{ord(hallado[0]):04X}_", texto))
    espacio = "" if escrito == " ".join(escrito.split()) else ' xml:space="preserve"'
    marca = f' s="{estilo}"' if estilo else ""
    return f'<c{marca} t="inlineStr"><is><t{espacio}>{escrito}</t></is></c>'


class FormatoXlsx:
    """Pone por escrito celdas de una hoja de Excel: textos, números y fechas, cada uno como lo que es."""

    def celda(self, columna: ColumnaDeSalida | None, valor: Any) -> str:
        """La celda de un valor."""
        if isinstance(valor, str):
            return texto_de_celda(proteger(valor))
        if valor is None:
            return _VACIA
        if isinstance(valor, bool):
            return texto_de_celda("sí" if valor else "no")
        if isinstance(valor, datetime | date):
            return _fecha(valor)
        if isinstance(valor, int | float | Decimal) and math.isfinite(valor):
            return f"<c><v>{valor}</v></c>"
        return texto_de_celda(proteger(estructura(valor) if isinstance(valor, dict | list) else str(valor)))

    def textos(self, columna: ColumnaDeSalida | None) -> Callable[[Sequence[str]], Sequence[str]]:
        """Cómo se escribe una columna de textos."""
        return _textos

    def filas(self, columnas: Sequence[Sequence[str]]) -> str:
        """Las filas de un trozo."""
        return f"<row>{'</row><row>'.join(map(''.join, zip(*columnas, strict=True)))}</row>"


def _textos(valores: Sequence[str]) -> Sequence[str]:
    valores = proteger_todos(valores)
    junto = "|".join(valores)
    # Una columna en que nada hay que escapar se reconoce de un vistazo; en las demás se mira cada celda.
    if (
        (len(junto) > LARGO_DE_CELDA and max(map(len, valores)) > LARGO_DE_CELDA)
        or not junto.isprintable()
        or "&" in junto
        or "<" in junto
        or ">" in junto
        or "_x" in junto
        or " |" in junto
        or "| " in junto
        or junto[:1] == " "
        or junto[-1:] == " "
    ):
        return [texto_de_celda(valor) for valor in valores]
    return [f'<c t="inlineStr"><is><t>{valor}</t></is></c>' if valor else _VACIA for valor in valores]


def _fecha(valor: date) -> str:
    """Excel cuenta los días desde 1900, y no entiende de zonas horarias: lo demás va como texto."""
    if valor.year <= _PRIMER_ANIO:
        return texto_de_celda(valor.isoformat())
    dia = valor.toordinal() - _DIA_CERO
    if not isinstance(valor, datetime):
        return f'<c s="{FECHA}"><v>{dia}</v></c>'
    segundos = valor.hour * 3600 + valor.minute * 60 + valor.second + valor.microsecond / 1e6
    return f'<c s="{FECHA_Y_HORA}"><v>{dia + segundos / _SEGUNDOS_POR_DIA!r}</v></c>'


class Libro:
    """Un libro que se escribe hoja tras hoja. Cada método da los bytes listos para enviar."""

    def __init__(self) -> None:
        self.tubo = Tubo()
        self.zip = zipfile.ZipFile(self.tubo, "w", zipfile.ZIP_DEFLATED, compresslevel=NIVEL)  # type: ignore[call-overload]
        self.hojas: list[str] = []

    def abrir(self) -> bytes:
        """Lo primero del archivo: sale antes de consultar nada."""
        self._parte("_rels/.rels", f'{_XML}<Relationships xmlns="{_NUMERO}/package/2006/relationships">'
                    f'<Relationship Id="rId1" Type="{_RELACION}/officeDocument" Target="xl/workbook.xml"/>'
                    "</Relationships>")  # fmt: skip
        self._parte("xl/styles.xml", ESTILOS)
        return self.tubo.sacar()

    def hoja(
        self,
        nombre: str,
        titulos: Sequence[str],
        trozos: Iterable[Trozo],
        *,
        anchos: Sequence[int] = (),
        estilos: Sequence[int] = (),
        cola: str = "",
    ) -> Iterator[bytes]:
        """Una hoja con su encabezado; lo que no quepa sigue en otra.

        `trozos`: filas ya escritas. `estilos`: el de las celdas vacías de cada columna. `cola`: lo que el esquema pone
        después de las filas.
        """
        pendientes = iter(trozos)
        primero = next(pendientes, (0, ""))
        anchos = anchos or _anchos(titulos, primero[1])
        sigue: Trozo | None = primero
        while sigue is not None:
            numero = 1 + sum(hoja.startswith(nombre) for hoja in self.hojas)
            self.hojas.append(nombre if numero == 1 else f"{nombre} {numero}")
            with self.zip.open(f"xl/worksheets/sheet{len(self.hojas)}.xml", "w") as parte:
                parte.write(_inicio_de_hoja(titulos, anchos, estilos, activa=len(self.hojas) == 1).encode())
                filas, escrito = 1, 0
                while sigue is not None:
                    nuevas, texto = sigue
                    if filas + nuevas > FILAS_POR_HOJA or escrito > BYTES_POR_HOJA:
                        break
                    datos = texto.encode()
                    parte.write(datos)
                    filas, escrito = filas + nuevas, escrito + len(datos)
                    if salida := self.tubo.sacar():
                        yield salida
                    sigue = next(pendientes, None)
                parte.write(f"</sheetData>{cola}</worksheet>".encode())
            yield self.tubo.sacar()

    def cerrar(self) -> bytes:
        """El índice del libro y el del ZIP."""
        numeros = range(1, len(self.hojas) + 1)
        self._parte("xl/workbook.xml", f'{_XML}<workbook {_HOJA} xmlns:r="{_RELACION}"><sheets>' + "".join(
            f'<sheet name="{escape(_NOMBRE_DE_HOJA.sub(" ", nombre)[:31])}" sheetId="{n}" r:id="rId{n}"/>'
            for n, nombre in zip(numeros, self.hojas, strict=True)) + "</sheets></workbook>")  # fmt: skip
        self._parte("xl/_rels/workbook.xml.rels",
            f'{_XML}<Relationships xmlns="{_NUMERO}/package/2006/relationships">' + "".join(
            f'<Relationship Id="rId{n}" Type="{_RELACION}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in numeros) + f'<Relationship Id="rId{len(self.hojas) + 1}" Type="{_RELACION}/styles"'
            ' Target="styles.xml"/></Relationships>')  # fmt: skip
        self._parte("[Content_Types].xml", f'{_XML}<Types xmlns="{_NUMERO}/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TIPO}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TIPO}.styles+xml"/>' + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TIPO}.worksheet+xml"/>'
            for n in numeros) + "</Types>")  # fmt: skip
        self.zip.close()
        return self.tubo.sacar()

    def _parte(self, nombre: str, texto: str) -> None:
        self.zip.writestr(zipfile.ZipInfo(nombre, (1980, 1, 1, 0, 0, 0)), texto, zipfile.ZIP_DEFLATED, NIVEL)


def lista_de_opciones(por_columna: Sequence[Sequence[str]]) -> str:
    """Deja elegir de una lista en las columnas que tienen opciones; escribir otra cosa también se puede."""
    listas = [
        f'<dataValidation type="list" errorStyle="information" allowBlank="1" sqref="{letra}2:{letra}{FILAS_POR_HOJA}">'
        f'<formula1>"{escape(opciones)}"</formula1></dataValidation>'
        for n, codigos in enumerate(por_columna)
        if (opciones := ",".join(codigos)) and len(opciones) < _LARGO_DE_LISTA and (letra := _letra(n))
    ]
    return f'<dataValidations count="{len(listas)}">{"".join(listas)}</dataValidations>' if listas else ""


def _letra(numero: int) -> str:
    """La letra de una columna, contada desde cero: A, B… Z, AA."""
    antes, ultima = divmod(numero, 26)
    return (_letra(antes - 1) if antes else "") + chr(ord("A") + ultima)


def _inicio_de_hoja(titulos: Sequence[str], anchos: Sequence[int], estilos: Sequence[int], *, activa: bool) -> str:
    columnas = ""
    for n, (ancho, estilo) in enumerate(zip(anchos, estilos or [NORMAL] * len(anchos), strict=True), 1):
        marca = f' style="{estilo}"' if estilo else ""
        columnas += f'<col min="{n}" max="{n}" width="{ancho}"{marca} customWidth="1"/>'
    elegida = ' tabSelected="1"' if activa else ""
    return (
        f'{_XML}<worksheet {_HOJA}><sheetViews><sheetView{elegida} workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columnas}</cols><sheetData><row>'
        f"{''.join(texto_de_celda(titulo, TITULO) for titulo in titulos)}</row>"
    )


def _anchos(titulos: Sequence[str], filas: str) -> list[int]:
    """El ancho de cada columna: el de lo más largo del comienzo, sin pasarse."""
    largos = [len(titulo) for titulo in titulos]
    for fila in filas.split("</row>", 100)[:100]:
        celdas = fila.removeprefix("<row>").replace(_VACIA, "</c>").split("</c>")
        for n, celda in enumerate(celdas[: len(largos)]):
            # Una fecha se ve más ancha que el número que la guarda.
            visible = 19 if f's="{FECHA_Y_HORA}"' in celda else len(_MARCA.sub("", celda))
            largos[n] = max(largos[n], visible)
    return [min(max(largo + 2, _ANCHO_MINIMO), _ANCHO_MAXIMO) for largo in largos]
