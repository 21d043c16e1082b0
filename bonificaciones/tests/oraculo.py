"""Otra manera, lenta y aparte, de decir a quién premia un programa: cliente por cliente y sin la base.

No usa nada de `criterios` ni de `elegibles`: si los dos coinciden, no es porque compartan el error.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENTAVO = Decimal("0.01")


@dataclass
class Contrato:
    precio: Decimal
    inicio: date
    tipo: int = 0
    estado: str = "activo"
    fin: date | None = None
    mensual: bool = True


@dataclass
class Persona:
    vinculacion: date
    activa: bool = True
    categoria: str = ""
    municipio: str | None = None
    contratos: list[Contrato] = field(default_factory=list)
    pqr: set[int] = field(default_factory=set)


@dataclass
class Regla:
    """Lo que pide un programa, con nombres propios."""

    meses: int
    estricto: bool = True
    hasta: int | None = None
    anual: bool = False
    con_contrato: bool = False
    tipos: set[int] = field(default_factory=set)
    categorias: set[str] = field(default_factory=set)
    municipios: set[str] = field(default_factory=set)
    beneficio: str = "porcentaje"
    calculo: str = "fijo"
    cantidad: Decimal = Decimal(10)
    escalones: list[tuple[int, Decimal]] = field(default_factory=list)
    costo_unitario: Decimal = Decimal(0)
    meses_que_dura: int = 6
    tope: Decimal | None = None


def aniversario(dia: date, meses: int) -> date:
    """El mismo día, tantos meses después; o el último del mes."""
    total = dia.year * 12 + dia.month - 1 + meses
    anio, mes = total // 12, total % 12 + 1
    return date(anio, mes, min(dia.day, monthrange(anio, mes)[1]))


def anios(desde: date, hoy: date) -> int:
    cuantos = 0
    while aniversario(desde, (cuantos + 1) * 12) <= hoy:
        cuantos += 1
    return cuantos


def cumple(regla: Regla, desde: date, hoy: date) -> bool:
    dia = aniversario(desde, regla.meses)
    if not (dia < hoy if regla.estricto else dia <= hoy):
        return False
    return regla.hasta is None or hoy <= aniversario(desde, regla.hasta)


def categoria(persona: Persona, hoy: date) -> str:
    if persona.categoria:
        return persona.categoria
    if aniversario(persona.vinculacion, 120) < hoy:
        return "leal"
    return "regular" if aniversario(persona.vinculacion, 36) <= hoy else "nuevo"


def desde_cuando(persona: Persona, hueco: int, hoy: date) -> date:
    """Tras más de `hueco` días seguidos sin contrato, después del primero, se vuelve a empezar con el que lo acabó."""
    desde, cubierto = persona.vinculacion, None
    suyos = [uno for uno in persona.contratos if uno.estado != "pendiente" and uno.inicio <= hoy]
    for uno in sorted(suyos, key=lambda uno: uno.inicio) if hueco else ():
        # `cubierto`: el primer día que nada de lo anterior cubre.
        if cubierto is not None and (uno.inicio - cubierto).days > hueco:
            desde = max(desde, uno.inicio)
        cubierto = max(cubierto or date.min, uno.fin or date.max)
    return desde


def condiciones(regla: Regla, persona: Persona, hoy: date) -> bool:
    activos = [uno for uno in persona.contratos if uno.estado == "activo"]
    return (
        (not regla.categorias or categoria(persona, hoy) in regla.categorias)
        and (not regla.municipios or persona.municipio in regla.municipios)
        and (not regla.con_contrato or bool(activos))
        and (not regla.tipos or any(uno.tipo in regla.tipos for uno in activos))
        and not persona.pqr
    )


def factura(persona: Persona) -> Decimal:
    return sum((uno.precio for uno in persona.contratos if uno.estado == "activo" and uno.mensual), Decimal(0))


def redondear(valor: Decimal) -> Decimal:
    return valor.quantize(CENTAVO, rounding=ROUND_HALF_UP)


def lo_que_recibe(regla: Regla, persona: Persona, cumplidos: int) -> tuple[Decimal, Decimal]:
    """La cantidad y lo que cuesta al mes."""
    paga = factura(persona)
    cantidad = regla.cantidad
    if regla.calculo == "factura":
        cantidad = redondear(paga * regla.cantidad / 100)
    elif regla.calculo == "escalones":
        cantidad = [cuanto for desde, cuanto in sorted(regla.escalones) if desde <= cumplidos][-1]
    costos = {
        "porcentaje": redondear(paga * cantidad / 100),
        "valor": min(cantidad, paga),
        "meses_gratis": paga,
        "datos_extra": redondear(cantidad * regla.costo_unitario),
        "equipo": redondear(regla.costo_unitario / regla.meses_que_dura),
    }
    return cantidad, costos[regla.beneficio]


@dataclass
class Premio:
    hito: int
    anios: int
    cantidad: Decimal
    factura: Decimal
    costo: Decimal


def premiados(
    regla: Regla,
    personas: dict[int, Persona],
    *,
    hoy: date,
    tienen: set[tuple[int, int]],
    derivados: set[int] = frozenset(),  # type: ignore[assignment]
    hueco: int = 0,
    gastado: Decimal = Decimal(0),
) -> dict[int, Premio]:
    """A quiénes premia ese día, con lo que recibe cada uno. `tienen`: cliente e hito de lo ya asignado."""
    fila: list[tuple[date, int, Premio]] = []
    for clave, persona in personas.items():
        desde = desde_cuando(persona, hueco, hoy)
        if not persona.activa or not cumple(regla, desde, hoy):
            continue
        cumplidos = anios(desde, hoy)
        hito = cumplidos if regla.anual else 0
        ya = (clave, hito) in tienen if regla.anual else any(de == clave for de, _ in tienen)
        if ya or clave in derivados or not condiciones(regla, persona, hoy):
            continue
        cantidad, costo = lo_que_recibe(regla, persona, cumplidos)
        if cantidad > 0:
            fila.append((desde, clave, Premio(hito, cumplidos, cantidad, factura(persona), costo)))
    salida: dict[int, Premio] = {}
    for _, clave, premio in sorted(fila, key=lambda uno: uno[:2]):
        if regla.tope is not None and gastado + premio.costo > regla.tope:
            break
        gastado += premio.costo
        salida[clave] = premio
    return salida


def campos(regla: Regla) -> dict[str, Any]:
    """Los de un `Programa` que pide y da lo mismo, sin los de varios valores."""
    return {
        "meses_minimos": regla.meses, "estricto": regla.estricto, "meses_maximos": regla.hasta,
        "frecuencia": "anual" if regla.anual else "una_vez", "con_contrato": regla.con_contrato,
        "categorias": sorted(regla.categorias), "beneficio": regla.beneficio, "calculo": regla.calculo,
        "cantidad": regla.cantidad, "meses": regla.meses_que_dura, "tope_mensual": regla.tope,
        "escalones": [{"anios": desde, "cantidad": str(cuanto)} for desde, cuanto in regla.escalones],
        "costo_unitario": regla.costo_unitario, "equipo": "Equipo" if regla.beneficio == "equipo" else "",
    }  # fmt: skip
