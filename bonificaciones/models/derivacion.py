"""La derivación: el aviso que lleva a un cliente bonificado a un asesor de ventas, y lo que el asesor hace con él."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from clientes.models import Cliente, Contacto, Municipio
from movistar_site.comun.auditoria import historia
from movistar_site.comun.models import ModeloBase

from .bonificacion import Bonificacion
from .programa import Programa


class Asesor(ModeloBase):
    """Cómo recibe derivaciones un asesor de ventas. Quien no tiene fila las recibe de cualquier parte y sin tope."""

    usuario = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="asesor", verbose_name="asesor"
    )
    municipios = models.ManyToManyField(
        Municipio,
        blank=True,
        related_name="+",
        verbose_name="municipios",
        help_text="Los clientes de estos municipios le llegan primero a él.",
    )
    tope = models.PositiveIntegerField(
        "máximo de derivaciones abiertas",
        null=True,
        blank=True,
        validators=[MinValueValidator(1, "El máximo es de al menos una; déjelo vacío si no hay límite.")],
    )
    recibe = models.BooleanField("recibe derivaciones", default=True)
    history = historia(m2m_fields=[municipios])

    class Meta(ModeloBase.Meta):
        verbose_name = "asesor"
        verbose_name_plural = "asesores"
        ordering = ("usuario__first_name", "usuario__username")

    def __str__(self) -> str:
        return str(self.usuario.get_full_name() or self.usuario.get_username())


class EstadoDerivacion(models.TextChoices):
    """En qué va una derivación."""

    PENDIENTE = "pendiente", "Pendiente"
    CONTACTADO = "contactado", "Contactado"
    APLAZADA = "aplazada", "Para después"
    # El cliente retiró su autorización: no se le busca; si él viene, se le atiende.
    DETENIDA = "detenida", "Detenida"
    CERRADA = "cerrada", "Cerrada"


class ResultadoDerivacion(models.TextChoices):
    """Cómo se cerró una derivación."""

    ACEPTADA = "aceptada", "Aceptó"
    RECHAZADA = "rechazada", "No quiso"
    VENCIDA = "vencida", "Se venció el plazo"
    ANULADA = "anulada", "Se anuló"


ABIERTA = ~Q(estado=EstadoDerivacion.CERRADA)
"""La condición de una derivación que aún se trabaja."""


class DerivacionQuerySet(models.QuerySet["Derivacion"]):
    """Vocabulario de las derivaciones."""

    def abiertas(self) -> DerivacionQuerySet:
        """Las que aún se trabajan."""
        return self.filter(ABIERTA)

    def sin_asesor(self) -> DerivacionQuerySet:
        """Las abiertas que nadie tiene."""
        return self.abiertas().filter(asesor__isnull=True)


class Derivacion(ModeloBase):
    """Un cliente bonificado en manos de un asesor, con su plazo. Su resultado cierra la bonificación."""

    bonificacion = models.OneToOneField(
        Bonificacion, models.PROTECT, related_name="derivacion", verbose_name="bonificación"
    )
    cliente = models.ForeignKey(
        Cliente, models.PROTECT, related_name="derivaciones", verbose_name="cliente", db_index=False
    )
    programa = models.ForeignKey(
        Programa, models.PROTECT, related_name="derivaciones", verbose_name="programa", db_index=False
    )
    asesor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="derivaciones",
        verbose_name="asesor",
        db_index=False,
    )
    estado = models.CharField(
        "estado", max_length=10, choices=EstadoDerivacion.choices, default=EstadoDerivacion.PENDIENTE
    )
    derivada_el = models.DateField("derivada el")
    vence_el = models.DateField("vence el", null=True, blank=True)
    # Cuándo volver sobre él: lo que el cliente pidió («llámeme el martes»).
    volver_el = models.DateField("volver el", null=True, blank=True)
    recordada_el = models.DateField("recordada el", null=True, blank=True)
    escalada_el = models.DateField("escalada el", null=True, blank=True)
    resultado = models.CharField("resultado", max_length=10, choices=ResultadoDerivacion.choices, blank=True)
    motivo = models.TextField("motivo", blank=True)
    cerrada_el = models.DateTimeField("cerrada", null=True, blank=True)
    objects = DerivacionQuerySet.as_manager()
    history = historia()

    class Meta(ModeloBase.Meta):
        verbose_name = "derivación"
        verbose_name_plural = "derivaciones"
        ordering = ("-id",)
        # A quién se le deriva: es un papel y no un poder, y por eso no lo tiene cualquier administrador.
        permissions = (("recibir_derivacion", "Puede recibir derivaciones"),)
        indexes = [
            # La bandeja de un asesor, y la de todos: primero lo que primero vence.
            models.Index(fields=("asesor", "vence_el", "id"), condition=ABIERTA, name="derivacion_bandeja"),
            models.Index(fields=("vence_el", "id"), condition=ABIERTA, name="derivacion_por_vencer"),
            # Las que esperan son pocas entre las abiertas: sin índice habría que recorrerlas todas.
            models.Index(
                fields=("volver_el", "id"), condition=Q(estado=EstadoDerivacion.APLAZADA), name="derivacion_aplazada"
            ),
            models.Index(
                fields=("vence_el", "id"), condition=Q(estado=EstadoDerivacion.DETENIDA), name="derivacion_detenida"
            ),
            # Lo que se cerró en un período, cómo y de quién era: cuánto aceptan los clientes de cada asesor, sin tocar
            # la tabla.
            models.Index(
                fields=("cerrada_el", "resultado", "asesor"),
                condition=Q(cerrada_el__isnull=False),
                name="derivacion_cierres",
            ),
            # El asesor que tuvo antes y sus derivaciones en la ficha.
            models.Index(fields=("cliente", "-id"), name="derivacion_de_cliente"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("cliente", "programa"),
                condition=ABIERTA,
                name="derivacion_una_abierta",
                violation_error_message="El cliente ya tiene una derivación abierta de ese programa.",
            ),
            models.CheckConstraint(
                condition=(Q(estado=EstadoDerivacion.CERRADA, cerrada_el__isnull=False) & ~Q(resultado=""))
                | (~Q(estado=EstadoDerivacion.CERRADA) & Q(cerrada_el__isnull=True, resultado="")),
                name="derivacion_cerrada_con_resultado",
                violation_error_message="Una derivación cerrada lleva su resultado y la fecha en que se cerró.",
            ),
            models.CheckConstraint(
                condition=~Q(estado=EstadoDerivacion.APLAZADA) | Q(volver_el__isnull=False),
                name="derivacion_aplazada_con_fecha",
                violation_error_message="Una derivación aplazada lleva el día en que se vuelve sobre ella.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programa.nombre} · {self.cliente}"

    def get_absolute_url(self) -> str:
        """La página desde la que el asesor la trabaja."""
        return reverse("pagina_de_derivacion", args=(self.pk,))


class AccionGestion(models.TextChoices):
    """Lo que se hizo con una derivación."""

    ASIGNADA = "asignada", "Asignada"
    CONTACTADO = "contactado", "Contactado"
    ACEPTADA = "aceptada", "Aceptó"
    RECHAZADA = "rechazada", "No quiso"
    APLAZADA = "aplazada", "Para después"
    RECORDADA = "recordada", "Recordada"
    ESCALADA = "escalada", "Escalada"
    DETENIDA = "detenida", "Detenida"
    REANUDADA = "reanudada", "Reanudada"
    VENCIDA = "vencida", "Vencida"
    ANULADA = "anulada", "Anulada"


class GestionDerivacion(models.Model):
    """Un paso de una derivación: quién, cuándo, qué y por qué. No se cambia."""

    derivacion = models.ForeignKey(Derivacion, models.CASCADE, related_name="gestiones", verbose_name="derivación")
    accion = models.CharField("qué", max_length=10, choices=AccionGestion.choices)
    contacto = models.ForeignKey(
        Contacto, models.PROTECT, null=True, blank=True, related_name="gestiones", verbose_name="contacto"
    )
    texto = models.TextField("detalle", blank=True)
    hecha_el = models.DateTimeField("cuándo")
    hecha_por_nombre = models.CharField("quién", max_length=150, blank=True)

    class Meta:
        verbose_name = "gestión"
        verbose_name_plural = "gestiones"
        default_permissions = ()
        ordering = ("-hecha_el", "-id")

    def __str__(self) -> str:
        return f"{self.get_accion_display()} el {self.hecha_el:%d/%m/%Y}"
