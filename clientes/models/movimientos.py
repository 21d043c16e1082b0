"""Lo que le pasa a un contrato mientras vive: suspensiones y cambios de plan, con lo que había antes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from movistar_site.comun.auditoria import historia
from movistar_site.comun.campos import CampoJson
from movistar_site.comun.models import ModeloBase
from servicios.models import Periodicidad, Servicio

from .contrato import Contrato


class ClaseSuspension(models.TextChoices):
    """Por qué se suspende un servicio."""

    PETICION = "peticion", "A petición del cliente"
    MORA = "mora", "Por falta de pago"
    SEGURIDAD = "seguridad", "Por fraude o seguridad"


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    """Vocabulario de las suspensiones."""

    def en_curso(self) -> SuspensionQuerySet:
        """Las que no han terminado."""
        return self.filter(hasta__isnull=True)

    def por_reanudar(self, hoy: date) -> SuspensionQuerySet:
        """Las en curso cuyo día previsto ya llegó."""
        return self.en_curso().filter(hasta_prevista__lte=hoy)

    def del_dia(self, dia: date) -> SuspensionQuerySet:
        """Las que cubrían el día `dia`; el día en que terminan ya no."""
        return self.filter(Q(hasta__isnull=True) | Q(hasta__gt=dia), desde__lte=dia)


class Suspension(ModeloBase):
    """Un tiempo en que un contrato no se presta. `hasta` es el día en que se reanudó o terminó; vacío, sigue."""

    contrato = models.ForeignKey(Contrato, models.CASCADE, related_name="suspensiones", verbose_name="contrato")
    clase = models.CharField("por qué", max_length=10, choices=ClaseSuspension.choices)
    desde = models.DateField("desde")
    hasta_prevista = models.DateField("hasta (prevista)", null=True, blank=True)
    hasta = models.DateField("hasta", null=True, blank=True)
    motivo = models.TextField("motivo")
    registrada_por_nombre = models.CharField("registrada por", max_length=150, blank=True)
    objects = SuspensionQuerySet.as_manager()
    history = historia()

    class Meta(ModeloBase.Meta):
        verbose_name = "suspensión"
        verbose_name_plural = "suspensiones"
        ordering = ("-desde", "-id")
        indexes = [
            # Las que el reloj debe reanudar.
            models.Index(fields=("hasta_prevista",), condition=Q(hasta__isnull=True), name="suspension_en_curso"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("contrato",),
                condition=Q(hasta__isnull=True),
                name="suspension_una_en_curso",
                violation_error_message="El contrato ya tiene una suspensión en curso.",
            ),
            models.CheckConstraint(
                condition=Q(hasta__isnull=True) | Q(hasta__gte=F("desde")),
                name="suspension_en_orden",
                violation_error_message="Una suspensión no puede terminar antes de empezar.",
            ),
        ]

    def __str__(self) -> str:
        return f"Suspensión de {self.contrato.numero} desde {self.desde:%d/%m/%Y}"


class EstadoCambio(models.TextChoices):
    """En qué va un cambio de plan."""

    PROGRAMADO = "programado", "Programado"
    APLICADO = "aplicado", "Aplicado"
    ANULADO = "anulado", "Anulado"


class CambioPlanQuerySet(models.QuerySet["CambioPlan"]):
    """Vocabulario de los cambios de plan."""

    def por_aplicar(self, hoy: date) -> CambioPlanQuerySet:
        """Los programados cuyo día ya llegó."""
        return self.filter(estado=EstadoCambio.PROGRAMADO, efectivo_el__lte=hoy)

    def aplicados_despues(self, dia: date) -> CambioPlanQuerySet:
        """Los que ya se aplicaron y rigen después del día `dia`."""
        return self.filter(estado=EstadoCambio.APLICADO, efectivo_el__gt=dia)


class CambioPlan(ModeloBase):
    """De qué servicio, precio y condiciones pasa un contrato a cuáles, y desde cuándo. Lo anterior queda a la vista."""

    contrato = models.ForeignKey(Contrato, models.CASCADE, related_name="cambios_de_plan", verbose_name="contrato")
    estado = models.CharField("estado", max_length=10, choices=EstadoCambio.choices, default=EstadoCambio.PROGRAMADO)
    efectivo_el = models.DateField("rige desde")
    servicio_anterior = models.ForeignKey(Servicio, models.PROTECT, related_name="+", verbose_name="servicio anterior")
    precio_anterior = models.DecimalField("precio anterior (COP)", max_digits=12, decimal_places=2)
    periodicidad_anterior = models.CharField("periodicidad anterior", max_length=10, choices=Periodicidad.choices)
    condiciones_anteriores: Any = CampoJson("condiciones anteriores", default=dict, blank=True)
    servicio_nuevo = models.ForeignKey(Servicio, models.PROTECT, related_name="+", verbose_name="servicio nuevo")
    precio_nuevo = models.DecimalField(
        "precio nuevo (COP)",
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(0, "El precio no puede ser negativo.")],
    )
    periodicidad_nueva = models.CharField("periodicidad nueva", max_length=10, choices=Periodicidad.choices)
    condiciones_nuevas: Any = CampoJson("condiciones nuevas", default=dict, blank=True)
    motivo = models.TextField("motivo", blank=True)
    pedido_por_nombre = models.CharField("registrado por", max_length=150, blank=True)
    objects = CambioPlanQuerySet.as_manager()
    history = historia()

    class Meta(ModeloBase.Meta):
        verbose_name = "cambio de plan"
        verbose_name_plural = "cambios de plan"
        ordering = ("-efectivo_el", "-id")
        indexes = [
            models.Index(
                fields=("efectivo_el",), condition=Q(estado=EstadoCambio.PROGRAMADO), name="cambio_por_aplicar"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("contrato",),
                condition=Q(estado=EstadoCambio.PROGRAMADO),
                name="cambio_uno_programado",
                violation_error_message="El contrato ya tiene un cambio de plan programado: anúlelo antes.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.servicio_anterior} → {self.servicio_nuevo}"
