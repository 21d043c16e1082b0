"""Cuentas que están siempre al día: cuántas filas de una tabla hay por ciertas claves, y sumas de sus columnas.

Contar tres millones de contratos cada vez que alguien mira un reporte no se puede; recordar la cuenta un rato da cifras
que no cuadran con la lista. Aquí la base misma lleva la cuenta, por disparadores: escriba quien escriba (una pantalla,
una operación, una importación, deshacer, una orden, o alguien con el cliente de la base), la cuenta cambia en la misma
transacción.

En SQLite, disparadores por fila que suman en la fila de la cuenta: no hay dos que escriban a la vez. En PostgreSQL, por
sentencia, que por fila cuestan diez veces más; y cada uno deja una fila con lo que cambió en vez de sumar en otra,
porque quien suma la bloquea hasta confirmar, y dos transacciones que sumen en distinto orden se traban. La cuenta es la
suma de esas filas, y `compactar` las junta de vez en cuando.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

ZONA = "America/Bogota"
HORAS_DE_BOGOTA = -5
SUELTAS_MAXIMAS = 500
"""Filas de más que una cuenta de PostgreSQL acumula antes de compactarse."""


class ModeloResumen(models.Model):
    """La tabla de una cuenta: sus claves son los demás campos. No se escribe a mano."""

    n = models.BigIntegerField("cuántos")

    class Meta:
        abstract = True
        default_permissions = ()


@dataclass(frozen=True)
class Dato:
    """Una expresión sobre una fila de origen; `{f}` es la fila. `columnas`: de las que depende."""

    columnas: tuple[str, ...]
    sqlite: str
    postgresql: str

    def en(self, fabricante: str, fila: str) -> str:
        """Como se escribe en esa base, sobre esa fila."""
        return (self.sqlite if fabricante == "sqlite" else self.postgresql).format(f=fila)


def columna(nombre: str) -> Dato:
    """La columna tal cual; no puede ser nula."""
    return Dato((nombre,), f'{{f}}."{nombre}"', f'{{f}}."{nombre}"')


def o_vacia(nombre: str) -> Dato:
    """Una columna de texto; nula cuenta como vacía."""
    sql = f"COALESCE({{f}}.\"{nombre}\", '')"
    return Dato((nombre,), sql, sql)


def o_cero(nombre: str) -> Dato:
    """Una columna de número; nula cuenta como cero."""
    sql = f'COALESCE({{f}}."{nombre}", 0)'
    return Dato((nombre,), sql, sql)


def dia(nombre: str) -> Dato:
    """El día de Bogotá de una columna de fecha y hora; nula es el año 1."""
    # Sin la fracción de segundo: SQLite redondea al milisegundo, y lo de las 23:59:59,9999 sería del día siguiente.
    sqlite = f"COALESCE(date(substr({{f}}.\"{nombre}\", 1, 19), '{HORAS_DE_BOGOTA} hours'), '0001-01-01')"
    postgresql = f"COALESCE(({{f}}.\"{nombre}\" AT TIME ZONE '{ZONA}')::date, DATE '0001-01-01')"
    return Dato((nombre,), sqlite, postgresql)


def fecha(nombre: str) -> Dato:
    """Una columna de fecha; nula es el año 1."""
    return Dato(
        (nombre,), f"COALESCE({{f}}.\"{nombre}\", '0001-01-01')", f"COALESCE({{f}}.\"{nombre}\", DATE '0001-01-01')"
    )


def centavos(nombre: str, *, si: str = "") -> Dato:
    """Una columna de pesos, en centavos enteros, que se suman sin error; con `si`, solo de las filas que lo cumplen."""
    de = {
        "sqlite": f'CAST(ROUND({{f}}."{nombre}" * 100) AS INTEGER)',
        "postgresql": f'({{f}}."{nombre}" * 100)::bigint',
    }
    if si:
        de = {base: f"CASE WHEN {si} THEN {sql} ELSE 0 END" for base, sql in de.items()}
    return Dato((nombre,), **de)


@dataclass(frozen=True)
class Resumen:
    """Cuántas filas de `origen` hay por cada combinación de `claves` (sin claves, todas) y cuánto suman otras columnas.

    `claves` y `sumas`: campo de `destino` → dato; en el orden de las claves se buscan. `donde`: qué filas cuentan, en
    SQL sobre `{f}`, con `columnas_donde` las que mira. `unico`: la fila de cada combinación es una sola también en
    PostgreSQL; solo para claves que casi nadie comparte, como un cliente, y sobre la que otro resumen quiera contar.
    """

    nombre: str
    origen: type[models.Model]
    destino: type[ModeloResumen]
    claves: Mapping[str, Dato]
    sumas: Mapping[str, Dato] = field(default_factory=dict)
    donde: str = ""
    columnas_donde: tuple[str, ...] = ()
    unico: bool = False

    @property
    def tabla(self) -> str:
        """La de la cuenta."""
        return self.destino._meta.db_table

    @property
    def tabla_de_origen(self) -> str:
        """La que se cuenta."""
        return self.origen._meta.db_table

    @property
    def con_clave_propia(self) -> bool:
        """Si la clave de la tabla son las claves mismas, y no hace falta otro índice."""
        clave = self.destino._meta.pk
        return isinstance(clave, models.CompositePrimaryKey) or clave.attname in self.claves

    def columnas(self) -> list[str]:
        """Las columnas de origen que, si cambian, cambian la cuenta."""
        datos = [*self.claves.values(), *self.sumas.values()]
        todas = [columna for dato in datos for columna in dato.columnas]
        return list(dict.fromkeys([*todas, *self.columnas_donde]))

    def condicion(self, fila: str) -> str:
        """Si una fila de origen cuenta."""
        return f"({self.donde.format(f=fila)})" if self.donde else "TRUE"


REGISTRO: dict[str, Resumen] = {}
"""Las cuentas del panel: nombre → cómo se lleva. Cada aplicación anota aquí las suyas."""


def registrar(resumen: Resumen) -> Resumen:
    """Anota una cuenta. Debe llamarse al cargar la aplicación, antes de `migrate`."""
    REGISTRO[resumen.nombre] = resumen
    return resumen


# --- Llevar la cuenta ------------------------------------------------------------------------------------------------
def asegurar(conexion: BaseDatabaseWrapper) -> list[str]:
    """Pone los disparadores que falten o hayan cambiado y, en ese caso, cuenta de nuevo. Devuelve los que puso.

    No van en una migración: en SQLite, una que rehace la tabla se lleva los suyos. Se llama después de cada `migrate` y
    puede repetirse.
    """
    existentes = set(conexion.introspection.table_names())
    puestos = []
    for resumen in REGISTRO.values():
        if not {resumen.tabla, resumen.tabla_de_origen} <= existentes or not _tiene_columnas(conexion, resumen):
            continue  # a medio migrar
        if not _al_dia(conexion, resumen):
            with transaction.atomic(using=conexion.alias):
                _poner(conexion, resumen)
                recontar(conexion, resumen)
            puestos.append(resumen.nombre)
        elif _sobran(conexion, resumen):
            recontar(conexion, resumen)
    return puestos


def _sobran(conexion: BaseDatabaseWrapper, resumen: Resumen) -> bool:
    """Si no hay nada que contar y la cuenta dice algo: `flush` vació la cuenta antes que la tabla."""
    with conexion.cursor() as cursor:
        cursor.execute(
            f'SELECT EXISTS (SELECT 1 FROM "{resumen.tabla}")'  # noqa: S608 - nombres propios
            f' AND NOT EXISTS (SELECT 1 FROM "{resumen.tabla_de_origen}")'
        )
        return bool(cursor.fetchone()[0])


def suspender(conexion: BaseDatabaseWrapper, *tablas: str) -> None:
    """Deja de llevar las cuentas de unas tablas, o todas, mientras se llenan de golpe o cambian de forma.

    `asegurar` las repone y cuenta de nuevo.
    """
    from .resumenes_sql import disparadores

    existentes = set(conexion.introspection.table_names())
    with conexion.cursor() as cursor:
        for resumen in REGISTRO.values():
            if resumen.tabla_de_origen in existentes and (not tablas or resumen.tabla_de_origen in tablas):
                for sentencia in (s for uno in disparadores(conexion.vendor, resumen) for s in uno.quitar):
                    cursor.execute(sentencia)


def _tiene_columnas(conexion: BaseDatabaseWrapper, resumen: Resumen) -> bool:
    with conexion.cursor() as cursor:
        hay = {una.name for una in conexion.introspection.get_table_description(cursor, resumen.tabla)}
    return {*resumen.claves, "n", *resumen.sumas} <= hay


def _al_dia(conexion: BaseDatabaseWrapper, resumen: Resumen) -> bool:
    from .resumenes_sql import disparadores, hay

    return all(hay(conexion, uno) for uno in disparadores(conexion.vendor, resumen))


def _poner(conexion: BaseDatabaseWrapper, resumen: Resumen) -> None:
    from .resumenes_sql import disparadores

    with conexion.cursor() as cursor:
        for uno in disparadores(conexion.vendor, resumen):
            for sentencia in (*uno.quitar, *uno.poner):
                cursor.execute(sentencia)


def recontar(conexion: BaseDatabaseWrapper, resumen: Resumen) -> None:
    """Rehace la cuenta desde las filas, con la tabla de origen quieta."""
    with transaction.atomic(using=conexion.alias), conexion.cursor() as cursor:
        if conexion.vendor == "postgresql":
            cursor.execute(f'LOCK TABLE "{resumen.tabla_de_origen}" IN SHARE MODE')
        cursor.execute(f'DELETE FROM "{resumen.tabla}"')  # noqa: S608 - nombres propios
        nombres, cuenta = _columnas(resumen), contado(resumen, conexion.vendor)
        cursor.execute(f'INSERT INTO "{resumen.tabla}" ({nombres}) {cuenta}')


def contado(resumen: Resumen, fabricante: str) -> str:
    """La consulta que cuenta desde las filas: las claves, cuántas y las sumas."""
    claves = [dato.en(fabricante, "r") for dato in resumen.claves.values()]
    sumas = [f"SUM({dato.en(fabricante, 'r')})" for dato in resumen.sumas.values()]
    grupo = f" GROUP BY {', '.join(claves)}" if claves else " HAVING COUNT(*) > 0"
    return (
        f"SELECT {', '.join([*claves, 'COUNT(*)', *sumas])}"  # noqa: S608 - nombres propios
        f' FROM "{resumen.tabla_de_origen}" AS r WHERE {resumen.condicion("r")}{grupo}'
    )


def llevado(resumen: Resumen) -> str:
    """La consulta que lee la cuenta llevada, con la misma forma que `contado`; lo que suma cero no está."""
    claves = [f'"{nombre}"' for nombre in resumen.claves]
    sumas = [f'SUM("{nombre}")' for nombre in resumen.sumas]
    grupo = f" GROUP BY {', '.join(claves)}" if claves else ""
    return (
        f'SELECT {", ".join([*claves, "SUM(n)", *sumas])} FROM "{resumen.tabla}"'  # noqa: S608 - nombres propios
        f"{grupo} HAVING SUM(n) <> 0"
    )


def _columnas(resumen: Resumen) -> str:
    return ", ".join(f'"{nombre}"' for nombre in (*resumen.claves, "n", *resumen.sumas))


# --- Comprobarla y juntarla ------------------------------------------------------------------------------------------
def diferencias(resumen: Resumen, *, using: str = "default") -> int:
    """En cuántas combinaciones la cuenta llevada no es la que sale de contar las filas. Debe ser cero siempre."""
    conexion = connections[using]
    contadas, llevadas = contado(resumen, conexion.vendor), llevado(resumen)
    with transaction.atomic(using=using), conexion.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*) FROM (SELECT * FROM ({contadas}) a EXCEPT SELECT * FROM ({llevadas}) b"  # noqa: S608
            f" UNION ALL SELECT * FROM (SELECT * FROM ({llevadas}) c EXCEPT SELECT * FROM ({contadas}) d) e) f"
        )
        return int(cursor.fetchone()[0])


def compactar(resumen: Resumen, *, using: str = "default") -> bool:
    """Junta en una las filas de cada combinación y quita las que suman cero. Dice si había qué juntar.

    Quien lee ve siempre la misma suma; quien escribe mientras tanto deja su fila aparte.
    """
    conexion = connections[using]
    if conexion.vendor != "postgresql" or resumen.unico:
        return False
    claves = ", ".join(f'"{nombre}"' for nombre in resumen.claves)
    grupo = f" GROUP BY {claves}" if claves else ""
    with transaction.atomic(using=using), conexion.cursor() as cursor:
        cursor.execute(f'SELECT COUNT(*) - COUNT(DISTINCT ({claves or 1})) FROM "{resumen.tabla}"')  # noqa: S608
        if cursor.fetchone()[0] <= SUELTAS_MAXIMAS:
            return False
        sumas = [f'SUM("{nombre}")' for nombre in ("n", *resumen.sumas)]
        cursor.execute(
            f'WITH v AS (DELETE FROM "{resumen.tabla}" RETURNING *)'  # noqa: S608 - nombres propios
            f' INSERT INTO "{resumen.tabla}" ({_columnas(resumen)})'
            f" SELECT {', '.join(filter(None, [claves, *sumas]))} FROM v{grupo} HAVING SUM(n) <> 0"
        )
    return True


def mantener(_ahora: datetime) -> None:
    """Junta las que tengan filas de más. Lo hace el trabajador cada minuto."""
    for resumen in REGISTRO.values():
        compactar(resumen)


def leer(resumen: Resumen, *, using: str = "default") -> Any:
    """La cuenta como consulta de Django: se filtra, se agrupa y se suma `n` y las demás sumas."""
    return resumen.destino._default_manager.using(using).order_by()
