"""Lo que rige entre dos fechas: vocabulario que comparten motivos y canales."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q


class VigenciaQuerySet(models.QuerySet[Any]):
    """Vocabulario de lo que tiene `vigente_desde` y `vigente_hasta` (inclusive; vacío, sigue)."""

    def vigentes(self, dia: date) -> VigenciaQuerySet:
        """Lo que se ofrece el día `dia`."""
        return self.filter(Q(vigente_hasta__isnull=True) | Q(vigente_hasta__gte=dia), vigente_desde__lte=dia)


class ConVigencia:
    """Lo que se ofrece mientras rige."""

    vigente_desde: Any
    vigente_hasta: Any

    def rige(self, dia: date) -> bool:
        """Si ese día se ofrece al radicar."""
        return bool(self.vigente_desde <= dia and (self.vigente_hasta is None or dia <= self.vigente_hasta))
