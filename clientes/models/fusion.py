"""Dos fichas que eran la misma persona, unidas en una; se puede deshacer."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from movistar_site.comun.campos import CampoJson
from movistar_site.comun.models import ModeloBase

from .cliente import Cliente


class Fusion(ModeloBase):
    """Un cliente absorbido por otro, con todo lo que hace falta para deshacerlo.

    `absorbido`: los campos de la ficha que dejó de existir, como estaban. `anteriores`: los de la que quedó, antes de
    tomar los elegidos. `elegidos`: campo → "principal" o "absorbido". `movidos`: modelo → claves que pasaron a otro
    dueño.
    """

    principal = models.ForeignKey(Cliente, models.PROTECT, related_name="fusiones", verbose_name="queda")
    absorbido_clave = models.BigIntegerField("clave de la ficha absorbida", db_index=True)
    absorbido_titulo = models.CharField("ficha absorbida", max_length=200)
    absorbido: Any = CampoJson("datos de la ficha absorbida", default=dict)
    anteriores: Any = CampoJson("datos anteriores de la que queda", default=dict)
    elegidos: Any = CampoJson("datos elegidos", default=dict)
    movidos: Any = CampoJson("lo que cambió de dueño", default=dict)
    motivo = models.TextField("motivo", blank=True)
    hecha_el = models.DateTimeField("hecha el", default=timezone.now)
    hecha_por_nombre = models.CharField("hecha por", max_length=150, blank=True)
    deshecha_el = models.DateTimeField("deshecha el", null=True, blank=True)
    deshecha_por_nombre = models.CharField("deshecha por", max_length=150, blank=True)

    class Meta(ModeloBase.Meta):
        verbose_name = "fusión"
        verbose_name_plural = "fusiones"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.absorbido_titulo} → {self.principal}"
