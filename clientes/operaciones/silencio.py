"""Cumplir un silencio positivo. Quien lo anota es el reloj (`revisar_plazos`) y nadie lo quita."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from movistar_site.comun.models import nombre_de

from ..models import SilencioPositivo
from .comunes import guardar, momento, releer


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
