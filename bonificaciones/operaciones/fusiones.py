"""Lo que no puede ser dos veces de un solo cliente cuando se fusionan sus dos fichas, y cómo vuelve al deshacerlo.

Dos fichas de la misma persona pudieron ganar la misma bonificación, o tener cada una una derivación abierta del mismo
programa. Queda la que más dice de esa persona: la que aceptó, la que no quiso, la abierta, y solo entonces las demás; a
igualdad, la de la ficha que queda. La otra se anula si estaba abierta y, si es de la misma llave, pasa a un hito
reservado: sigue ahí, con su historia, y no cuenta como otra.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_date, parse_datetime

from clientes.models import Cliente
from clientes.operaciones.comunes import guardar

from ..models import (
    AccionGestion,
    Bonificacion,
    Derivacion,
    EstadoBonificacion,
    EstadoDerivacion,
    ResultadoDerivacion,
    Sugerencia,
)
from .derivaciones_pasos import anotar, cerrar

REPETIDA = 10_000
"""Desde aquí, el hito de una bonificación que quedó repetida por una fusión: ningún aniversario llega tan lejos."""
_PRIMERO = {
    EstadoBonificacion.ACEPTADA: 0,
    EstadoBonificacion.RECHAZADA: 1,
    EstadoBonificacion.ASIGNADA: 2,
    EstadoBonificacion.VENCIDA: 3,
    EstadoBonificacion.ANULADA: 4,
}
_DEL_BONO = ("hito", "estado", "cerrada_el", "cerrada_por_nombre", "motivo")
_DE_LA_DERIVACION = ("estado", "resultado", "cerrada_el", "motivo", "volver_el")
Foto = dict[str, Any]


class BonificacionesRepetidas:
    """Véase el encabezado del módulo y `clientes.operaciones.fusiones.REPETIDOS`."""

    def preparar(self, principal: Cliente, absorbido: Cliente, *, usuario: Any, ahora: datetime) -> list[Foto]:
        """Deja sin repetir las bonificaciones y las derivaciones de las dos fichas. Devuelve cómo estaban."""
        # Es un cálculo, y de un cliente que deja de existir: se vuelve a hacer.
        Sugerencia.objects.filter(cliente=absorbido).delete()
        bonos = list(
            Bonificacion.objects.select_for_update()
            .filter(cliente__in=(principal, absorbido))
            .select_related("programa", "cliente")
            .order_by("pk")
        )
        derivaciones = {
            una.bonificacion_id: una
            for una in Derivacion.objects.select_for_update().filter(bonificacion__in=bonos).order_by("pk")
        }
        motivo = f"Fusión de {absorbido} con {principal}: es la misma persona y ya tiene la suya"
        fotos = []
        for bono, de_la_misma_llave in _que_sobran(bonos, derivaciones, principal):
            derivacion = derivaciones.get(bono.pk)
            foto = _foto(bono, derivacion)
            if de_la_misma_llave:
                bono.hito = _hito_libre(bono, bonos)
            _anular(bono, derivacion, usuario=usuario, ahora=ahora, motivo=motivo)
            fotos.append(foto)
        return fotos

    def deshacer(self, datos: Any, *, usuario: Any, ahora: datetime) -> None:
        """Devuelve cada una a como estaba, si nadie la cambió después y el cliente no ganó otra en su lugar."""
        for foto in datos:
            bono = Bonificacion.objects.select_for_update().filter(pk=foto["pk"]).first()
            if bono is not None:
                _volver(bono, foto, usuario=usuario, ahora=ahora)


# --- Qué sobra -------------------------------------------------------------------------------------------------------
def _que_sobran(
    bonos: Sequence[Bonificacion], derivaciones: Mapping[int, Derivacion], principal: Cliente
) -> Iterator[tuple[Bonificacion, bool]]:
    """Las que no pueden seguir igual, y si es porque otra tiene su misma llave."""
    por_llave: dict[tuple[int, int], list[Bonificacion]] = defaultdict(list)
    for bono in bonos:
        por_llave[bono.programa_id, bono.hito].append(bono)
    sobran: set[int] = set()
    for iguales in por_llave.values():
        iguales.sort(key=lambda una: (_PRIMERO[EstadoBonificacion(una.estado)], una.cliente_id != principal.pk))
        for bono in iguales[1:]:
            sobran.add(bono.pk)
            yield bono, True
    por_programa: dict[int, list[Bonificacion]] = defaultdict(list)
    for bono in bonos:
        derivacion = derivaciones.get(bono.pk)
        if bono.pk not in sobran and derivacion is not None and derivacion.estado != EstadoDerivacion.CERRADA:
            por_programa[bono.programa_id].append(bono)
    for abiertas in por_programa.values():
        # La del aniversario más reciente.
        abiertas.sort(key=lambda una: (-una.hito, una.cliente_id != principal.pk))
        yield from ((bono, False) for bono in abiertas[1:])


def _hito_libre(bono: Bonificacion, bonos: Sequence[Bonificacion]) -> int:
    usados = {una.hito for una in bonos if una.programa_id == bono.programa_id}
    return next(hito for hito in range(REPETIDA, REPETIDA + len(usados) + 1) if hito not in usados)


def _anular(bono: Bonificacion, derivacion: Derivacion | None, *, usuario: Any, ahora: datetime, motivo: str) -> None:
    abierta = derivacion is not None and derivacion.estado != EstadoDerivacion.CERRADA
    if derivacion is not None and abierta:
        cerrar(derivacion, bono, ResultadoDerivacion.ANULADA, usuario=usuario, ahora=ahora, motivo=motivo)
        anotar(derivacion, AccionGestion.ANULADA, usuario=usuario, ahora=ahora, texto=motivo)
        return
    if bono.estado == EstadoBonificacion.ASIGNADA:
        bono.estado, bono.cerrada_el, bono.motivo = EstadoBonificacion.ANULADA, ahora, motivo
    guardar(bono, usuario=usuario, motivo=motivo)


# --- Volver ----------------------------------------------------------------------------------------------------------
def _foto(bono: Bonificacion, derivacion: Derivacion | None) -> Foto:
    return {
        "pk": bono.pk,
        "bono": {campo: _plano(getattr(bono, campo)) for campo in _DEL_BONO},
        "derivacion": derivacion and {campo: _plano(getattr(derivacion, campo)) for campo in _DE_LA_DERIVACION},
    }


def _plano(valor: Any) -> Any:
    return valor.isoformat() if hasattr(valor, "isoformat") else valor


def _revelado(campo: str, valor: Any) -> Any:
    leer = {"cerrada_el": parse_datetime, "volver_el": parse_date}.get(campo)
    return leer(valor) if leer is not None and valor else valor


@transaction.atomic
def _volver(bono: Bonificacion, foto: Foto, *, usuario: Any, ahora: datetime) -> None:
    antes, motivo = foto["bono"], "Fusión deshecha: vuelve a ser solo de su ficha"
    derivacion = Derivacion.objects.select_for_update().filter(bonificacion=bono).first()
    misma = Bonificacion.objects.filter(cliente=bono.cliente_id, programa=bono.programa_id, hito=antes["hito"])
    if misma.exclude(pk=bono.pk).exists():
        return
    bono.hito = antes["hito"]
    otra = Derivacion.objects.abiertas().filter(cliente=bono.cliente_id, programa=bono.programa_id).exists()
    estaba_abierta = antes["estado"] == EstadoBonificacion.ASIGNADA
    if estaba_abierta and bono.estado == EstadoBonificacion.ANULADA and not otra:
        for campo in _DEL_BONO:
            setattr(bono, campo, _revelado(campo, antes[campo]))
        if derivacion is not None and foto["derivacion"]:
            for campo in _DE_LA_DERIVACION:
                setattr(derivacion, campo, _revelado(campo, foto["derivacion"][campo]))
            guardar(derivacion, usuario=usuario, motivo=motivo)
            anotar(derivacion, AccionGestion.REANUDADA, usuario=usuario, ahora=ahora, texto=motivo)
    guardar(bono, usuario=usuario, motivo=motivo)
