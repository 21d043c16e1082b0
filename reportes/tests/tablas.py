"""Pedir un reporte agrupado y leer sus cifras, para compararlas con las que se hicieron a mano."""

from __future__ import annotations

from datetime import date
from typing import Any

from clientes.tests.fabricas import HOY
from reportes.marco import REPORTES, TOTAL, Agrupado


def cifras(clave: str, *nombres: str, hoy: date = HOY, **parametros: Any) -> dict[Any, tuple[Any, ...]]:
    """De cada fila con algo que no sea cero y del total («total»), esas cifras, por la clave de la fila."""
    reporte = REPORTES[clave]
    assert isinstance(reporte, Agrupado)
    pedido = reporte.pedir(parametros, hoy=hoy)
    assert not pedido.conjunto.form.errors, pedido.conjunto.form.errors
    tabla = reporte.tabla(pedido)
    leidas = {fila.clave: tuple(fila.valores[nombre] for nombre in nombres) for fila in tabla.filas}
    leidas = {fila: valores for fila, valores in leidas.items() if any(valores)}
    return {**leidas, "total": tuple(tabla.total.valores[nombre] for nombre in nombres)}


def abiertas(clave: str, cifra: str, fila: Any = TOTAL, *, hoy: date = HOY, **parametros: Any) -> set[Any]:
    """Las claves de los registros que abre una cifra."""
    reporte = REPORTES[clave]
    assert isinstance(reporte, Agrupado)
    pedido = reporte.pedir(parametros, hoy=hoy)
    columna = reporte.cifra(cifra)
    assert columna is not None
    medida = reporte.medida_que_abre(columna)
    assert medida is not None
    return set(reporte.filas_de(pedido, medida, fila).values_list("pk", flat=True))
