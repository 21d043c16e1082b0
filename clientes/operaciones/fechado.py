"""Ponerle plazo a las PQR que no lo tienen: las de antes del reloj y las que llegaron sin él.

Un plazo que ya está fijado no se toca. No se inventa el CUN: es de la constancia que se entrega al radicar y estas no
la tuvieron; el número interno las identifica.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from movistar_site.comun import lotes
from movistar_site.comun.lotes import Firma

from ..plazos import TIPO_RECURSO, TIPO_SUGERENCIA
from ..relojes import Relojes

DIAS_POR_TANDA = 30
_ULTIMO_DIA = date.max - timedelta(days=2)
"""Más allá no hay un día siguiente que se pueda llevar a un instante."""
MOTIVO = "Se fijó su plazo con las reglas del día en que se radicó"


@dataclass
class Fechadas:
    """Cuántas recibieron su plazo, y cuántas quedaron sin él porque el calendario no llega a su fecha."""

    con_plazo: int = 0
    sin_calendario: int = 0


def fechar_plazos(modelo: Any, relojes: Relojes, *, firma: Firma | None = None, using: str = "default") -> Fechadas:
    """Fija el plazo de cada PQR de `modelo` que no lo tiene, y si le aplica el silencio según el servicio contratado.

    Va por días de radicación, con las sentencias de la base y sin traer los casos: lo que se radicó el mismo día vence
    el mismo día. Cada tanda es una transacción; repetirla no cambia nada. `firma`: quién lo pide, si debe quedar en la
    historia de cada caso. `modelo` puede ser el de una migración.
    """
    return _Fechado(modelo, relojes, firma, using).hacer()


class _Fechado:
    """Una pasada por todo lo que no tiene plazo."""

    def __init__(self, modelo: Any, relojes: Relojes, firma: Firma | None, using: str) -> None:
        self.modelo, self.relojes, self.firma, self.using = modelo, relojes, firma, using
        self.pendientes = modelo._base_manager.using(using).filter(vence_el__isnull=True).exclude(tipo=TIPO_SUGERENCIA)
        self.fechadas = Fechadas()

    def hacer(self) -> Fechadas:
        dias = self._dias()
        while tanda := list(islice(dias, DIAS_POR_TANDA)):
            with transaction.atomic(using=self.using):
                for dia in tanda:
                    self._fechar(dia)
        return self.fechadas

    def _dias(self) -> Iterator[date]:
        """Los días en que se radicó algo pendiente, saltando de uno a otro por el índice de la fecha."""
        instante = self._primera(self.pendientes)
        while instante is not None:
            dia = timezone.localdate(instante)
            yield dia
            if dia >= _ULTIMO_DIA:
                return
            instante = self._primera(self.pendientes.filter(fecha__gte=_empieza(dia + timedelta(days=1))))

    @staticmethod
    def _primera(pendientes: models.QuerySet[Any]) -> datetime | None:
        return pendientes.order_by("fecha", "id").values_list("fecha", flat=True).first()

    def _fechar(self, dia: date) -> None:
        suyas = self.pendientes.filter(fecha__gte=_empieza(dia), fecha__lt=_empieza(dia + timedelta(days=1)))
        claves: list[Any] = []
        if self.firma is not None:
            claves = list(suyas.order_by().values_list("pk", flat=True))
            lotes.asegurar_historia(self.modelo, claves)
        fechadas = self.fechadas.con_plazo
        self._poner(suyas.exclude(tipo=TIPO_RECURSO), self.relojes.vence(dia, ""))
        self._poner(suyas.filter(tipo=TIPO_RECURSO), self.relojes.vence(dia, TIPO_RECURSO))
        if self.firma is not None and self.fechadas.con_plazo > fechadas:
            lotes.tabla_de(self.modelo).anotar("~", claves, self.firma)

    def _poner(self, suyas: models.QuerySet[Any], vence: date | None) -> None:
        if vence is None:
            self.fechadas.sin_calendario += suyas.count()
            return
        sin_silencio = suyas.filter(contrato__servicio__tipo__aplica_sap=False)
        suyas.filter(pk__in=sin_silencio.values("pk")).update(aplica_sap=False)
        momento = {} if self.firma is None else {"actualizado_en": self.firma.momento}
        self.fechadas.con_plazo += suyas.update(primer_plazo=vence, vence_el=vence, **momento)


def _empieza(dia: date) -> datetime:
    return timezone.make_aware(datetime.combine(dia, time.min))
