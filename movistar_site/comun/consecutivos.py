"""Números sin repetición para contratos e interacciones."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from .models import Consecutivo


@transaction.atomic
def reservar(serie: str, cantidad: int = 1) -> int:
    """Reserva `cantidad` números seguidos de una serie y devuelve el primero.

    El aumento es un solo UPDATE: dos procesos a la vez reciben tramos distintos.
    """
    Consecutivo.objects.get_or_create(serie=serie)
    Consecutivo.objects.filter(serie=serie).update(ultimo=F("ultimo") + cantidad)
    return Consecutivo.objects.get(serie=serie).ultimo - cantidad + 1


@transaction.atomic
def adelantar(serie: str, hasta: int) -> None:
    """Deja la serie al menos en `hasta`: un archivo importado trajo números ya usados en otra base."""
    Consecutivo.objects.get_or_create(serie=serie)
    Consecutivo.objects.filter(serie=serie, ultimo__lt=hasta).update(ultimo=hasta)
