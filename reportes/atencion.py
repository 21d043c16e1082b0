"""Cómo se atendió lo que se radicó en un período, contado de una sola lectura.

Cada interacción pesa por pocas cosas: el día en que se radicó, el día en que se respondió, el día en que vencía, si
admite silencio positivo y si es un recurso. Se cuentan los grupos que tienen iguales esas cinco —en dos millones, unas
decenas de miles— y de los grupos salen todas las cifras; los días hábiles, una vez por cada par de días.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan, LessThanOrEqual

from clientes.models import Interaccion, TipoInteraccion
from clientes.relojes import Relojes, relojes
from movistar_site.comun.dias import OrdinalDelDia, OrdinalDelInstante, al_empezar, al_terminar

from .marco import TOTAL, Dimension, Pedido
from .marco.grupos import contar_grupos
from .meses import PorMes

# Dos ordinales caben en un entero: agrupar por dos enteros cuesta menos que por cinco columnas.
_BITS = 22
_MASCARA = (1 << _BITS) - 1
_CON_SAP, _RECURSO = 1, 2


# --- Qué se mira -----------------------------------------------------------------------------------------------------
def corte(pedido: Pedido) -> date:
    """El día en que se mira cómo iba todo, al terminar.

    Al comparar, el período anterior se mira tan lejos de su final como este del suyo: si no, lo viejo habría tenido más
    tiempo para responderse.
    """
    pedido_de_ahora = pedido.anterior_de
    if pedido_de_ahora is None:
        return pedido.al
    return pedido.periodo.hasta + (pedido_de_ahora.al - pedido_de_ahora.periodo.hasta)


def radicadas(pedido: Pedido) -> QuerySet[Interaccion]:
    """Las que se radicaron en el período, hasta el día en que se mira."""
    hasta = min(pedido.periodo.hasta, corte(pedido))
    return Interaccion.objects.filter(fecha__gte=al_empezar(pedido.periodo.desde), fecha__lt=al_terminar(hasta))


def respondidas(pedido: Pedido) -> Q:
    """Las que ese día ya tenían su respuesta notificada."""
    return Q(respondida_el__lt=al_terminar(corte(pedido)))


def abiertas(pedido: Pedido) -> Q:
    """Las que ese día seguían sin respuesta."""
    return Q(respondida_el__isnull=True) | Q(respondida_el__gte=al_terminar(corte(pedido)))


def exigibles(pedido: Pedido) -> Q:
    """Las que tenían plazo de ley y ese día ya se les había pasado: todas debían estar respondidas.

    La prórroga se avisa antes del primer plazo: lo que un día pasado ya había vencido no se prorrogó después.
    """
    return Q(vence_el__lt=corte(pedido))


def a_tiempo(pedido: Pedido) -> Q:
    """De las exigibles, las que se respondieron a más tardar el día en que vencían."""
    return exigibles(pedido) & Q(LessThanOrEqual(OrdinalDelInstante("respondida_el"), OrdinalDelDia("vence_el")))


def vencidas(pedido: Pedido) -> Q:
    """De las exigibles, las que ese día seguían sin respuesta."""
    return exigibles(pedido) & abiertas(pedido)


def silencios(pedido: Pedido) -> Q:
    """De las exigibles que admiten silencio positivo, las que no se respondieron a tiempo: responder luego no lo quita.

    La misma regla que `clientes.plazos.situacion` (Ley 1341 de 2009, artículo 54).
    """
    tarde = Q(GreaterThan(OrdinalDelInstante("respondida_el"), OrdinalDelDia("vence_el")))
    return exigibles(pedido) & Q(aplica_sap=True) & (Q(respondida_el__isnull=True) | tarde)


def primera(pedido: Pedido) -> date | None:
    """El día de la primera interacción que hay."""
    fechas = Interaccion.objects.using(pedido.base).order_by("fecha", "id").values_list(OrdinalDelInstante("fecha"))
    fila = fechas.first()
    return None if fila is None else date.fromordinal(fila[0])


# --- Contar ----------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Atencion:
    """Las cifras de una fila. `dias`: cuántas se resolvieron en cada número de días hábiles."""

    recibidas: int = 0
    respondidas: int = 0
    exigibles: int = 0
    a_tiempo: int = 0
    vencidas: int = 0
    silencios: int = 0
    recursos: int = 0
    dias: Counter[int] = field(default_factory=Counter)

    @property
    def abiertas(self) -> int:
        """Las que no se han respondido."""
        return self.recibidas - self.respondidas

    def sumar(self, otra: Atencion) -> None:
        """Añade las de otra fila."""
        for nombre in ("recibidas", "respondidas", "exigibles", "a_tiempo", "vencidas", "silencios", "recursos"):
            setattr(self, nombre, getattr(self, nombre) + getattr(otra, nombre))
        self.dias.update(otra.dias)


def medir(pedido: Pedido, dimension: Dimension) -> dict[Any, Atencion]:
    """Las cifras de cada fila y las del TOTAL, con los filtros del pedido. Se leen una vez para todas las cifras."""
    return pedido.recordar(_medir, dimension)


def _medir(pedido: Pedido, dimension: Dimension) -> dict[Any, Atencion]:
    por_mes = isinstance(dimension, PorMes)
    clave = Value(0) if por_mes else dimension.expresion(Interaccion)
    grupos = contar_grupos(
        pedido.aplicar(radicadas(pedido)),
        _clave=F(clave) if isinstance(clave, str) else clave,
        _dias=OrdinalDelInstante("fecha") * Value(1 << _BITS) + Coalesce(OrdinalDelInstante("respondida_el"), 0),
        _plazo=Coalesce(OrdinalDelDia("vence_el"), 0) * Value(4) + _SENAS,
    )
    dia = corte(pedido).toordinal()
    cuenta = _Cuenta(dia, Habiles(relojes()), _mes_de if por_mes else None)
    for (valor, dias, plazo), cuantas in grupos:
        cuenta.contar(valor, dias, plazo, cuantas)
    todas: dict[Any, Atencion] = dict(cuenta.por_clave)
    todas[TOTAL] = total = Atencion()
    for una in cuenta.por_clave.values():
        total.sumar(una)
    return todas


_SENAS = Case(When(aplica_sap=True, then=Value(_CON_SAP)), default=Value(0), output_field=IntegerField()) + Case(
    When(tipo=TipoInteraccion.RECURSO, then=Value(_RECURSO)), default=Value(0), output_field=IntegerField()
)


def _mes_de(ordinal: int) -> date:
    return date.fromordinal(ordinal).replace(day=1)


class _Cuenta:
    """Suma los grupos en las filas. `corte`: el ordinal del día en que se mira; `mes`: si la clave es el mes."""

    def __init__(self, corte: int, habiles: Habiles, mes: Callable[[int], date] | None) -> None:
        self._corte, self._habiles, self._mes = corte, habiles, mes
        self._contados: dict[int, int | None] = {}
        self.por_clave: dict[Any, Atencion] = {}

    def contar(self, clave: Any, dias: int, plazo: int, cuantas: int) -> None:
        """Suma un grupo: `dias`, cuándo se radicó y cuándo se respondió; `plazo`, cuándo vencía y sus señas."""
        radicada, respondida, vence = dias >> _BITS, dias & _MASCARA, plazo >> 2
        if self._mes is not None:
            clave = self._mes(radicada)
        una = self.por_clave.get(clave)
        if una is None:
            una = self.por_clave[clave] = Atencion()
        una.recibidas += cuantas
        if plazo & _RECURSO:
            una.recursos += cuantas
        contestada = 0 < respondida <= self._corte
        if contestada:
            una.respondidas += cuantas
            if dias not in self._contados:
                self._contados[dias] = self._habiles.entre(radicada, respondida)
            if (habiles := self._contados[dias]) is not None:
                una.dias[habiles] += cuantas
        if 0 < vence < self._corte:
            una.exigibles += cuantas
            if 0 < respondida <= vence:
                una.a_tiempo += cuantas
            elif plazo & _CON_SAP:
                una.silencios += cuantas
            if not contestada:
                una.vencidas += cuantas


class Habiles:
    """Los días hábiles entre dos días, con la regla del sábado que regía el primero y los festivos registrados."""

    def __init__(self, relojes: Relojes) -> None:
        self._relojes = relojes

    def entre(self, radicada: int, respondida: int) -> int | None:
        """Los que hay después del primero y hasta el segundo, dados como ordinales: así corre el plazo de ley.

        None si el calendario no llega a alguno (1984 a 2100): sin festivos conocidos no se sabe cuántos son.
        """
        desde = date.fromordinal(radicada)
        try:
            return self._relojes.del_dia(desde).calendario.habiles_entre(desde, date.fromordinal(respondida))
        except ValueError:
            return None
