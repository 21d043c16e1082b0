"""Fechas, permanencia y categoría del cliente.

Los plazos de meses y años siguen el artículo 67 del Código Civil: el primero y el último día llevan el mismo número
en sus meses, y si el mes final tiene menos días, el plazo termina en su último día. Por eso el aniversario de un
29 de febrero cae el 28 de febrero en los años comunes.

Ninguna función mira el reloj: la fecha de hoy siempre llega como argumento.
"""

import re
from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Literal, NamedTuple

from .texto import citar

MESES_POR_ANIO = 12
MESES_REGULAR = 36
"""Permanencia, en meses, desde la que un cliente es regular (dominio, sección 1). Es el valor por omisión."""
MESES_LEAL = 120
"""Permanencia, en meses, que hay que superar para ser leal (dominio, sección 1). Es el valor por omisión."""

Categoria = Literal["nuevo", "regular", "leal"]

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DIA_PRIMERO = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4})")
_ANIO_CORTO = re.compile(r"[0-9]{1,2}([/-])[0-9]{1,2}\1[0-9]{2}")
_SE_ESPERABA = "se esperaba día/mes/año, como 15/03/2012, o 2012-03-15"


class Permanencia(NamedTuple):
    """Tiempo cumplido con la empresa, en años, meses (0 a 11) y días de calendario."""

    anios: int
    meses: int
    dias: int

    def __str__(self) -> str:
        """En palabras: "12 años, 3 meses y 4 días"; se calla lo que es cero y dice "hoy" si todo lo es."""
        partes = [
            f"{cantidad} {singular if cantidad == 1 else plural}"
            for cantidad, singular, plural in (
                (self.anios, "año", "años"),
                (self.meses, "mes", "meses"),
                (self.dias, "día", "días"),
            )
            if cantidad
        ]
        if not partes:
            return "hoy"
        *primeras, ultima = partes
        return f"{', '.join(primeras)} y {ultima}" if primeras else ultima


class LimitesDeCategoria(NamedTuple):
    """Últimas fechas de vinculación con las que, un día dado, se es al menos regular y se es leal."""

    ultima_fecha_regular: date
    ultima_fecha_leal: date


def a_fecha(texto: str) -> date:
    """Lee una fecha escrita como "2012-03-15", "15/03/2012" o "15-03-2012"; el día va siempre antes que el mes.

    Lanza ``ValueError`` si está vacía, si el año trae dos cifras (no se adivina el siglo), si el día no existe en
    ese mes o si está escrita de otra manera.
    """
    recortado = texto.strip()
    if not recortado:
        raise ValueError(f"La fecha está vacía: {_SE_ESPERABA}.")
    if iso := _ISO.fullmatch(recortado):
        anio, mes, dia = iso.groups()
    elif corta := _DIA_PRIMERO.fullmatch(recortado):
        dia, _, mes, anio = corta.groups()
    elif _ANIO_CORTO.fullmatch(recortado):
        raise ValueError(f"La fecha {citar(texto)} trae el año con dos cifras: se esperaban cuatro, como 15/03/2012.")
    else:
        raise ValueError(f"No se entiende la fecha {citar(texto)}: {_SE_ESPERABA}.")
    try:
        return date(int(anio), int(mes), int(dia))
    except ValueError:
        raise ValueError(f"La fecha {citar(texto)} no existe en el calendario: {_SE_ESPERABA}.") from None


def formatear_fecha(fecha: date) -> str:
    """Muestra una fecha como se escribe en Colombia: "15/03/2012"."""
    return f"{fecha.day:02d}/{fecha.month:02d}/{fecha.year:04d}"


def sumar_meses(fecha: date, n: int) -> date:
    """El mismo día ``n`` meses después (antes, si es negativo), o el último día del mes si allí no existe.

    31/01/2026 + 1 mes = 28/02/2026. Fuente: Código Civil, artículo 67.

    Lanza ``ValueError`` si el resultado queda fuera de los años 1 a 9999.
    """
    anio, mes = _mes_desplazado(fecha, n)
    return date(anio, mes, min(fecha.day, monthrange(anio, mes)[1]))


def sumar_anios(fecha: date, n: int) -> date:
    """El aniversario número ``n``: el de un 29 de febrero cae el 28 en los años comunes.

    Fuente: Código Civil, artículo 67. Lanza ``ValueError`` si el resultado queda fuera de los años 1 a 9999.
    """
    return sumar_meses(fecha, n * MESES_POR_ANIO)


