"""Los períodos que un reporte puede mirar, y el anterior con que se compara. Puro: hoy llega como argumento."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from movistar_site.comun.valores import formatear_fecha, sumar_meses

MES, MES_PASADO, DOCE_MESES, ANIO, ANIO_PASADO, TODO, A_MEDIDA = (
    "mes",
    "mes_pasado",
    "12_meses",
    "anio",
    "anio_pasado",
    "todo",
    "a_medida",
)
OPCIONES = (
    (MES, "Este mes"),
    (MES_PASADO, "El mes pasado"),
    (DOCE_MESES, "Los últimos doce meses"),
    (ANIO, "Este año"),
    (ANIO_PASADO, "El año pasado"),
    (TODO, "Desde el principio"),
    (A_MEDIDA, "Entre dos fechas"),
)
PRINCIPIO = date(1950, 1, 1)


@dataclass(frozen=True)
class Periodo:
    """Días seguidos, los dos extremos dentro."""

    desde: date
    hasta: date
    clave: str = A_MEDIDA

    @property
    def dias(self) -> int:
        """Cuántos días son."""
        return (self.hasta - self.desde).days + 1

    def __str__(self) -> str:
        if self.clave == TODO:
            return f"hasta el {formatear_fecha(self.hasta)}"
        if self.desde == self.hasta:
            return f"el {formatear_fecha(self.desde)}"
        return f"del {formatear_fecha(self.desde)} al {formatear_fecha(self.hasta)}"

    def anterior(self) -> Periodo:
        """El de antes con que se compara: los mismos días del mes o del año anterior o, a medida, los días previos."""
        if self.clave in (MES, ANIO, DOCE_MESES):
            # Los que están en curso: contra el período entero de antes, a comienzos de mes todo parecería caer.
            atras = -1 if self.clave == MES else -12
            return Periodo(sumar_meses(self.desde, atras), sumar_meses(self.hasta, atras))
        if self.clave in (MES_PASADO, ANIO_PASADO):
            atras = -1 if self.clave == MES_PASADO else -12
            return Periodo(sumar_meses(self.desde, atras), self.desde - timedelta(days=1))
        return Periodo(self.desde - timedelta(days=self.dias), self.desde - timedelta(days=1))


def periodo(clave: str, *, hoy: date) -> Periodo:
    """El de esa clave, visto desde `hoy`. Lanza KeyError si no es una de las que salen del día."""
    primero = hoy.replace(day=1)
    enero = hoy.replace(month=1, day=1)
    desde, hasta = {
        MES: (primero, hoy),
        MES_PASADO: (sumar_meses(primero, -1), primero - timedelta(days=1)),
        DOCE_MESES: (sumar_meses(primero, -11), hoy),
        ANIO: (enero, hoy),
        ANIO_PASADO: (sumar_meses(enero, -12), enero - timedelta(days=1)),
        TODO: (PRINCIPIO, hoy),
    }[clave]
    return Periodo(desde, hasta, clave)


def meses(desde: date, hasta: date) -> list[date]:
    """El primer día de cada mes que toca ese tramo, en orden."""
    primero, todos = desde.replace(day=1), []
    while primero <= hasta:
        todos.append(primero)
        primero = sumar_meses(primero, 1)
    return todos
