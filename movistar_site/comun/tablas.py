"""Tablas que llegan por archivo: separador, apóstrofos de las fórmulas, encabezado y forma de cada fila."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import Any

from .archivos import ArchivoIlegible
from .salida.proteccion import restaurar
from .valores import citar

MAX_COLUMNAS = 200
SEPARADORES = ";,\t|"
_LARGO_DE_CELDA = 10_000_000
csv.field_size_limit(_LARGO_DE_CELDA)
_AVISO_SEP = re.compile(r"sep=(.)\r?\n")


def separador(texto: str) -> tuple[str, int]:
    """El separador que usa la primera línea y cuántos caracteres saltar (la línea «sep=;» que escribe Excel)."""
    if aviso := _AVISO_SEP.match(texto):
        return aviso[1], aviso.end()
    sin_comillas = re.sub(r'"(?:[^"]|"")*"', "", texto[:65_536].lstrip("\r\n"))
    primera = re.split(r"[\r\n]", sin_comillas, maxsplit=1)[0]
    return max(SEPARADORES, key=primera.count), 0


def filas_csv(lineas: Iterable[str], delimitador: str, desfase: int = 0) -> Iterator[tuple[int, list[Any]]]:
    """Las filas de un CSV con la línea en que empieza cada una. Lanza ArchivoIlegible donde se rompe."""
    lector = csv.reader(lineas, delimiter=delimitador, strict=True)
    numero = 1
    try:
        for celdas in lector:
            # Casi ninguna fila trae apóstrofos: mirar la fila de una vez cuesta menos que mirar cada celda.
            yield numero + desfase, [restaurar(celda) for celda in celdas] if "'" in "".join(celdas) else celdas
            numero = lector.line_num + 1
    except csv.Error:
        raise ArchivoIlegible(
            f"La fila del CSV que empieza en la línea {numero + desfase} tiene comillas mal cerradas"
            " o un texto después de ellas."
        ) from None


class Encabezado:
    """Los títulos de una tabla y la forma que por ellos deben tener sus filas.

    Una columna sin título se descarta si viene vacía; si trae datos, el archivo se rechaza. Un título repetido también.
    """

    def __init__(self, celdas: list[Any]) -> None:
        titulos = ["" if titulo is None else str(titulo).strip() for titulo in celdas]
        while titulos and not titulos[-1]:
            titulos.pop()
        self.ancho = len(titulos)
        if self.ancho > MAX_COLUMNAS:
            raise ArchivoIlegible(f"El archivo tiene {self.ancho} columnas y se admiten {MAX_COLUMNAS}.")
        self._sin_titulo = [indice for indice, titulo in enumerate(titulos) if not titulo]
        self.titulos = [titulo for titulo in titulos if titulo]
        repetido = next((titulo for titulo in self.titulos if self.titulos.count(titulo) > 1), None)
        if repetido is not None:
            raise ArchivoIlegible(f"La columna {citar(repetido)} está dos veces.")

    def formar(self, numero: int, celdas: list[Any], *, completar: bool) -> tuple[int, list[Any], str]:
        """La fila con una celda por título, y su falla si le sobran o le faltan."""
        falla = ""
        cuantas = len(celdas)
        if cuantas != self.ancho:
            if cuantas < self.ancho and completar:
                celdas = celdas + [None] * (self.ancho - cuantas)
            elif cuantas < self.ancho or any(celda not in (None, "") for celda in celdas[self.ancho :]):
                falla = f"La fila tiene {cuantas} celdas y el encabezado {self.ancho}: sobra o falta un separador."
            else:
                celdas = celdas[: self.ancho]
        for indice in reversed(self._sin_titulo):
            if indice < len(celdas) and celdas.pop(indice) not in (None, ""):
                raise ArchivoIlegible(
                    f"La columna {indice + 1} no tiene título en la primera fila y la fila {numero} trae ahí un dato."
                )
        return numero, celdas, falla


def formar(
    filas: Iterable[tuple[int, list[Any]]], *, completar: bool = False
) -> tuple[int, Encabezado, Iterator[tuple[int, list[Any], str]]]:
    """El número y los títulos de la primera fila con datos, y las que siguen, con su falla. Las vacías no cuentan.

    `completar`: a una fila corta no le falta nada (Excel no guarda las celdas vacías del final).
    """
    con_datos = (fila for fila in filas if fila[1] and (fila[1][0] or any(c is not None and c != "" for c in fila[1])))
    try:
        primera, titulos = next(con_datos)
    except StopIteration:
        raise ArchivoIlegible("El archivo no tiene filas.") from None
    encabezado = Encabezado(titulos)
    return primera, encabezado, (encabezado.formar(n, celdas, completar=completar) for n, celdas in con_datos)
