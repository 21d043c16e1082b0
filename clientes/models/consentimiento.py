"""Autorizaciones de tratamiento de datos y de contacto (Ley 1581 de 2012, Ley 2300 de 2023)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from movistar_site.comun.auditoria import historia
from movistar_site.comun.models import ModeloBase
from movistar_site.comun.opciones import Canal

from .cliente import Cliente


class Finalidad(models.TextChoices):
    """Para qué autoriza el cliente."""

    SERVICIO = "servicio", "Prestación del servicio"
    COMERCIAL = "comercial", "Ofertas y promociones"
    ENCUESTAS = "encuestas", "Encuestas de satisfacción"
    TERCEROS = "terceros", "Entrega a aliados"


class ConsentimientoQuerySet(models.QuerySet["Consentimiento"]):
    """Vocabulario de los consentimientos."""

    def vigentes(self) -> ConsentimientoQuerySet:
        """Los que el cliente no ha revocado."""
        return self.filter(revocado_el__isnull=True)


class Consentimiento(ModeloBase):
    """Una autorización. No se reescribe: se revoca y, si el cliente vuelve a darla, es otra fila."""

    # Sin índice propio: `consentimiento_de_cliente` empieza por el cliente.
    cliente = models.ForeignKey(
        Cliente, models.PROTECT, related_name="consentimientos", verbose_name="cliente", db_index=False
    )
    finalidad = models.CharField("finalidad", max_length=12, choices=Finalidad.choices)
    canal = models.CharField("canal de contacto", max_length=10, choices=Canal.choices)
    version_texto = models.CharField("versión del texto", max_length=40)
    otorgado_el = models.DateTimeField("otorgado el", default=timezone.now)
    medio = models.CharField("medio por el que lo dio", max_length=10, choices=Canal.choices)
    evidencia = models.CharField(
        "evidencia",
        max_length=200,
        help_text="Dónde está la prueba: grabación, formulario, correo. El silencio no vale.",
    )
    registrado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="cuenta que registró",
    )
    registrado_por_nombre = models.CharField("registrado por", max_length=150, blank=True, editable=False)
    revocado_el = models.DateTimeField("revocado el", null=True, blank=True, editable=False)
    objects = ConsentimientoQuerySet.as_manager()
    history = historia()

    class Meta(ModeloBase.Meta):
        verbose_name = "consentimiento"
        verbose_name_plural = "consentimientos"
        ordering = ("-otorgado_el", "-id")
        indexes = [
            # El orden de la lista.
            models.Index(fields=("-otorgado_el", "-id"), name="consentimiento_otorgado"),
            # La línea de tiempo de un cliente.
            models.Index(fields=("cliente", "-otorgado_el", "-id"), name="consentimiento_de_cliente"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("cliente", "finalidad", "canal"),
                condition=Q(revocado_el__isnull=True),
                name="consentimiento_uno_vigente",
                violation_error_message="El cliente ya tiene vigente esa autorización por ese canal.",
            ),
            models.CheckConstraint(
                condition=Q(revocado_el__isnull=True) | Q(revocado_el__gte=F("otorgado_el")),
                name="consentimiento_revocado_despues",
                violation_error_message="Un consentimiento no puede revocarse antes de darse.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_finalidad_display()} por {self.get_canal_display().lower()}"
