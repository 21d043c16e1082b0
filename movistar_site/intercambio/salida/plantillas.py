"""Archivos para llenar: las columnas de cada entidad y, en Excel, una hoja que dice qué va en cada una."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist

from movistar_site.comun import celdas
from movistar_site.comun.piezas_intercambio import Columna
from movistar_site.comun.salida import escribir_csv
from movistar_site.comun.salida.estilos import PARRAFO, SOLO_TEXTO
from movistar_site.comun.salida.libro import (
    FECHA,
    Libro,
    lista_de_opciones,
    texto_de_celda,
)

from ..entidades import Entidad

FORMATOS_DE_PLANTILLA = ("csv", "xlsx")
AYUDA = "Cómo llenarlo"
TITULOS_DE_AYUDA = ("Columna", "¿Obligatoria?", "Qué se escribe", "Ejemplo")
_ANCHOS_DE_AYUDA = (34, 34, 70, 34)
_ANCHO_DE_DATOS = 22
# Lo que se espera en cada clase de celda y un ejemplo.
_ESPERADO: tuple[tuple[type[celdas.Celda], str, str], ...] = (
    (celdas.Telefono, "Un teléfono de Colombia, de diez cifras.", "300 123 4567"),
    (celdas.Entero, "Un número entero.", "3"),
    (celdas.Pesos, "Un importe en pesos, sin decimales o con dos.", "74900"),
    (celdas.Numero, "Un número; con coma o punto para los decimales.", "12,5"),
    (celdas.FechaHora, "Una fecha con su hora de Colombia.", "03/02/2026 10:15"),
    (celdas.Fecha, "Una fecha.", "15/03/2012"),
    (celdas.SiNo, "Sí o no.", "sí"),
    (celdas.Recortado, "Un texto corto.", ""),
    (celdas.Texto, "Un texto.", ""),
)


def plantilla(entidad: Entidad, formato: str) -> Iterator[bytes]:
    """La plantilla de una entidad: en CSV, solo el encabezado."""
    recurso = entidad.recurso()
    if formato == "csv":
        return escribir_csv(recurso.encabezados(), [])
    return _libro(entidad, recurso)


def _libro(entidad: Entidad, recurso: Any) -> Iterator[bytes]:
    columnas: dict[str, Columna] = recurso.fields
    titulos = recurso.encabezados()
    libro = Libro()
    yield libro.abrir()
    yield from libro.hoja(
        entidad.titulo,
        titulos,
        (),
        anchos=[max(_ANCHO_DE_DATOS, len(titulo) + 4) for titulo in titulos],
        estilos=[_estilo(columna.widget) for columna in columnas.values()],
        cola=lista_de_opciones([_codigos(columna.widget) for columna in columnas.values()]),
    )
    clave = set(recurso.get_import_id_fields())
    ayuda = [_ayuda(recurso, nombre, columna, en_clave=nombre in clave) for nombre, columna in columnas.items()]
    filas = [f"<row>{''.join(texto_de_celda(texto, PARRAFO) for texto in fila)}</row>" for fila in ayuda]
    yield from libro.hoja(AYUDA, TITULOS_DE_AYUDA, [(len(filas), "".join(filas))], anchos=_ANCHOS_DE_AYUDA)
    yield libro.cerrar()


def _estilo(celda: Any) -> int:
    """Como texto, Excel no quita los ceros de un código ni vuelve número un documento."""
    if type(celda) is celdas.Fecha:
        return FECHA
    en_numero = (celdas.Entero, celdas.Pesos, celdas.Numero, celdas.FechaHora)
    return 0 if isinstance(celda, en_numero) else SOLO_TEXTO


def _codigos(celda: Any) -> list[str]:
    if isinstance(celda, celdas.Opcion):
        return celda.codigos
    return ["sí", "no"] if isinstance(celda, celdas.SiNo) else []


def _ayuda(recurso: Any, nombre: str, columna: Columna, *, en_clave: bool) -> tuple[str, str, str, str]:
    esperado, ejemplo = describir(columna.widget)
    largo = _largo(recurso, columna)
    if largo and isinstance(columna.widget, celdas.Texto):
        esperado += f" Hasta {largo} letras."
    obligatoria = "Sí, en un registro nuevo" if columna.obligatoria else "No"
    if en_clave:
        obligatoria += "; identifica al registro" if columna.obligatoria else "; si viene, identifica al registro"
    return columna.titulo, obligatoria, esperado, ejemplo


def _largo(recurso: Any, columna: Columna) -> int:
    try:
        campo = recurso._meta.model._meta.get_field(str(columna.attribute))
    except FieldDoesNotExist:
        return 0
    return getattr(campo, "max_length", 0) or 0


def describir(celda: Any) -> tuple[str, str]:
    """Qué se escribe en una celda y un ejemplo."""
    if isinstance(celda, celdas.CodigoConCeros):
        return f"Un código de {celda.largo} cifras.", celda.ejemplo
    if isinstance(celda, celdas.ListaDeOpciones):
        return f"Uno o varios, separados por comas: {_opciones(celda.opcion)}.", ", ".join(celda.opcion.codigos[:2])
    if isinstance(celda, celdas.Opcion):
        return f"Uno de: {_opciones(celda)}.", celda.codigos[0]
    if isinstance(celda, celdas.Referencia | celdas.Referencias):
        una = celda.una if isinstance(celda, celdas.Referencias) else celda
        varias = " Varios, separados por comas." if isinstance(celda, celdas.Referencias) else ""
        return f"Cuál es {una.que}, por su código, número o nombre; debe existir o venir en la importación.{varias}", ""
    if isinstance(celda, celdas.ValorJson):
        return "Un valor JSON. Vacío, nada.", celda.ejemplo
    return next(
        ((esperado, ejemplo) for clase, esperado, ejemplo in _ESPERADO if isinstance(celda, clase)), ("Un valor.", "")
    )


def _opciones(opcion: celdas.Opcion) -> str:
    return ", ".join(f"{codigo} ({nombre})" if nombre != codigo else codigo for codigo, nombre in opcion.opciones)
