"""Los disparadores que llevan las cuentas de `resumenes`, en el SQL de cada base."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

from .resumenes import Dato, Resumen

EVENTOS = {"ai": "INSERT", "ad": "DELETE", "au": "UPDATE"}


@dataclass(frozen=True)
class Disparador:
    """Uno, con su nombre, que lleva la huella de lo que hace: si la regla cambia, cambia el nombre."""

    nombre: str
    tabla: str
    quitar: tuple[str, ...]
    poner: tuple[str, ...]


def disparadores(fabricante: str, resumen: Resumen) -> list[Disparador]:
    """Los tres de un resumen: al insertar, al borrar y al cambiar."""
    crear = _de_sqlite if fabricante == "sqlite" else _de_postgresql
    return [crear(resumen, corto) for corto in EVENTOS]


def hay(conexion: BaseDatabaseWrapper, uno: Disparador) -> bool:
    """Si la base ya lo tiene, tal como es ahora."""
    with conexion.cursor() as cursor:
        if conexion.vendor == "sqlite":
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = %s", [uno.nombre])
            fila = cursor.fetchone()
            return fila is not None and fila[0] == uno.poner[-1]
        cursor.execute(
            "SELECT 1 FROM pg_trigger WHERE tgname = %s AND tgrelid = %s::regclass",
            [uno.nombre, f'"{uno.tabla}"'],
        )
        return cursor.fetchone() is not None


# --- SQLite ----------------------------------------------------------------------------------------------------------
def _de_sqlite(resumen: Resumen, corto: str) -> Disparador:
    nombre = f"{resumen.tabla}_{corto}"
    cuerpo = []
    if corto != "ai":
        cuerpo += _sumar_en_sqlite(resumen, "old", "-")
    if corto != "ad":
        cuerpo += _sumar_en_sqlite(resumen, "new", "+")
    columnas = ", ".join(f'"{columna}"' for columna in resumen.columnas())
    evento = f"UPDATE OF {columnas}" if corto == "au" else EVENTOS[corto]
    cuando = f" WHEN {_cambia(resumen)}" if corto == "au" else ""
    poner = (
        f'CREATE TRIGGER "{nombre}" AFTER {evento} ON "{resumen.tabla_de_origen}"{cuando} BEGIN {" ".join(cuerpo)} END'
    )
    return Disparador(
        nombre, resumen.tabla_de_origen, (f'DROP TRIGGER IF EXISTS "{nombre}"', *_sin_indice(resumen)),
        (*_con_indice(resumen, unico=True), poner),
    )  # fmt: skip


def _con_indice(resumen: Resumen, *, unico: bool) -> tuple[str, ...]:
    """Lo que pone el índice por el que se buscan las claves."""
    if not resumen.claves or resumen.con_clave_propia:
        return ()
    claves = ", ".join(f'"{clave}"' for clave in resumen.claves)
    cual = "UNIQUE INDEX" if unico else "INDEX"
    return (f'CREATE {cual} IF NOT EXISTS "{resumen.tabla}_claves" ON "{resumen.tabla}" ({claves})',)


def _sin_indice(resumen: Resumen) -> tuple[str, ...]:
    """Lo que quita el índice de las claves: si cambiaron, o su orden, el que había ya no sirve."""
    return () if resumen.con_clave_propia else (f'DROP INDEX IF EXISTS "{resumen.tabla}_claves"',)


def _cambia(resumen: Resumen) -> str:
    return " OR ".join(f'old."{columna}" IS NOT new."{columna}"' for columna in resumen.columnas())


def _sumar_en_sqlite(resumen: Resumen, fila: str, signo: str) -> list[str]:
    """La fila de la cuenta, si falta, y luego sumar en ella.

    En dos pasos y no con ON CONFLICT: si quien escribe lo hizo con INSERT OR IGNORE, SQLite le impone su política a lo
    que haga el disparador.
    """
    claves = {clave: dato.en("sqlite", fila) for clave, dato in resumen.claves.items()}
    donde = resumen.condicion(fila)
    igual = " AND ".join(f'd."{clave}" = {expresion}' for clave, expresion in claves.items()) or "TRUE"
    nombres = ", ".join(f'"{nombre}"' for nombre in (*claves, "n", *resumen.sumas))
    ceros = ", ".join([*claves.values(), "0", *("0" for _ in resumen.sumas)])
    sumas = [f'"{suma}" = "{suma}" {signo} {dato.en("sqlite", fila)}' for suma, dato in resumen.sumas.items()]
    propia = " AND ".join(f'"{clave}" = {expresion}' for clave, expresion in claves.items()) or "TRUE"
    return [
        f'INSERT INTO "{resumen.tabla}" ({nombres}) SELECT {ceros}'  # noqa: S608 - nombres propios
        f' WHERE {donde} AND NOT EXISTS (SELECT 1 FROM "{resumen.tabla}" d WHERE {igual});',
        f'UPDATE "{resumen.tabla}" SET {", ".join([f"n = n {signo} 1", *sumas])} WHERE {propia} AND {donde};',  # noqa: S608
    ]


# --- PostgreSQL ------------------------------------------------------------------------------------------------------
def _de_postgresql(resumen: Resumen, corto: str) -> Disparador:
    partes = []
    if corto != "ai":
        partes.append(_delta(resumen, "viejas", "-"))
    if corto != "ad":
        partes.append(_delta(resumen, "nuevas", "+"))
    claves = [f'"{clave}"' for clave in resumen.claves]
    sumas = [f'"{suma}"' for suma in resumen.sumas]
    total = ", ".join([*claves, "SUM(n)", *(f"SUM({suma})" for suma in sumas)])
    distintas = " OR ".join(f"SUM({nombre}) <> 0" for nombre in ("n", *sumas))
    grupo = f" GROUP BY {', '.join(claves)}" if claves else ""
    # En orden, para que dos sentencias que toquen las mismas filas no se traben.
    orden = f" ORDER BY {', '.join(claves)}" if claves and resumen.unico else ""
    sql = (
        f'INSERT INTO "{resumen.tabla}" AS d ({", ".join([*claves, "n", *sumas])})'  # noqa: S608 - nombres propios
        f" SELECT {total} FROM ({' UNION ALL '.join(partes)}) AS c{grupo} HAVING {distintas}{orden}"
    )
    if resumen.unico:
        puestas = ", ".join(f"{nombre} = d.{nombre} + EXCLUDED.{nombre}" for nombre in ("n", *sumas))
        sql += f" ON CONFLICT ({', '.join(claves)}) DO UPDATE SET {puestas}"
    huella = hashlib.sha256(sql.encode()).hexdigest()[:8]
    base = f"{resumen.tabla}_{corto}"
    nombre, funcion = f"{base}_{huella}", f'"{base}"'
    tablas = " ".join(
        f"{cual} TABLE AS {alias}"
        for cual, alias in (("OLD", "viejas"), ("NEW", "nuevas"))
        if any(alias in parte for parte in partes)
    )
    return Disparador(
        nombre,
        resumen.tabla_de_origen,
        (f"DROP FUNCTION IF EXISTS {funcion}() CASCADE", *_sin_indice(resumen)),
        (
            *_con_indice(resumen, unico=resumen.unico),
            f"CREATE FUNCTION {funcion}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {sql}; RETURN NULL; END $$",
            f'CREATE TRIGGER "{nombre}" AFTER {EVENTOS[corto]} ON "{resumen.tabla_de_origen}" REFERENCING {tablas}'
            f" FOR EACH STATEMENT EXECUTE FUNCTION {funcion}()",
        ),
    )


def _delta(resumen: Resumen, tabla: str, signo: str) -> str:
    """Lo que esas filas ponen o quitan de la cuenta."""
    claves = [f'{dato.en("postgresql", "r")} AS "{clave}"' for clave, dato in resumen.claves.items()]
    sumas = [f'{signo} {_numero(dato)} AS "{suma}"' for suma, dato in resumen.sumas.items()]
    columnas = ", ".join([*claves, f"{signo}1 AS n", *sumas])
    return f"SELECT {columnas} FROM {tabla} AS r WHERE {resumen.condicion('r')}"  # noqa: S608 - nombres propios


def _numero(dato: Dato) -> str:
    return f"({dato.en('postgresql', 'r')})"
