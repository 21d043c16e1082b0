"""El día de Bogotá de un instante, en Python y dicho por la base.

En SQLite, Django saca el día de una fecha y hora llamando a Python una vez por fila: con dos millones de filas son
segundos. Aquí lo saca la base sola, como un número: el ordinal del día (`date.fromordinal`), que se resta y se compara.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import BigIntegerField, Func
from django.utils import timezone

from .resumenes import HORAS_DE_BOGOTA, ZONA

_SEGUNDOS_DEL_DIA = 86_400
# Los segundos que van del día cero (la víspera del 1 de enero del año 1) al comienzo de 1970, de donde cuenta SQLite.
_HASTA_1970 = date(1970, 1, 1).toordinal() * _SEGUNDOS_DEL_DIA


def al_empezar(dia: date) -> datetime:
    """El instante en que ese día empieza en Bogotá."""
    return timezone.make_aware(datetime.combine(dia, time.min))


def al_terminar(dia: date) -> datetime:
    """El primer instante que ya no es de ese día: todo lo suyo es anterior."""
    return al_empezar(dia + timedelta(days=1))


class OrdinalDelInstante(Func):
    """El ordinal del día de Bogotá de una columna de fecha y hora; nulo si no la hay."""

    output_field = BigIntegerField()
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> Any:
        """Los segundos, puestos en la hora de Bogotá y partidos en días.

        SQLite redondea al milisegundo, y lo de las 23:59:59,9999 sería del día siguiente: a lo que pasa de 59,999 se le
        quita un segundo. Buscarlo cuesta la mitad que recortarle la fracción a todas.
        """
        sql, parametros = compiler.compile(self.get_source_expressions()[0])
        base = _HASTA_1970 + HORAS_DE_BOGOTA * 3_600
        segundos = f"unixepoch({sql}) - (instr({sql}, '59.999') > 0)"
        return f"(({segundos} + {base}) / {_SEGUNDOS_DEL_DIA})", (*parametros, *parametros)

    def as_postgresql(self, compiler: Any, connection: Any, **extra_context: Any) -> Any:
        """El día en la zona, menos el primero."""
        plantilla = f"((%(expressions)s AT TIME ZONE '{ZONA}')::date - DATE '0001-01-01' + 1)::bigint"
        return self.as_sql(compiler, connection, template=plantilla, **extra_context)


class OrdinalDelDia(Func):
    """El ordinal de una columna de fecha; nulo si no la hay."""

    output_field = BigIntegerField()
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> Any:
        """Los segundos partidos en días."""
        plantilla = f"((unixepoch(%(expressions)s) + {_HASTA_1970}) / {_SEGUNDOS_DEL_DIA})"
        return self.as_sql(compiler, connection, template=plantilla, **extra_context)

    def as_postgresql(self, compiler: Any, connection: Any, **extra_context: Any) -> Any:
        """Los días desde el primero."""
        return self.as_sql(
            compiler, connection, template="(%(expressions)s - DATE '0001-01-01' + 1)::bigint", **extra_context
        )
