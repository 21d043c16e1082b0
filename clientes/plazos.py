"""El reloj legal de las PQR: cuándo vencen y en qué van. Puro: no escribe, no consulta y no mira la hora.

Ley 1341 de 2009, artículo 54; CRC, Resolución 5050 de 2016, título II, capítulo 1 (dominio, sección 2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from django.db import models
from django.utils import timezone

from movistar_site.comun.calendario import Calendario

if TYPE_CHECKING:
    from .models import Interaccion

TIPO_RECURSO = "recurso"
TIPO_SUGERENCIA = "sugerencia"


class Situacion(models.TextChoices):
    """En qué va el plazo de una interacción. Sale de sus fechas: nadie la escribe."""

    SIN_PLAZO = "sin_plazo", "Sin plazo"
    EN_TERMINO = "en_termino", "En término"
    POR_VENCER = "por_vencer", "Por vencer"
    VENCIDA = "vencida", "Vencida"
    SILENCIO = "silencio", "Silencio positivo"
    A_TIEMPO = "a_tiempo", "Respondida a tiempo"
    FUERA_DE_TERMINO = "tarde", "Respondida tarde"
    RESPONDIDA = "respondida", "Respondida"


@dataclass(frozen=True)
class Reloj:
    """Las reglas que rigen un día: los días de cada plazo y el calendario con que se cuentan."""

    calendario: Calendario
    dias_pqr: int
    dias_prorroga: int
    dias_recurso: int
    dias_para_recurrir: int
    dias_por_vencer: int
    horas_silencio: int

    @classmethod
    def de(cls, parametros: Mapping[str, Any], calendario: Calendario) -> Reloj:
        """El reloj con los `parametros` de un día."""
        return cls(
            calendario=calendario,
            **{nombre: parametros[nombre] for nombre in cls.__dataclass_fields__ if nombre != "calendario"},
        )

    def vencimiento(self, tipo: str, radicada: datetime) -> date | None:
        """El último día para responder lo que se radicó en ese instante; None si no tiene plazo.

        Cuenta desde el día siguiente al de Bogotá: lo que llega a las 23:50 es de ese día.
        """
        if tipo == TIPO_SUGERENCIA:
            return None
        dias = self.dias_recurso if tipo == TIPO_RECURSO else self.dias_pqr
        return self.calendario.sumar_habiles(timezone.localdate(radicada), dias)

    def prorrogado(self, primer_plazo: date) -> date:
        """El nuevo vencimiento de lo que vencía ese día."""
        return self.calendario.sumar_habiles(primer_plazo, self.dias_prorroga)

    def limite_para_recurrir(self, notificada: datetime) -> date:
        """El último día en que el cliente puede interponer un recurso contra esa respuesta."""
        return self.calendario.sumar_habiles(timezone.localdate(notificada), self.dias_para_recurrir)

    def desde_cuando_se_avisa(self, hoy: date) -> date:
        """Lo que vence ese día o antes está por vencer."""
        return self.calendario.sumar_habiles(hoy, self.dias_por_vencer)

    def silencio_hasta(self, ocurrio_el: date) -> datetime:
        """Hasta cuándo hay que cumplir un silencio que ocurrió ese día: las horas corren desde que empieza el día."""
        empieza = timezone.make_aware(datetime.combine(ocurrio_el, time.min))
        return empieza + timedelta(hours=self.horas_silencio)


class ConPlazo(Protocol):
    """Lo que hay que saber de una interacción para decir en qué va."""

    vence_el: date | None
    respondida_el: datetime | None
    aplica_sap: bool


def situacion(una: ConPlazo | Interaccion, *, hoy: date, avisar_hasta: date) -> Situacion:
    """En qué va su plazo el día `hoy`; `avisar_hasta` es `Reloj.desde_cuando_se_avisa(hoy)`.

    El silencio no se borra respondiendo después: quien respondió tarde una PQR que lo admite sigue en silencio.
    """
    if una.vence_el is None:
        return Situacion.SIN_PLAZO if una.respondida_el is None else Situacion.RESPONDIDA
    if una.respondida_el is None:
        if una.vence_el < hoy:
            return Situacion.SILENCIO if una.aplica_sap else Situacion.VENCIDA
        return Situacion.POR_VENCER if una.vence_el <= avisar_hasta else Situacion.EN_TERMINO
    if timezone.localdate(una.respondida_el) <= una.vence_el:
        return Situacion.A_TIEMPO
    return Situacion.SILENCIO if una.aplica_sap else Situacion.FUERA_DE_TERMINO