def _mes_desplazado(fecha: date, n: int) -> tuple[int, int]:
    anio, mes = divmod(fecha.year * MESES_POR_ANIO + fecha.month - 1 + n, MESES_POR_ANIO)
    if not MINYEAR <= anio <= MAXYEAR:
        raise ValueError(
            f"Al correr {n} meses desde {formatear_fecha(fecha)} no hay calendario: se esperaba un año de 1 a 9999."
        )
    return anio, mes + 1


def permanencia(desde: date, hoy: date) -> Permanencia:
    """Tiempo cumplido desde la vinculación hasta ``hoy``, en años, meses y días; cero si ``desde`` es futura.

    Los meses se cuentan de aniversario en aniversario (Código Civil, artículo 67) y los días, desde el último.
    """
    if desde > hoy:
        return Permanencia(0, 0, 0)
    meses = (hoy.year - desde.year) * MESES_POR_ANIO + hoy.month - desde.month
    if sumar_meses(desde, meses) > hoy:
        meses -= 1
    anios, meses_sueltos = divmod(meses, MESES_POR_ANIO)
    return Permanencia(anios, meses_sueltos, (hoy - sumar_meses(desde, meses)).days)


def anios_cumplidos(desde: date, hoy: date) -> int:
    """Años completos entre dos fechas; cero si ``desde`` es futura. Sirve también para la edad."""
    return permanencia(desde, hoy).anios


def categoria_por_permanencia(
    desde: date, hoy: date, *, meses_regular: int = MESES_REGULAR, meses_leal: int = MESES_LEAL
) -> Categoria:
    """Categoría que le toca a un cliente por su antigüedad el día ``hoy``.

    Con los umbrales por omisión: "nuevo" hasta cumplir 3 años, "regular" de 3 a 10 inclusive y "leal" con MÁS de 10,
    es decir, desde el día siguiente al décimo aniversario. Una vinculación futura es "nuevo". Los umbrales van en
    meses y son ajustes del administrador. Fuente: dominio, sección 1.

    Lanza ``ValueError`` si los umbrales son negativos o el de leal es menor que el de regular.
    """
    _validar_umbrales(meses_regular, meses_leal)
    if desde > hoy:
        return "nuevo"
    anios, meses_sueltos, dias = permanencia(desde, hoy)
    meses = anios * MESES_POR_ANIO + meses_sueltos
    if (meses, dias) > (meses_leal, 0):
        return "leal"
    return "regular" if meses >= meses_regular else "nuevo"


def limites_de_categoria(
    hoy: date, *, meses_regular: int = MESES_REGULAR, meses_leal: int = MESES_LEAL
) -> LimitesDeCategoria:
    """Fechas de vinculación que separan las categorías el día ``hoy``, para filtrar en la base de datos.

    ``desde <= ultima_fecha_leal`` equivale a ser leal y ``desde <= ultima_fecha_regular``, a ser al menos regular:
    exactamente lo mismo que ``categoria_por_permanencia``, también alrededor del 29 de febrero.

    Lanza ``ValueError`` si los umbrales no sirven (ver ``categoria_por_permanencia``) o si un límite cae antes del
    año 1.
    """
    _validar_umbrales(meses_regular, meses_leal)
    if hoy == date.min:
        raise ValueError(f"Antes del {formatear_fecha(hoy)} no hay calendario: se esperaba una fecha posterior.")
    # Leal es MÁS de diez años: haber cumplido el aniversario a más tardar ayer.
    ayer = hoy - timedelta(days=1)
    return LimitesDeCategoria(_ultima_que_cumple(hoy, meses_regular), _ultima_que_cumple(ayer, meses_leal))


def _ultima_que_cumple(dia: date, meses: int) -> date:
    """La fecha más tardía que, corrida ``meses`` meses, no pasa de ``dia``."""
    anio, mes = _mes_desplazado(dia, -meses)
    ultimo = monthrange(anio, mes)[1]
    # Al cierre de un mes corto cumplen también los días que ese mes no tiene: el 28 de febrero de un año común
    # cumplen los del 28 y los del 29. Restar meses sin más dejaría por fuera a los segundos.
    es_fin_de_mes = dia.day == monthrange(dia.year, dia.month)[1]
    return date(anio, mes, ultimo if es_fin_de_mes else min(dia.day, ultimo))


def _validar_umbrales(meses_regular: int, meses_leal: int) -> None:
    if not 0 <= meses_regular <= meses_leal:
        raise ValueError(
            f"Los umbrales de {meses_regular} y {meses_leal} meses no sirven: se esperaba que el de regular no fuera"
            " negativo ni mayor que el de leal."
        )
