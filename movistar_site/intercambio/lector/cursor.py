"""Una ventana que se desliza por el texto de un JSON: qué sigue, en qué línea va y qué se reparó hasta ahí."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NoReturn

from movistar_site.comun.archivos import ArchivoIlegible

from .origen import Texto
from .piezas import Reparaciones

# Cuántos bytes se leen cada vez: con menos se vuelve a empezar un registro a menudo; con más, solo se gasta memoria.
VENTANA = 512 * 1024
# Un texto (una clave o un valor entre comillas) no pasa de aquí.
MAX_TEXTO = 8 * 1024 * 1024
# Lo que puede faltar al final de la ventana para saber qué es lo último: «-Infinity», «\ud83d\ude00».
MARGEN = 12
_BLANCOS: Callable[[str, int], re.Match[str]] = re.compile(r"[ \t\r\n]*").match  # type: ignore[assignment]
_INVISIBLES = "\ufeff\xa0\u200b\u2028\u2029\x0b\x0c\x1a"


class Corte(Exception):
    """El archivo se acabó en medio de un valor."""


class Cursor:
    """La ventana. `texto[pos]` es lo que sigue; `fin`: ya no hay más archivo detrás de la ventana."""

    def __init__(self, origen: Texto, reparaciones: Reparaciones, ventana: int) -> None:
        self.texto = ""
        self.pos = 0
        self.fin = False
        self.ventana = ventana
        self._origen = origen
        self._reparaciones = reparaciones
        self._soltado = 0
        self._linea = 1
        self._columna = 0
        self.crecer()

    def crecer(self) -> bool:
        """Suelta lo ya leído y trae más. Falso si no había más."""
        if self.fin:
            return False
        self.soltar()
        partes, largo = [self.texto], len(self.texto)
        meta = max(self.ventana, 2 * largo)
        while largo < meta and (trozo := self._origen.leer()):
            partes.append(trozo)
            largo += len(trozo)
        self.texto = "".join(partes)
        self.fin = self._origen.agotado
        return len(partes) > 1

    def crecer_texto(self) -> None:
        """Trae más porque lo que sigue, entre comillas, no cabe. Lanza ArchivoIlegible si ya es demasiado."""
        if len(self.texto) - self.pos > MAX_TEXTO:
            self.ilegible("hay un texto de varios megabytes o unas comillas sin cerrar")
        self.crecer()

    def soltar(self) -> None:
        """Olvida lo ya leído. Decir en qué línea va algo cuesta lo que haya desde aquí."""
        if saltos := self.texto.count("\n", 0, self.pos):
            self._linea += saltos
            self._columna = self.pos - self.texto.rindex("\n", 0, self.pos) - 1
        else:
            self._columna += self.pos
        self._soltado += self.pos
        self.texto = self.texto[self.pos :]
        self.pos = 0

    def avance(self) -> int:
        """Cuántos caracteres del archivo van."""
        return self._soltado + self.pos

    def quedan(self) -> int:
        """Cuántos caracteres hay en la ventana por leer."""
        return len(self.texto) - self.pos

    def asegurar(self, cuantos: int) -> None:
        """Trae más si en la ventana quedan menos de esos caracteres."""
        while self.quedan() < cuantos and self.crecer():
            pass

    def lugar(self, pos: int = -1) -> tuple[int, int]:
        """La línea y la columna, desde 1, de una posición de la ventana; de lo que sigue si no se dice."""
        pos = self.pos if pos < 0 else pos
        if saltos := self.texto.count("\n", 0, pos):
            return self._linea + saltos, pos - self.texto.rindex("\n", 0, pos)
        return self._linea, self._columna + pos + 1

    def lugar_de(self, avance: int) -> tuple[int, int]:
        """El lugar por el que se iba a esa altura; si la ventana ya lo soltó, el de lo que sigue."""
        return self.lugar(max(avance - self._soltado, 0))

    def reparar(self, que: str, lugar: tuple[int, int] | None = None) -> None:
        """Anota una reparación, aquí si no se dice dónde."""
        self._reparaciones.anotar(*(lugar or self.lugar()), que)

    def ilegible(self, que: str, lugar: tuple[int, int] | None = None) -> NoReturn:
        """Lanza ArchivoIlegible con la línea y la columna."""
        linea, columna = lugar or self.lugar()
        raise ArchivoIlegible(f"El JSON está mal escrito en la línea {linea}, columna {columna}: {que}.")

    def saltar(self) -> str:
        """Pasa blancos y comentarios; devuelve el carácter que sigue, o nada si se acabó el archivo."""
        while True:
            self.pos = _BLANCOS(self.texto, self.pos).end()
            if self.pos >= len(self.texto):
                if not self.crecer():
                    return ""
                continue
            sigue = self.texto[self.pos]
            if sigue in _INVISIBLES:
                self.reparar("Hay un carácter invisible fuera de los textos: se pasó por alto.")
                self.pos += 1
            elif sigue not in "/#" or not self._comentario(sigue):
                return sigue

    def _comentario(self, sigue: str) -> bool:
        lugar = self.lugar()
        self.asegurar(2)
        cierre = "\n" if sigue == "#" or self.texto.startswith("//", self.pos) else "*/"
        if cierre == "*/" and not self.texto.startswith("/*", self.pos):
            return False
        self.pos += len(sigue if sigue == "#" else "//")
        self.reparar("Hay un comentario: se pasó por alto.", lugar)
        while (hallado := self.texto.find(cierre, self.pos)) < 0:
            self.pos = max(self.pos, len(self.texto) - 1)
            if not self.crecer():
                self.pos = len(self.texto)
                return True
        self.pos = hallado + len(cierre)
        return True
