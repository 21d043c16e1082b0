"""Ayudas de las pruebas del lector: escribir un archivo, leerlo entero y volver valores los flujos."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from movistar_site.intercambio.lector import DocumentoJson, DocumentoTabla, Flujo, Objeto, abrir
from movistar_site.intercambio.lector.cursor import VENTANA


def escrito(carpeta: Path, contenido: str | bytes, nombre: str = "usuario.json") -> Path:
    """El archivo con ese contenido."""
    ruta = carpeta / nombre
    ruta.write_bytes(contenido if isinstance(contenido, bytes) else contenido.encode())
    return ruta


def entero(valor: Any) -> Any:
    """El valor con sus flujos recorridos: los objetos con su último valor por clave, como hace `json.loads`."""
    if isinstance(valor, Flujo):
        hijos = [(clave, entero(hijo)) for clave, hijo in valor]
        return dict(hijos) if valor.clase == "objeto" else [hijo for _, hijo in hijos]
    if isinstance(valor, Objeto):
        pares = [*valor.items(), *valor.repetidos]
        return {clave: entero(hijo) for clave, hijo in pares}
    return [entero(hijo) for hijo in valor] if isinstance(valor, list) else valor


def leer_json(ruta: Path, ventana: int = VENTANA) -> tuple[Any, list[str]]:
    """Lo que trae un JSON y lo que se reparó."""
    with abrir(ruta, "usuario.json", ventana=ventana) as documento:
        assert isinstance(documento, DocumentoJson)
        contenido = entero(documento.raiz())
        assert documento.leidos == documento.bytes
        return contenido, [str(reparacion) for reparacion in documento.reparaciones]


def leer_tabla(ruta: Path) -> tuple[list[str], list[tuple[int, list[Any], str]], list[str]]:
    """Los encabezados, las filas y las reparaciones de una tabla."""
    with abrir(ruta, ruta.name) as documento:
        assert isinstance(documento, DocumentoTabla)
        return documento.encabezados, list(documento.filas()), [str(r) for r in documento.reparaciones]
