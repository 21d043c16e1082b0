"""Lo que el cliente consulta, reclama o sugiere."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from movistar_site.comun.auditoria import historia
from movistar_site.comun.busqueda import con_indice
from movistar_site.comun.campos import CampoBusqueda
from movistar_site.comun.models import ModeloBase
from movistar_site.comun.opciones import Canal

from .cliente import Cliente
from .contrato import Contrato


class TipoInteraccion(models.TextChoices):
    """Las dos primeras son PQR (Ley 1341 de 2009, art. 54); la sugerencia no tiene plazo legal."""

    CONSULTA = "consulta", "Consulta"
    RECLAMACION = "reclamacion", "Reclamación"
    SUGERENCIA = "sugerencia", "Sugerencia"


class EstadoInteraccion(models.TextChoices):
    """En qué va la atención. Respondida exige un texto y la fecha en que se notificó."""

    ABIERTA = "abierta", "Abierta"
    EN_TRAMITE = "en_tramite", "En trámite"
    RESPONDIDA = "respondida", "Respondida"


class InteraccionQuerySet(models.QuerySet["Interaccion"]):
    """Vocabulario de las interacciones."""

    def abiertas(self) -> InteraccionQuerySet:
        """Las que esperan respuesta."""
        return self.exclude(estado=EstadoInteraccion.RESPONDIDA)


@con_indice
class Interaccion(ModeloBase):
    """Una consulta, una reclamación o una sugerencia de un cliente, con su respuesta."""

    numero = models.CharField("radicado", max_length=20, unique=True, editable=False)
    cliente = models.ForeignKey(Cliente, models.PROTECT, related_name="interacciones", verbose_name="cliente")
    contrato = models.ForeignKey(
        Contrato, models.PROTECT, null=True, blank=True, related_name="interacciones", verbose_name="contrato"
    )
    tipo = models.CharField("tipo", max_length=12, choices=TipoInteraccion.choices)
    canal = models.CharField("canal", max_length=10, choices=Canal.choices, default=Canal.TELEFONO)
    fecha = models.DateTimeField("fecha y hora", default=timezone.now)
    asunto = models.CharField("asunto", max_length=160)
    texto = models.TextField("lo que dice el cliente", blank=True)
    estado = models.CharField(
        "estado", max_length=12, choices=EstadoInteraccion.choices, default=EstadoInteraccion.ABIERTA, editable=False
    )
    respuesta = models.TextField("respuesta", blank=True, editable=False)
    respondida_el = models.DateTimeField("notificada el", null=True, blank=True, editable=False)
    registrada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="cuenta que registró",
    )
    # El nombre queda aunque la cuenta se borre.
    registrada_por_nombre = models.CharField("registrada por", max_length=150, blank=True, editable=False)
    busqueda = CampoBusqueda(fuentes=("numero", "asunto"))
    objects = InteraccionQuerySet.as_manager()
    history = historia(sin=["busqueda"])

    class Meta(ModeloBase.Meta):
        verbose_name = "interacción"
        verbose_name_plural = "interacciones"
        ordering = ("-fecha", "-id")
        indexes = [
            # El orden de la lista y los períodos de un reporte.
            models.Index(fields=("-fecha", "-id"), name="interaccion_fecha"),
            # La bandeja: las de un estado, de la última a la primera.
            models.Index(fields=("estado", "-fecha", "-id"), name="interaccion_estado_fecha"),
            # Los clientes con algo abierto: la subconsulta se responde con el índice.
            models.Index(fields=("estado", "cliente"), name="interaccion_estado_cliente"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(estado=EstadoInteraccion.RESPONDIDA, respondida_el__isnull=False) & ~Q(respuesta=""))
                | (~Q(estado=EstadoInteraccion.RESPONDIDA) & Q(respondida_el__isnull=True)),
                name="interaccion_respondida_con_texto_y_fecha",
                violation_error_message="Una interacción respondida lleva el texto de la respuesta y su fecha.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.numero} · {self.asunto}"

    def clean(self) -> None:
        if self.contrato is not None and self.cliente_id and self.contrato.cliente_id != self.cliente_id:
            raise ValidationError({"contrato": f"El contrato {self.contrato.numero} es de otro cliente."})
