"""El silencio administrativo positivo de lo que no se respondió a tiempo: anotarlo y cumplirlo. Nadie lo quita."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet

from movistar_site.comun.lotes import Firma, insertar
from movistar_site.comun.models import nombre_de

from .. import plazos
from ..models import Interaccion, SilencioPositivo
from .comunes import guardar, momento, releer

_SIN_REGISTRO = {"aplica_sap": True, "vence_el__isnull": False, "silencio__isnull": True}


def vencidas_sin_registro(hoy: date) -> QuerySet[Interaccion]:
    """Las que siguen sin respuesta después de su plazo y no tienen su silencio anotado."""
    return Interaccion.objects.all().en_silencio_sin_anotar(hoy).order_by("vence_el", "id")


def respondidas_tarde_sin_registro() -> QuerySet[Interaccion]:
    """Las que se respondieron un día después de su plazo, o más, y no tienen su silencio anotado."""
    tarde = Interaccion.objects.filter(
        # La primera condición es barata y descarta a casi todas; la segunda mira el día de Bogotá.
        respondida_el__gt=F("vence_el"),
        respondida_el__date__gt=F("vence_el"),
        **_SIN_REGISTRO,
    )
    return tarde.order_by("id")


def anotar_silencios(
    claves: Sequence[int], *, hoy: date, ahora: datetime, reloj: plazos.Reloj, usuario: Any = None, origen: str = ""
) -> list[SilencioPositivo]:
    """Anota el silencio de esas interacciones que de verdad están en él, y lo devuelve. Dentro de una transacción.

    Ocurre el día siguiente al del vencimiento y se cumple en las horas que diga el `reloj` desde que empieza ese día
    (Ley 1341 de 2009, artículo 54). Bloquea los casos y mira de nuevo: dos revisiones a la vez anotan uno solo.
    """
    casos = Interaccion.objects.select_for_update(of=("self",)).filter(pk__in=claves).order_by("pk")
    en_silencio = [
        caso
        for caso in casos.only("numero", "asunto", "vence_el", "respondida_el", "aplica_sap", "responsable", "equipo")
        if plazos.situacion(caso, hoy=hoy, avisar_hasta=hoy) == plazos.Situacion.SILENCIO
    ]
    anotados = set(SilencioPositivo.objects.filter(interaccion__in=en_silencio).values_list("interaccion", flat=True))
    nuevos = [_silencio_de(caso, reloj) for caso in en_silencio if caso.pk not in anotados]
    motivo = "El plazo pasó sin una respuesta notificada"
    insertar(SilencioPositivo, nuevos, firma=Firma(ahora, usuario=usuario, motivo=motivo, origen=origen))
    return nuevos


def _silencio_de(caso: Interaccion, reloj: plazos.Reloj) -> SilencioPositivo:
    vence_el: Any = caso.vence_el  # sin plazo no hay silencio
    ocurrio: date = vence_el + timedelta(days=1)
    return SilencioPositivo(interaccion=caso, ocurrio_el=ocurrio, cumplir_antes_de=reloj.silencio_hasta(ocurrio))


def por_cumplir(ahora: datetime, antes: timedelta) -> QuerySet[SilencioPositivo]:
    """Los que nadie ha cumplido y cuyo término ya pasó o termina dentro de `antes`."""
    return SilencioPositivo.objects.filter(cumplido_el__isnull=True, cumplir_antes_de__lte=ahora + antes)


@transaction.atomic
def cumplir_silencio(
    silencio: SilencioPositivo, *, cumplimiento: str, usuario: Any, ahora: datetime
) -> SilencioPositivo:
    """Anota cómo y cuándo se le cumplió al cliente lo que pedía.

    Debe ser dentro de las 72 horas (parámetro `horas_silencio`); hacerlo después también se anota, y se ve. Lanza
    ValidationError si ya se había cumplido o si falta decir cómo.
    """
    releer(silencio)
    if silencio.cumplido_el is not None:
        raise ValidationError(f"El silencio positivo ya se cumplió el {momento(silencio.cumplido_el)}.")
    if not (cumplimiento := (cumplimiento or "").strip()):
        raise ValidationError({"cumplimiento": "Diga cómo se le cumplió al cliente."})
    silencio.cumplimiento, silencio.cumplido_el = cumplimiento, ahora
    silencio.cumplido_por_nombre = nombre_de(usuario)[:150]
    return guardar(silencio, usuario=usuario)
