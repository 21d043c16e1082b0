"""Búsqueda de texto sin tildes sobre las columnas `CampoBusqueda`, con índice de trigramas en las dos bases.

En SQLite el índice es una tabla FTS5 aparte, al día por disparadores; en PostgreSQL, un GIN de pg_trgm. Donde falta
(una base sin pg_trgm, o una palabra de menos de tres letras) se recorre la columna con LIKE y el resultado es el mismo.
"""

from __future__ import annotations

import re
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup, Q, QuerySet
from django.db.models.expressions import Col

from .campos import CampoBusqueda
from .valores import normalizar

# Lo que un trigrama necesita para servirse del índice.
LETRAS_MINIMAS_INDICE = 3
_TABLAS_CON_INDICE: set[str] = set()
_PUNTO_ENTRE_CIFRAS = re.compile(r"(?<=\d)[.](?=\d{3}(?:\D|\Z))")


def palabras_de(texto: str) -> list[str]:
    """Las palabras que se buscan: normalizadas y con los documentos sin puntos («1.020.304» → «1020304»)."""
    return _PUNTO_ENTRE_CIFRAS.sub("", normalizar(texto)).split()[:8]


@CampoBusqueda.register_lookup
class Contiene(Lookup[str]):
    """`busqueda__contiene="rios 3001"`: el texto contiene todas las palabras, en cualquier orden."""

    lookup_name = "contiene"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        columna, parametros = self.process_lhs(compiler, connection)
        condiciones = [f"{columna} LIKE %s ESCAPE '\\'" for _ in palabras_de(self.rhs)]
        valores = [f"%{_escapar(palabra)}%" for palabra in palabras_de(self.rhs)]
        if not condiciones:
            return "1 = 1", []
        return f"({' AND '.join(condiciones)})", [*(list(parametros) * len(condiciones)), *valores]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        largas = [palabra for palabra in palabras_de(self.rhs) if len(palabra) >= LETRAS_MINIMAS_INDICE]
        if not isinstance(self.lhs, Col) or not largas or self._tabla not in _TABLAS_CON_INDICE:
            return self.as_sql(compiler, connection)
        citar = connection.ops.quote_name
        frases = " ".join('"' + palabra.replace('"', '""') + '"' for palabra in largas)
        clave = f"{citar(self.lhs.alias)}.{citar(self.lhs.target.model._meta.pk.column)}"
        fts = citar(f"{self._tabla}_fts")
        sql = f"{clave} IN (SELECT rowid FROM {fts} WHERE {fts} MATCH %s)"  # noqa: S608 - nombres propios
        cortas = [palabra for palabra in palabras_de(self.rhs) if len(palabra) < LETRAS_MINIMAS_INDICE]
        columna, _ = self.process_lhs(compiler, connection)
        for _ in cortas:
            sql += f" AND {columna} LIKE %s ESCAPE '\\'"
        return f"({sql})", [frases, *(f"%{_escapar(palabra)}%" for palabra in cortas)]

    @property
    def _tabla(self) -> str:
        return self.lhs.target.model._meta.db_table


def _escapar(palabra: str) -> str:
    return palabra.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def con_indice(modelo: type[models.Model]) -> type[models.Model]:
    """Decora un modelo de clave entera cuya columna `busqueda` lleva índice de trigramas."""
    _TABLAS_CON_INDICE.add(modelo._meta.db_table)
    return modelo


def tiene_indice(modelo: type[models.Model]) -> bool:
    """Si la columna `busqueda` de ese modelo lleva índice de trigramas."""
    return modelo._meta.db_table in _TABLAS_CON_INDICE


def filtrar(consulta: QuerySet[Any], texto: str, campos: tuple[str, ...] = ("busqueda",)) -> QuerySet[Any]:
    """Las filas en que alguno de los `campos` de búsqueda contiene todas las palabras de `texto`."""
    if not palabras_de(texto):
        return consulta
    condicion = Q()
    for campo in campos:
        condicion |= Q(**{f"{campo}__contiene": texto})
    return consulta.filter(condicion)


def asegurar_indices(conexion: BaseDatabaseWrapper) -> None:
    """Crea los índices de trigramas que falten. Se llama después de cada `migrate` y puede repetirse.

    No va en una migración porque, en SQLite, una migración que rehace la tabla se lleva sus disparadores.
    """
    existentes = set(conexion.introspection.table_names())
    for tabla in sorted(_TABLAS_CON_INDICE & existentes):
        if conexion.vendor == "sqlite":
            _asegurar_fts(conexion, tabla)
        else:
            _asegurar_gin(conexion, tabla)


def suspender_disparadores(conexion: BaseDatabaseWrapper, tabla: str) -> None:
    """Quita los disparadores antes de una carga masiva en SQLite; `asegurar_indices` los repone y rehace el índice."""
    if conexion.vendor == "sqlite":
        with conexion.cursor() as cursor:
            for evento in ("ai", "ad", "au"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {tabla}_fts_{evento}")


def _asegurar_fts(conexion: BaseDatabaseWrapper, tabla: str) -> None:
    fts = f"{tabla}_fts"
    quitar = f"INSERT INTO {fts}({fts}, rowid, busqueda) VALUES ('delete', old.id, old.busqueda);"  # noqa: S608
    poner = f"INSERT INTO {fts}(rowid, busqueda) VALUES (new.id, new.busqueda);"  # noqa: S608
    with conexion.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [tabla])
        if {f"{fts}_ai", f"{fts}_ad", f"{fts}_au"} <= {nombre for (nombre,) in cursor.fetchall()}:
            return
        cursor.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {fts} USING fts5"
            f"(busqueda, content='{tabla}', content_rowid='id', tokenize='trigram')"
        )
        cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {fts}_ai AFTER INSERT ON {tabla} BEGIN {poner} END")
        cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {fts}_ad AFTER DELETE ON {tabla} BEGIN {quitar} END")
        cursor.execute(
            f"CREATE TRIGGER IF NOT EXISTS {fts}_au AFTER UPDATE OF busqueda ON {tabla}"
            f" WHEN old.busqueda <> new.busqueda BEGIN {quitar} {poner} END"
        )
        cursor.execute(f"INSERT INTO {fts}({fts}) VALUES ('rebuild')")  # noqa: S608


def _asegurar_gin(conexion: BaseDatabaseWrapper, tabla: str) -> None:
    with conexion.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'")
        if cursor.fetchone()[0]:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute(f"CREATE INDEX IF NOT EXISTS {tabla}_trgm ON {tabla} USING gin (busqueda gin_trgm_ops)")
