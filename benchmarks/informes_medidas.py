"""Las medidas de `informes.py` que corren en un proceso: el tiempo de base de una página y el costo de un archivo."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

VECES = 3
OPCIONES_POR_FILTRO = 3
SUFICIENTES = 200
FILAS_POR_LECTURA = 10_000
reloj = time.thread_time if os.environ.get("MEDIR_CPU") else time.perf_counter


# --- El tiempo de base -----------------------------------------------------------------------------------------------
@dataclass
class Consultas:
    """Lo que tardó cada consulta, con sus lecturas: en SQLite las filas se calculan al leerlas."""

    tiempos: list[float] = field(default_factory=list)
    textos: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def ms(self) -> float:
        """La suma, en milisegundos."""
        return sum(self.tiempos) * 1000

    def la_mas_larga(self) -> tuple[float, str, Any]:
        """Cuánto tardó la que más, y cuál es."""
        if not self.tiempos:
            return 0.0, "", None
        posicion = max(range(len(self.tiempos)), key=self.tiempos.__getitem__)
        return self.tiempos[posicion] * 1000, *self.textos[posicion]


class _Adentro:
    """El cursor de la base, cuyas lecturas se cronometran también cuando alguien lo recorre sin pasar por Django."""

    def __init__(self, cursor: Any, con: Callable[..., Any]) -> None:
        self._cursor, self._con = cursor, con

    def __getattr__(self, nombre: str) -> Any:
        return getattr(self._cursor, nombre)

    def __iter__(self) -> Iterator[Any]:
        while filas := self._con(self._cursor.fetchmany, FILAS_POR_LECTURA):
            yield from filas


@contextmanager
def consultas() -> Iterator[Consultas]:
    """Cronometra todas las consultas de la conexión."""
    from django.db import connection
    from django.db.backends.utils import CursorWrapper

    halladas = Consultas()

    class Medido(CursorWrapper):
        def __init__(self, cursor: Any, db: Any) -> None:
            super().__init__(_Adentro(cursor, self._con), db)

        def _con(self, hacer: Any, *argumentos: Any) -> Any:
            inicio = reloj()
            try:
                return hacer(*argumentos)
            finally:
                halladas.tiempos[-1] += reloj() - inicio

        def execute(self, sql: Any, params: Any = None) -> Any:
            halladas.tiempos.append(0.0)
            halladas.textos.append((str(sql), params))
            return self._con(super().execute, sql, params)

        def fetchone(self) -> Any:
            return self._con(self.cursor.fetchone)

        def fetchmany(self, *cuantas: Any) -> Any:
            return self._con(self.cursor.fetchmany, *cuantas)

        def fetchall(self) -> Any:
            return self._con(self.cursor.fetchall)

        def __iter__(self) -> Any:
            return iter(self.fetchall())

    connection.make_cursor = lambda cursor: Medido(cursor, connection)  # type: ignore[method-assign]
    try:
        yield halladas
    finally:
        del connection.make_cursor


def plan(sql: str, params: Any) -> list[str]:
    """Cómo resuelve la base una consulta."""
    from django.db import connection

    explicar = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN (ANALYZE, BUFFERS) "
    with connection.cursor() as cursor:
        cursor.execute(explicar + sql, params)
        return [sql[:2_000], *(str(fila[-1]) for fila in cursor.fetchall())]


# --- Las páginas -----------------------------------------------------------------------------------------------------
class Sesion:
    """Alguien que puede verlo todo y abre páginas del panel. Lo que su sesión escribe se deshace al salir."""

    def __enter__(self) -> Sesion:
        from django.db import transaction
        from django.test import Client

        from movistar_site.comun.models import Usuario

        self._transaccion = transaction.atomic()
        self._transaccion.__enter__()
        jefa = Usuario.objects.create_superuser("medida-de-reportes", "medida@example.co", "clave-de-medida-1")
        self._cliente = Client()
        self._cliente.force_login(jefa)
        return self

    def __exit__(self, *_: object) -> None:
        from django.db import transaction

        transaction.set_rollback(True)
        self._transaccion.__exit__(None, None, None)

    def medir(self, como: str, direccion: str, limite: float, veces: int = 1) -> dict[str, Any]:
        """La mejor de esas veces."""
        mejor, pesa = Consultas([9e9], [("", None)]), 0
        for _ in range(veces):
            with consultas() as dichas:
                respuesta = self._cliente.get(direccion)
            if respuesta.status_code != 200:
                raise SystemExit(f"{direccion} contestó {respuesta.status_code}.")
            pesa = len(respuesta.content)
            mejor = min(mejor, dichas, key=lambda una: una.ms)
        larga, sql, params = mejor.la_mas_larga()
        return {
            "como": como, "ms": mejor.ms, "consultas": len(mejor.tiempos), "larga": larga, "kb": pesa / 1024,
            "limite": limite, "plan": plan(sql, params) if mejor.ms > limite else [],
        }  # fmt: skip


def medir_reporte(
    clave: str, *, con_filtros: bool, hoy: str, dia: str, limites: tuple[int, int]
) -> Iterator[dict[str, Any]]:
    """El reporte como se abre y, si se pide, de todas las demás maneras."""
    from reportes.marco import REPORTES
    from reportes.marco.enlaces import direccion, direccion_de_filas

    reporte = REPORTES[clave]
    with Sesion() as sesion:
        sesion.medir("", direccion(clave), 0, 1)  # lo que se arma una vez: plantillas, formularios
        yield sesion.medir("entrada", direccion(clave), limites[0], VECES)
        if not con_filtros:
            return
        for parametros in maneras(reporte, hoy=date.fromisoformat(hoy), dia=dia):
            yield sesion.medir(urlencode(parametros, doseq=True), direccion(clave, parametros), limites[1])
        for cifra in getattr(reporte, "cifras", ()):
            for parametros in ({}, {"al": dia}) if reporte.a_la_fecha else ({},):
                como = f"abrir {cifra.nombre} {urlencode(parametros)}"
                yield sesion.medir(como, direccion_de_filas(clave, cifra.nombre, parametros=parametros), limites[1])


def maneras(reporte: Any, *, hoy: date, dia: str) -> Iterator[dict[str, Any]]:
    """Cada filtro y control del reporte, de a uno; y cada uno de los filtros, además, aquel día."""
    from reportes.marco.filtros import Control

    for nombre, filtro in reporte.pedir({}, hoy=hoy).conjunto.filters.items():
        if nombre in ("desde", "hasta"):
            continue
        if nombre == "al":
            yield {"al": dia}
            continue
        for valor in _valores(filtro):
            if valor != "a_medida":
                yield {nombre: valor}
                if reporte.a_la_fecha and not isinstance(filtro, Control):
                    yield {nombre: valor, "al": dia}
    if reporte.con_periodo:
        yield {"periodo": "a_medida", "desde": "2019-01-01", "hasta": dia}
    if getattr(reporte, "comparable", False) and reporte.a_la_fecha:
        yield {"comparar": "true", "al": dia}


def _valores(filtro: Any) -> list[Any]:
    import django_filters

    if isinstance(filtro, django_filters.BooleanFilter):
        return ["true"]
    if isinstance(filtro, django_filters.ModelChoiceFilter | django_filters.ModelMultipleChoiceFilter):
        claves = [str(uno.pk) for uno in filtro.field.queryset[:SUFICIENTES]]
        elegidas = claves[:: max(1, len(claves) // OPCIONES_POR_FILTRO)][:OPCIONES_POR_FILTRO]
        varios = isinstance(filtro, django_filters.ModelMultipleChoiceFilter) and len(elegidas) > 1
        return [*elegidas, elegidas] if varios else elegidas
    opciones = getattr(filtro.field, "choices", ())
    return [clave for clave, _ in opciones if clave not in ("", None)]


def medir_tablero(*, limite: float) -> Iterator[dict[str, Any]]:
    """La primera página."""
    with Sesion() as sesion:
        sesion.medir("", "/", 0, 1)
        yield sesion.medir("entrada", "/", limite, VECES)


# --- Los archivos ----------------------------------------------------------------------------------------------------
def memoria() -> float:
    """El máximo de memoria residente del proceso, en MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def medir_archivo(clave: str, formato: str, *, hoy: str) -> dict[str, Any]:
    """Escribe el archivo entero y lo bota."""
    from django.core.exceptions import ValidationError
    from django.db import connection
    from django.utils import timezone

    import movistar_site.urls  # noqa: F401 - como está un trabajador que ya atendió a alguien
    from reportes.marco import REPORTES
    from reportes.marco.salidas import archivo

    connection.ensure_connection()
    reporte = REPORTES[clave]
    antes, inicio = memoria(), time.perf_counter()
    pedido = reporte.pedir({}, hoy=date.fromisoformat(hoy))
    try:
        trozos = archivo(reporte, pedido, formato, autor="Medida", ahora=timezone.now())
        pesa = len(next(trozos))
    except ValidationError as error:
        return {"negado": " ".join(error.messages)}
    primero = time.perf_counter() - inicio
    pesa += sum(len(trozo) for trozo in trozos)
    return {
        "negado": "", "primero": primero * 1000, "segundos": time.perf_counter() - inicio, "pesa": pesa / 1e6,
        "memoria": memoria() - antes,
    }  # fmt: skip
