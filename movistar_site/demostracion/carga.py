"""Meter millones de filas en las tablas sin pasar por modelos, todo o nada, en SQLite y en PostgreSQL.

Toda la carga va en una sola transacción: si se interrumpe (Ctrl-C, corte de luz, disco lleno) no queda nada a medias y
basta repetir la orden. Los índices secundarios y los de búsqueda se quitan al empezar y se rehacen al final, dentro de
la misma transacción, porque así cuesta la mitad.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, OperationalError, models
from django.db.backends.base.base import BaseDatabaseWrapper

from movistar_site.comun import resumenes
from movistar_site.comun.busqueda import asegurar_indices, suspender_disparadores
from movistar_site.comun.campos import CampoBusqueda, texto_de_busqueda
from movistar_site.comun.columnas import adaptador
from movistar_site.comun.cortesia import es_archivo_sqlite
from movistar_site.comun.lotes import meter_filas

CACHE_KIB = 64_000
CACHE_AL_ORDENAR_KIB = 24_000
"""Rehacer un índice ordena en memoria por trozos de este tamaño; más no lo hace más rápido."""
ESPERA_MS = 1_500


class BaseEnUso(Exception):
    """Otro proceso tiene abierta la base SQLite y una carga grande necesita usarla sola."""


class Tabla:
    """Una tabla de destino: en qué orden van las columnas y cómo se completa cada fila.

    `campos` son los que entrega quien genera, en su orden y con el nombre de la columna en el modelo. A cada fila se
    le añaden delante la clave y detrás el texto de búsqueda y los valores por omisión de los demás campos del modelo.
    """

    def __init__(self, modelo: type[models.Model], campos: Sequence[str], momento: str) -> None:
        opciones = modelo._meta
        self.modelo = modelo
        self.nombre = opciones.db_table
        busqueda = next((campo for campo in opciones.concrete_fields if isinstance(campo, CampoBusqueda)), None)
        self._fuentes = tuple(campos.index(fuente) for fuente in busqueda.fuentes) if busqueda is not None else ()
        propios = {*campos, "busqueda", "id"}
        resto = [campo for campo in opciones.concrete_fields if campo.attname not in propios]
        self.constantes = tuple(
            momento
            if isinstance(c, models.DateTimeField) and _automatica(c)
            else adaptador(c, DEFAULT_DB_ALIAS)([c.get_default()])[0]
            for c in resto
        )
        columnas = {campo.attname: str(campo.column) for campo in opciones.concrete_fields}
        self.columnas = [
            "id", *(columnas[campo] for campo in campos), *(["busqueda"] if busqueda is not None else []),
            *(columnas[campo.attname] for campo in resto),
        ]  # fmt: skip

    def fila(self, clave: int, valores: tuple[Any, ...]) -> tuple[Any, ...]:
        """La fila completa, en el orden de `columnas`."""
        if not self._fuentes:
            return (clave, *valores, *self.constantes)
        texto = texto_de_busqueda(*[valores[posicion] for posicion in self._fuentes])
        return (clave, *valores, texto, *self.constantes)

    def siguiente_clave(self) -> int:
        """La primera clave libre."""
        return (self.modelo._default_manager.aggregate(mayor=models.Max("pk"))["mayor"] or 0) + 1


def _constante(campo: models.Field[Any, Any], momento: str) -> Any:
    """Lo que llevan todas las filas en un campo que no se inventa: su valor por omisión, como lo guarda la base."""
    if isinstance(campo, models.DateTimeField) and _automatica(campo):
        return momento
    omision = campo.get_default()
    return json.dumps(omision) if isinstance(campo, models.JSONField) else omision


def _automatica(campo: models.DateTimeField[Any, Any]) -> bool:
    return bool(campo.auto_now or campo.auto_now_add)


def insertar(conexion: BaseDatabaseWrapper, tabla: Tabla, filas: Iterable[tuple[Any, ...]]) -> None:
    """Inserta las filas: `executemany` en SQLite, COPY en PostgreSQL."""
    meter_filas(conexion, tabla.nombre, tabla.columnas, filas)


@contextmanager
def en_exclusiva(conexion: BaseDatabaseWrapper, *, necesaria: bool) -> Iterator[None]:
    """En SQLite, toma la base para sí solo y cambia a un diario de reversión mientras dura la carga.

    Con WAL, una transacción de un millón de clientes escribiría todo dos veces; con el diario de reversión las páginas
    nuevas se escriben una, y un corte se deshace solo al volver a abrir. Exige que nadie más tenga abierta la base: si
    alguien la tiene, lanza BaseEnUso, salvo que no sea `necesaria`; entonces la carga va por WAL, como cualquier otra.
    """
    if conexion.in_atomic_block or not es_archivo_sqlite(conexion):
        yield
        return
    try:
        with conexion.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout={ESPERA_MS}")
            try:
                cursor.execute("PRAGMA journal_mode=DELETE")
                modo = cursor.fetchone()[0]
            except OperationalError:
                modo = "wal"
            if modo == "delete":
                for ajuste in (
                    "locking_mode=EXCLUSIVE", "synchronous=FULL", f"cache_size=-{CACHE_KIB}", "mmap_size=0",
                    "temp_store=FILE",
                ):  # fmt: skip
                    cursor.execute(f"PRAGMA {ajuste}")
            elif necesaria:
                raise BaseEnUso
        yield
    finally:
        # La siguiente conexión vuelve a los ajustes de siempre, con WAL.
        conexion.close()


@contextmanager
def sin_indices(conexion: BaseDatabaseWrapper, tablas: Sequence[Tabla]) -> Iterator[list[str]]:
    """Quita índices secundarios, disparadores y llaves foráneas; al salir deja la lista de lo que hay que rehacer.

    Lo rehace `reponer`, para que quien llama pueda contar cuánto tarda cada cosa.
    """
    pendientes: list[str] = []
    with conexion.cursor() as cursor:
        if conexion.vendor == "postgresql":
            # Sin esto, filas escritas antes en la misma transacción impedirían cambiar las tablas.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL maintenance_work_mem = '192MB'")
        for tabla in tablas:
            quitar, rehacer = _indices(conexion, cursor, tabla.nombre)
            for sentencia in quitar:
                cursor.execute(sentencia)
            pendientes += rehacer
            suspender_disparadores(conexion, tabla.nombre)
            resumenes.suspender(conexion, tabla.nombre)
    yield pendientes


def _indices(conexion: BaseDatabaseWrapper, cursor: Any, tabla: str) -> tuple[list[str], list[str]]:
    """Las sentencias que quitan y las que rehacen lo que frena una carga en esa tabla."""
    citar = conexion.ops.quote_name
    if conexion.vendor == "sqlite":
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type='index' AND tbl_name=%s AND sql IS NOT NULL", [tabla]
        )
        filas = cursor.fetchall()
        return [f"DROP INDEX {citar(nombre)}" for nombre, _ in filas], [sql for _, sql in filas]
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid = %s::regclass"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid) ORDER BY 1",
        [tabla],
    )
    indices = cursor.fetchall()
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype = 'f' ORDER BY conname",
        [tabla],
    )
    llaves = cursor.fetchall()
    destino = citar(tabla)
    quitar = [f"DROP INDEX {nombre}" for nombre, _ in indices]
    quitar += [f"ALTER TABLE {destino} DROP CONSTRAINT {citar(nombre)}" for nombre, _ in llaves]
    rehacer = [definicion for _, definicion in indices]
    rehacer += [f"ALTER TABLE {destino} ADD CONSTRAINT {citar(nombre)} {que}" for nombre, que in llaves]
    return quitar, rehacer


def reponer(conexion: BaseDatabaseWrapper, pendientes: Iterable[str]) -> None:
    """Rehace lo que quitó `sin_indices`."""
    with conexion.cursor() as cursor:
        if conexion.vendor == "sqlite":
            cursor.execute("PRAGMA shrink_memory")
            cursor.execute(f"PRAGMA cache_size=-{CACHE_AL_ORDENAR_KIB}")
        for sentencia in pendientes:
            cursor.execute(sentencia)


def terminar(conexion: BaseDatabaseWrapper, tablas: Sequence[Tabla]) -> None:
    """Pone al día los contadores de claves y los índices de búsqueda."""
    with conexion.cursor() as cursor:
        for sentencia in conexion.ops.sequence_reset_sql(no_style(), [tabla.modelo for tabla in tablas]):
            cursor.execute(sentencia)
    asegurar_indices(conexion)
    resumenes.asegurar(conexion)
    if conexion.vendor == "postgresql":
        with conexion.cursor() as cursor:
            for tabla in tablas:
                cursor.execute(f"ANALYZE {conexion.ops.quote_name(tabla.nombre)}")
