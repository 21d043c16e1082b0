"""Contar de una vez los grupos de muchas filas.

SQLite agrupa ordenando: con dos millones de filas, ordenarlas le toma más que leerlas. Allí las filas se leen y las
cuenta `Counter`, sin un paso de Python por cada una y sin guardar más que los grupos. PostgreSQL agrupa sin ordenar.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connections
from django.db.models import Count, QuerySet


def contar_grupos(consulta: QuerySet[Any], **claves: Any) -> Iterable[tuple[tuple[Any, ...], int]]:
    """Cada combinación distinta de esas expresiones con cuántas filas la tienen. Una consulta.

    Los valores llegan como los da la base: las expresiones deben ser números o textos.
    """
    filas = consulta.order_by().annotate(**claves).values_list(*claves)
    if connections[consulta.db].vendor == "sqlite":
        return _leidas(filas).items()
    contadas = filas.annotate(_cuantas=Count("*"))
    return ((fila[:-1], fila[-1]) for fila in contadas)


def _leidas(filas: QuerySet[Any, Any]) -> Mapping[tuple[Any, ...], int]:
    sql, parametros = filas.query.get_compiler(filas.db).as_sql()
    with connections[filas.db].cursor() as cursor:
        cursor.execute(sql, parametros)
        # El cursor de adentro: el de Django llama a Python por cada fila.
        return Counter(cursor.cursor)
