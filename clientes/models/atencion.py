"""Lo que rodea a una interacción: notas, adjuntos, plantillas y la tarea que deja el silencio positivo."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from movistar_site.comun.auditoria import historia
from movistar_site.comun.models import ModeloBase

from .. import plantillas
from .equipo import MotivoInteraccion
from .interaccion import Interaccion, TipoInteraccion


def _lugar_del_adjunto(adjunto: Any, nombre: str) -> str:
    """Por el radicado y la huella: el nombre que le puso quien lo subió solo se muestra."""
    return f"adjuntos/{adjunto.interaccion_id}/{adjunto.huella}"


class NotaInterna(ModeloBase):
    """Lo que un agente anota para los demás; el cliente no la ve."""

    interaccion = models.ForeignKey(Interaccion, models.CASCADE, related_name="notas", verbose_name="interacción")
    texto = models.TextField("nota")
    autor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="cuenta"
    )
    autor_nombre = models.CharField("autor", max_length=150, blank=True)
    fecha = models.DateTimeField("fecha y hora", default=timezone.now)

    class Meta(ModeloBase.Meta):
        verbose_name = "nota interna"
        verbose_name_plural = "notas internas"
        ordering = ("-fecha", "-id")

    def __str__(self) -> str:
        return self.texto[:60]


class Adjunto(ModeloBase):
    """Un archivo que prueba o acompaña una interacción. El tipo es el que dicen sus bytes, no su nombre."""

    interaccion = models.ForeignKey(Interaccion, models.CASCADE, related_name="adjuntos", verbose_name="interacción")
    archivo = models.FileField("archivo", upload_to=_lugar_del_adjunto, max_length=200)
    nombre = models.CharField("nombre", max_length=120)
    tipo = models.CharField("tipo", max_length=100)
    bytes = models.PositiveIntegerField("peso")
    huella = models.CharField("huella (SHA-256)", max_length=64)
    subido_por_nombre = models.CharField("subido por", max_length=150, blank=True)
    fecha = models.DateTimeField("fecha y hora", default=timezone.now)

    class Meta(ModeloBase.Meta):
        verbose_name = "adjunto"
        verbose_name_plural = "adjuntos"
        ordering = ("fecha", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("interaccion", "huella"),
                name="adjunto_una_vez",
                violation_error_message="Ese archivo ya está adjunto a esta interacción.",
            ),
        ]

    def __str__(self) -> str:
        return self.nombre


class PlantillaRespuesta(ModeloBase):
    """Un texto de respuesta que se usa muchas veces; lo que va entre llaves se completa con cada caso."""

    nombre = models.CharField(
        "nombre", max_length=80, unique=True, error_messages={"unique": "Ya hay una plantilla con ese nombre."}
    )
    tipo = models.CharField(
        "para", max_length=12, choices=TipoInteraccion.choices, blank=True, help_text="En blanco, para cualquiera."
    )
    motivo = models.ForeignKey(
        MotivoInteraccion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plantillas",
        verbose_name="motivo",
        help_text="En blanco, para cualquiera.",
    )
    texto = models.TextField(
        "texto", help_text="Admite {cliente}, {numero}, {cun}, {asunto}, {fecha}, {servicio} y {agente}."
    )
    activa = models.BooleanField("activa", default=True)
    history = historia()

    class Meta(ModeloBase.Meta):
        verbose_name = "plantilla de respuesta"
        verbose_name_plural = "plantillas de respuesta"
        ordering = ("nombre",)

    def __str__(self) -> str:
        return self.nombre

    def clean(self) -> None:
        if frase := plantillas.explicar(self.texto or ""):
            raise ValidationError({"texto": frase})


class SilencioPositivo(ModeloBase):
    """El silencio administrativo positivo de una PQR: lo que hay que cumplirle al cliente y hasta cuándo.

    Lo anota el reloj (`revisar_plazos`) cuando el plazo pasa sin respuesta notificada; nadie lo quita. El cliente tiene
    la razón y se le cumple dentro de las 72 horas siguientes (Ley 1341 de 2009, art. 54; dominio, sección 2).
    """

    interaccion = models.OneToOneField(
        Interaccion, models.PROTECT, related_name="silencio", verbose_name="interacción", editable=False
    )
    ocurrio_el = models.DateField("ocurrió el", editable=False)
    cumplir_antes_de = models.DateTimeField("cumplir antes de", editable=False)
    cumplido_el = models.DateTimeField("cumplido el", null=True, blank=True, editable=False)
    cumplimiento = models.TextField("cómo se cumplió", blank=True, editable=False)
    cumplido_por_nombre = models.CharField("cumplido por", max_length=150, blank=True, editable=False)
    history = historia()

    class Meta(ModeloBase.Meta):
        verbose_name = "silencio positivo"
        verbose_name_plural = "silencios positivos"
        ordering = ("cumplir_antes_de", "id")
        indexes = [
            models.Index(
                fields=("cumplir_antes_de", "id"), condition=Q(cumplido_el__isnull=True), name="silencio_por_cumplir"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(cumplido_el__isnull=True) | ~Q(cumplimiento=""),
                name="silencio_cumplido_dice_como",
                violation_error_message="Diga cómo se le cumplió al cliente.",
            ),
        ]

    def __str__(self) -> str:
        return f"Silencio positivo de {self.interaccion.numero}"
