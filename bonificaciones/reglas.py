"""Lo que un programa de fidelización no admite. Cada falta es una frase junto a su campo; ninguna escribe."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from movistar_site.comun.opciones import Categoria
from movistar_site.comun.valores import contar, formatear_pesos
from movistar_site.comun.valores.fechas import MESES_POR_ANIO
from servicios.models import EstadoServicio

from .asignacion.criterios import CENTAVOS, SIN_CANTIDAD, Escalon, leer_escalones
from .models.programa import Beneficio, Calculo

if TYPE_CHECKING:
    from .models import Programa

Falta = tuple[str, str]
PORCENTAJE_MAXIMO, MESES_MAXIMOS, ANIOS_MAXIMOS = 100, 120, 100
COSTO_MAXIMO = Decimal(10_000_000)
"""Pesos al mes por cliente: lo que pasa de ahí es un cero de más."""
GIGAS_MAXIMAS = Decimal(1_000)
CON_COSTO_UNITARIO = (Beneficio.DATOS_EXTRA, Beneficio.EQUIPO)


def validar_programa(programa: Programa) -> None:
    """Las condiciones, el beneficio y el tope se entienden y se pueden cumplir.

    Una bonificación es solo un beneficio (dominio, sección 7): aquí no hay regla que la haga deuda, condición ni
    permanencia, porque no hay campo con qué decirla. Lanza ValidationError con una frase por campo.
    """
    faltas = dict(reversed([*_de_las_condiciones(programa), *_del_beneficio(programa), *_del_tope(programa)]))
    if faltas:
        raise ValidationError(faltas)


def ordenar_programa(programa: Programa) -> None:
    """Deja solo lo que el beneficio y el cálculo elegidos usan: lo demás quedaría guardado sin decir nada."""
    # Las que no se conocen se dejan, para poder decirlo.
    if isinstance(programa.categorias, list) and set(programa.categorias) <= set(Categoria.values):
        programa.categorias = [una for una in Categoria.values if una in programa.categorias]
    if programa.beneficio in SIN_CANTIDAD:
        programa.calculo, programa.cantidad = Calculo.FIJO, Decimal(1)
    if programa.calculo == Calculo.ESCALONES:
        programa.cantidad = Decimal(0)
    else:
        programa.escalones = []
    if programa.beneficio != Beneficio.SERVICIO_GRATIS:
        programa.servicio = None
    if programa.beneficio != Beneficio.EQUIPO:
        programa.equipo = ""
    if programa.beneficio not in CON_COSTO_UNITARIO:
        programa.costo_unitario = Decimal(0)


def _de_las_condiciones(programa: Programa) -> Iterator[Falta]:
    categorias: Any = programa.categorias
    if not isinstance(categorias, list) or not set(map(str, categorias)) <= set(Categoria.values):
        yield "categorias", "Elija entre nuevo, regular y leal."
    if programa.segmento_id is not None and programa.segmento is not None and not programa.segmento.activo:
        yield "segmento", f"El segmento «{programa.segmento}» está inactivo: elija otro o déjelo vacío."


def _del_beneficio(programa: Programa) -> Iterator[Falta]:
    if programa.beneficio == Beneficio.SERVICIO_GRATIS:
        if programa.servicio is None:
            yield "servicio", "Diga qué servicio se regala."
        elif programa.servicio.estado == EstadoServicio.RETIRADO:
            yield "servicio", f"El servicio «{programa.servicio}» está retirado: no se puede regalar."
    if programa.beneficio == Beneficio.EQUIPO and not programa.equipo.strip():
        yield "equipo", "Diga qué equipo se regala."
    if programa.calculo == Calculo.FACTURA and programa.beneficio != Beneficio.DESCUENTO_VALOR:
        yield "calculo", "Un porcentaje de la factura se da como descuento en pesos."
        return
    yield from _del_costo(programa)
    if programa.calculo == Calculo.ESCALONES:
        yield from _de_los_escalones(programa)
    elif programa.beneficio not in SIN_CANTIDAD and programa.cantidad is not None:
        en_porcentaje = programa.beneficio == Beneficio.DESCUENTO_PORCENTAJE or programa.calculo == Calculo.FACTURA
        if frase := _de_la_cantidad(programa.beneficio, programa.cantidad, en_porcentaje=en_porcentaje):
            yield "cantidad", frase


def _del_costo(programa: Programa) -> Iterator[Falta]:
    """Lo que cuesta cada giga o el equipo, por cliente y por mes."""
    costo = programa.costo_unitario
    if programa.beneficio not in CON_COSTO_UNITARIO or costo is None:
        return
    por_cliente = costo * (programa.cantidad or 1) if programa.beneficio == Beneficio.DATOS_EXTRA else costo
    if max(costo, por_cliente) > COSTO_MAXIMO:
        maximo = formatear_pesos(COSTO_MAXIMO)
        yield "costo_unitario", f"Costaría más de {maximo} al mes por cliente: revise la cantidad y el costo."


def _de_la_cantidad(beneficio: str, cantidad: Decimal, *, en_porcentaje: bool) -> str:
    """Qué le falta a una cantidad; vacía si sirve."""
    if cantidad <= 0:
        return "La cantidad debe ser mayor que cero."
    if en_porcentaje and cantidad > PORCENTAJE_MAXIMO:
        return "Un porcentaje no puede pasar de 100."
    if beneficio == Beneficio.DESCUENTO_VALOR and cantidad > COSTO_MAXIMO:
        return f"Un descuento no puede pasar de {formatear_pesos(COSTO_MAXIMO)} al mes: revise los ceros."
    if beneficio == Beneficio.DATOS_EXTRA and cantidad > GIGAS_MAXIMAS:
        return "No se pueden dar más de 1.000 gigas al mes: revise la cantidad."
    if beneficio == Beneficio.MESES_GRATIS and (cantidad != int(cantidad) or cantidad > MESES_MAXIMOS):
        return f"Los meses gratis son un número entero, de 1 a {MESES_MAXIMOS}."
    return ""


def _de_los_escalones(programa: Programa) -> Iterator[Falta]:
    try:
        escalones = leer_escalones(programa.escalones)
    except ValueError as error:
        yield "escalones", str(error)
        return
    if not escalones:
        yield "escalones", "Escriba al menos un escalón: desde cuántos años cumplidos se da cuánto."
        return
    anios = [uno.anios for uno in escalones]
    if len(set(anios)) < len(anios):
        yield "escalones", "Dos escalones no pueden empezar en los mismos años."
    elif not 0 <= anios[0] <= anios[-1] <= ANIOS_MAXIMOS:
        yield "escalones", f"Los años de un escalón van de 0 a {ANIOS_MAXIMOS}."
    elif programa.meses_minimos is not None and anios[0] > programa.meses_minimos // MESES_POR_ANIO:
        minimos = contar(programa.meses_minimos // MESES_POR_ANIO, "año", "años")
        yield (
            "escalones",
            f"El primer escalón debe empezar a los {minimos} o antes: quien los cumple no recibiría nada.",
        )
    else:
        yield from _de_cada_escalon(programa.beneficio, escalones)


def _de_cada_escalon(beneficio: str, escalones: tuple[Escalon, ...]) -> Iterator[Falta]:
    en_porcentaje = beneficio == Beneficio.DESCUENTO_PORCENTAJE
    for uno in escalones:
        cantidad = Decimal(uno.cantidad) / CENTAVOS
        if frase := _de_la_cantidad(beneficio, cantidad, en_porcentaje=en_porcentaje):
            yield "escalones", f"Desde {contar(uno.anios, 'año', 'años')}: {frase[0].lower()}{frase[1:]}"
            return


def _del_tope(programa: Programa) -> Iterator[Falta]:
    if programa.tope_mensual is not None and programa.tope_mensual <= 0:
        yield "tope_mensual", "El tope debe ser mayor que cero; déjelo vacío si no hay límite."
