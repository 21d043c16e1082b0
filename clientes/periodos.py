"""Cuentas de calendario de un contrato: períodos de cobro, suspensión y permanencia. Puro: ni base de datos ni reloj.

Los meses van de un día al mismo día de otro mes o, si no lo tiene, a su último día (Código Civil, artículo 67).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from movistar_site.comun.valores import permanencia, sumar_meses
from servicios.models import Periodicidad

MESES_DEL_PERIODO: Mapping[str, int] = {Periodicidad.MENSUAL: 1, Periodicidad.ANUAL: 12}
"""Cuánto dura el período de cobro; una recarga o un pago único no lo tienen."""
DIAS_DEL_MES = 30
"""A cuántos días sueltos equivale un mes cuando se suman varias suspensiones."""
MESES_POR_ANIO = 12


def fin_de_periodo(inicio: date, periodicidad: str, hoy: date) -> date:
    """El primer día del período de cobro siguiente al de `hoy`: el día en que rige lo que se deja «para el final».

    Los períodos se cuentan siempre desde el inicio del contrato, no desde el corte anterior: uno del 31 de enero corta
    el 28 de febrero y después el 31 de marzo. El día de un corte ya es del período nuevo: el que sigue es el próximo.
    Lanza ValueError si con esa periodicidad no hay períodos.
    """
    meses = MESES_DEL_PERIODO.get(periodicidad)
    if meses is None:
        raise ValueError("Lo que se paga por recarga o una sola vez no tiene período de cobro.")
    transcurridos = max(0, (hoy.year - inicio.year) * MESES_POR_ANIO + hoy.month - inicio.month)
    periodos = max(1, transcurridos // meses)
    while (corte := sumar_meses(inicio, periodos * meses)) <= hoy:
        periodos += 1
    return corte


# --- Suspensión a petición -------------------------------------------------------------------------------------------
def dias_de_suspension(desde: date, hasta: date) -> int:
    """Lo que una suspensión gasta del cupo, en días de un mes de treinta; `hasta` es el día en que se reanuda.

    Cada mes completo vale 30, tenga los días que tenga, y los días sueltos que sobran valen uno cada uno: del 1 de
    julio al 1 de septiembre son dos meses, 60, aunque pasen 62 días; del 1 al 16 de un mes, 15.
    """
    tiempo = permanencia(desde, hasta)
    return (tiempo.anios * MESES_POR_ANIO + tiempo.meses) * DIAS_DEL_MES + tiempo.dias


def por_anio(desde: date, hasta: date) -> Iterator[tuple[int, int]]:
    """Lo que una suspensión gasta del cupo de cada año calendario que toca, como pares (año, días)."""
    for anio in range(desde.year, hasta.year + 1):
        principio, final = max(desde, date(anio, 1, 1)), min(hasta, date(anio + 1, 1, 1))
        if principio < final:
            yield anio, dias_de_suspension(principio, final)


def ultimo_dia_posible(desde: date, dias: int) -> date:
    """El día más tardío en que puede reanudarse lo que se suspende en `desde` sin gastar más de `dias`."""
    meses, sueltos = divmod(dias, DIAS_DEL_MES)
    # En febrero, veintinueve días sueltos pasarían del mes: completo costaría treinta.
    return min(
        sumar_meses(desde, meses) + timedelta(days=sueltos),
        sumar_meses(desde, meses + 1) - timedelta(days=1),
    )


def hasta_donde_cabe(desde: date, quedan: int, cupo: int) -> date:
    """Hasta cuándo puede suspenderse desde ese día con `quedan` días este año y un `cupo` entero los siguientes."""
    cabe = ultimo_dia_posible(desde, quedan)
    anio_nuevo = date(desde.year + 1, 1, 1)
    return cabe if cabe < anio_nuevo else ultimo_dia_posible(anio_nuevo, cupo)


# --- Permanencia -----------------------------------------------------------------------------------------------------
def fin_de_permanencia(inicio: date, meses: int) -> date:
    """El día desde el que ya no hay permanencia."""
    return sumar_meses(inicio, meses)


def meses_que_faltan(inicio: date, meses: int, dia: date) -> int:
    """Los meses completos de permanencia que quedan en `dia`. Los días sueltos se perdonan: nunca se alarga."""
    tiempo = permanencia(max(dia, inicio), fin_de_permanencia(inicio, meses))
    return tiempo.anios * MESES_POR_ANIO + tiempo.meses
