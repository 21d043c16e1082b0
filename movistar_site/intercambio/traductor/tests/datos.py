"""Un documento de mentira y lo que se lee de él. Datos inventados."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from clientes.base import leer_divipola
from movistar_site.intercambio.piezas import AvisoLeido, Leido
from movistar_site.intercambio.traductor import Referencias, Traductor

HOY = date(2026, 11, 26)
REFERENCIAS = Referencias(municipios=[(fila.codigo, fila.nombre, fila.departamento) for fila in leer_divipola()])


class Objeto(dict[str, Any]):
    """Como el del lector: con el primer valor de cada clave y los demás aparte."""

    repetidos: list[tuple[str, Any]]

    def __init__(self, pares: Any = ()) -> None:
        super().__init__()
        self.repetidos = []
        for clave, valor in pares:
            if clave in self:
                self.repetidos.append((clave, valor))
            else:
                self[clave] = valor


class Flujo:
    """Un contenedor que se lee una sola vez, por partes."""

    def __init__(self, clase: str, pares: Any) -> None:
        self.clase, self._pares = clase, iter(pares)

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        return self._pares


@dataclass
class DocumentoJson:
    """Un JSON ya leído."""

    contenido: Any
    nombre: str = "usuario.json"
    formato: str = "json"

    def raiz(self) -> Any:
        return self.contenido


@dataclass
class DocumentoTabla:
    """Una tabla ya leída."""

    encabezados: list[str]
    celdas: list[list[Any]]
    nombre: str = "tabla.csv"
    formato: str = "csv"
    primera_fila: int = 2
    fallas: dict[int, str] = field(default_factory=dict)

    def filas(self) -> Iterator[tuple[int, list[Any], str]]:
        for numero, fila in enumerate(self.celdas, 2):
            yield numero, fila, self.fallas.get(numero, "")


@dataclass
class Lectura:
    """Lo que salió de un documento."""

    salidas: list[Leido | AvisoLeido]
    traductor: Traductor

    def de(self, entidad: str) -> list[Leido]:
        """Los registros de una entidad que se importarían."""
        return [s for s in self.salidas if isinstance(s, Leido) and s.entidad == entidad and not s.omitido]

    def valores(self, entidad: str) -> list[dict[str, Any]]:
        """Sus valores."""
        return [leido.valores for leido in self.de(entidad)]

    @property
    def cliente(self) -> dict[str, Any]:
        """Los valores del único cliente."""
        (unico,) = self.valores("clientes")
        return unico

    @property
    def notas(self) -> str:
        return " | ".join(nota for s in self.salidas if isinstance(s, Leido) for nota in s.notas)

    @property
    def avisos(self) -> dict[str, str]:
        """Clave → valor de lo que se avisó."""
        return {aviso.clave: aviso.valor for aviso in self.salidas if isinstance(aviso, AvisoLeido)}

    @property
    def omitidos(self) -> list[str]:
        return [s.omitido for s in self.salidas if isinstance(s, Leido) and s.omitido]

    @property
    def fallas(self) -> list[tuple[str, str]]:
        return [(s.ruta, s.falla) for s in self.salidas if isinstance(s, Leido) and s.falla]


def json_de(texto: str) -> Any:
    """Un JSON como lo entrega el lector: claves repetidas y decimales exactos."""
    return json.loads(texto, object_pairs_hook=Objeto, parse_float=Decimal)


def leer(contenido: Any, nombre: str = "usuario.json", **opciones: Any) -> Lectura:
    """Traduce un contenido (un valor, o un documento ya hecho)."""
    opciones.setdefault("referencias", REFERENCIAS)
    traductor = Traductor(fecha_referencia=HOY, **opciones)
    documento = contenido if hasattr(contenido, "formato") else DocumentoJson(contenido, nombre)
    return Lectura(list(traductor.traducir(documento)), traductor)


def persona(**campos: Any) -> dict[str, Any]:
    """Un registro de cliente de un sistema ajeno."""
    return {"nombre": "Ana", "apellido": "Ríos", "cedula": "1020304050", "desde": 2015, **campos}


def de_persona(**campos: Any) -> Lectura:
    """Lo leído de un archivo con esa persona."""
    return leer({"usuarios": [persona(**campos)]})
