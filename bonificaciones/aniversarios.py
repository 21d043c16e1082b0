"""Quiénes cumplen pronto la permanencia que premia un programa: por días, y los clientes de cada día.

Todo son rangos del índice de la fecha de vinculación. El aniversario de un 29 de febrero cae el 28 en los años comunes
(Código Civil, artículo 67).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Count, Min, QuerySet

from clientes.models import Cliente
from movistar_site.comun import valores
from movistar_site.comun.valores.fechas import MESES_POR_ANIO

from .models import Frecuencia, Programa

UN_DIA = timedelta(days=1)


def por_dia(programa: Programa, desde: date, hasta: date) -> dict[date, int]:
    """Cuántos clientes activos cumplen la permanencia del programa cada día, entre los dos, inclusive.

    Los días en que nadie la cumple no figuran. Uno en cada aniversario cuenta a quien cumple cualquiera de ellos.
    """
    cuentas: Counter[date] = Counter()
    for meses in permanencias(programa, hasta):
        clientes = _entre(meses, desde, hasta).values_list("fecha_vinculacion").annotate(Count("pk"))
        for vinculacion, cuantos in clientes:
            cuentas[valores.sumar_meses(vinculacion, meses)] += cuantos
    return dict(sorted(cuentas.items()))


def clientes_del_dia(programa: Programa, dia: date) -> Sequence[QuerySet[Cliente]]:
    """Quiénes la cumplen ese día: una consulta por cada aniversario que el programa premia."""
    return [_entre(meses, dia, dia) for meses in permanencias(programa, dia)]


def clientes_entre(programa: Programa, desde: date, hasta: date) -> QuerySet[Cliente] | None:
    """Quiénes la cumplen entre los dos días, inclusive: por su fecha de vinculación van en el orden en que la cumplen.

    None si el programa premia varios aniversarios: un mismo día los cumplen clientes de años distintos.
    """
    if programa.frecuencia == Frecuencia.ANUAL:
        return None
    return _entre(programa.meses_minimos, desde, hasta)


def permanencias(programa: Programa, hasta: date) -> list[int]:
    """Los meses de permanencia que el programa premia: los suyos o, si es en cada aniversario, también cada año más.

    Hasta donde llega el cliente más antiguo.
    """
    minimos = programa.meses_minimos
    if programa.frecuencia != Frecuencia.ANUAL:
        return [minimos]
    primera = Cliente.objects.aggregate(primera=Min("fecha_vinculacion"))["primera"] or hasta
    mayor = valores.anios_cumplidos(primera, hasta) * MESES_POR_ANIO
    if programa.meses_maximos is not None:
        mayor = min(mayor, programa.meses_maximos)
    siguiente = (minimos // MESES_POR_ANIO + 1) * MESES_POR_ANIO
    return [minimos, *range(siguiente, mayor + 1, MESES_POR_ANIO)]


def _entre(meses: int, desde: date, hasta: date) -> QuerySet[Cliente]:
    """Los clientes activos que cumplen esos meses entre los dos días, inclusive."""
    activos = Cliente.objects.all().activos().order_by()
    return activos.filter(
        fecha_vinculacion__gt=_ultima(meses, desde - UN_DIA), fecha_vinculacion__lte=_ultima(meses, hasta)
    )


def _ultima(meses: int, dia: date) -> date:
    return valores.limites_de_categoria(dia, meses_regular=meses, meses_leal=meses).ultima_fecha_regular
