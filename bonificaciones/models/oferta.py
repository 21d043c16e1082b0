"""Las ofertas: las reglas que eligen la mejor para cada cliente, lo que sugieren y lo que el cliente contestó."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from clientes.models import Cliente, Contacto
from movistar_site.comun.auditoria import historia
from movistar_site.comun.campos import CampoBusqueda, CampoJson
from movistar_site.comun.models import ModeloBase
from movistar_site.comun.opciones import Canal
from servicios.models import Promocion, Servicio, TipoServicio
from servicios.models.tipo import validar_codigo


class AccionRegla(models.TextChoices):
    """Qué hace una regla con el cliente que la cumple."""

    NO_OFRECER = "nada", "No ofrecer nada"
    SERVICIO = "servicio", "Ofrecer un servicio"
    PROMOCION = "promocion", "Ofrecer una promoción"
    BENEFICIO = "beneficio", "Ofrecer un beneficio"


class NivelRiesgo(models.TextChoices):
    """Qué tan probable parece que el cliente se vaya."""

    BAJO = "bajo", "Bajo"
    MEDIO = "medio", "Medio"
    ALTO = "alto", "Alto"


class ReglaOferta(ModeloBase):
    """Una regla de la siguiente mejor oferta: qué debe cumplir el cliente y qué se le ofrece. Se miran por su orden.

    `condiciones`: lista de {"hecho", "operador", "valor"} sobre los hechos del perfil; se cumplen todas.
    """

    codigo = models.CharField(
        "código",
        max_length=30,
        unique=True,
        validators=[validar_codigo],
        error_messages={"unique": "Ya hay una regla con ese código."},
    )
    nombre = models.CharField("nombre", max_length=120)
    orden = models.PositiveSmallIntegerField("orden", default=100, help_text="La menor se mira primero.")
    condiciones = models.JSONField("condiciones", default=list, blank=True)
    accion = models.CharField("qué hace", max_length=10, choices=AccionRegla.choices)
    tipo = models.ForeignKey(
        TipoServicio, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tipo de servicio"
    )
    servicio = models.ForeignKey(
        Servicio, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="servicio"
    )
    promocion = models.ForeignKey(
        Promocion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="promoción"
    )
    beneficio = models.CharField("beneficio", max_length=160, blank=True)
    porque = models.CharField(
        "por qué", max_length=300, help_text="Lo que se le dice al asesor: por qué esta oferta y no otra."
    )
    activa = models.BooleanField("activa", default=True, editable=False)
    norma = models.CharField("norma o decisión", max_length=300, blank=True)
    busqueda = CampoBusqueda(fuentes=("codigo", "nombre", "porque"))
    history = historia(sin=["busqueda"])

    class Meta(ModeloBase.Meta):
        verbose_name = "regla de oferta"
        verbose_name_plural = "reglas de oferta"
        ordering = ("orden", "codigo")
        constraints = [
            models.CheckConstraint(
                condition=Q(accion="nada")
                | (Q(accion="servicio") & (Q(servicio__isnull=False) | Q(tipo__isnull=False)))
                | Q(accion="promocion", promocion__isnull=False)
                | (Q(accion="beneficio") & ~Q(beneficio="")),
                name="regla_con_lo_que_ofrece",
                violation_error_message="Diga qué ofrece: un servicio o su tipo, una promoción o un beneficio.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.codigo} · {self.nombre}"


class Sugerencia(models.Model):
    """Lo último que las reglas sugirieron para un cliente y su riesgo: se rehace entero en cada corrida.

    Sirve para listas y segmentos; la ficha no la usa: calcula lo de ahora.
    """

    cliente = models.OneToOneField(
        Cliente, models.CASCADE, primary_key=True, related_name="sugerencia", verbose_name="cliente"
    )
    calculada_el = models.DateField("calculada el")
    riesgo = models.PositiveSmallIntegerField("riesgo (0 a 100)", default=0)
    nivel = models.CharField("nivel de riesgo", max_length=6, choices=NivelRiesgo.choices)
    regla = models.ForeignKey(
        ReglaOferta,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="regla de la primera oferta",
        db_index=False,
    )
    servicio = models.ForeignKey(
        Servicio, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="servicio", db_index=False
    )
    promocion = models.ForeignKey(
        Promocion, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="promoción", db_index=False
    )
    ofertas = CampoJson("ofertas", default=list, blank=True)

    class Meta:
        verbose_name = "sugerencia"
        verbose_name_plural = "sugerencias"
        default_permissions = ("view",)
        indexes = [
            # A quiénes sugiere algo una regla, y los que más riesgo tienen.
            models.Index(fields=("regla", "cliente"), name="sugerencia_regla"),
            models.Index(fields=("nivel", "-riesgo", "-cliente"), name="sugerencia_riesgo"),
        ]

    def __str__(self) -> str:
        return f"Sugerencia para {self.cliente}"


class EstadoOferta(models.TextChoices):
    """Qué contestó el cliente."""

    PRESENTADA = "presentada", "Presentada"
    ACEPTADA = "aceptada", "Aceptada"
    RECHAZADA = "rechazada", "Rechazada"


class Oferta(ModeloBase):
    """Algo que se le ofreció de verdad a un cliente, por qué, y qué contestó: cuenta para las siguientes."""

    cliente = models.ForeignKey(Cliente, models.PROTECT, related_name="ofertas", verbose_name="cliente", db_index=False)
    regla = models.ForeignKey(
        ReglaOferta, models.PROTECT, null=True, blank=True, related_name="ofertas", verbose_name="regla"
    )
    servicio = models.ForeignKey(
        Servicio, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="servicio"
    )
    promocion = models.ForeignKey(
        Promocion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="promoción"
    )
    titulo = models.CharField("oferta", max_length=200)
    porque = models.TextField("por qué", blank=True)
    estado = models.CharField("estado", max_length=10, choices=EstadoOferta.choices, default=EstadoOferta.PRESENTADA)
    canal = models.CharField("canal", max_length=10, choices=Canal.choices)
    presentada_el = models.DateTimeField("presentada")
    respondida_el = models.DateTimeField("respondida", null=True, blank=True)
    motivo = models.TextField("motivo", blank=True)
    contacto = models.ForeignKey(
        Contacto, models.PROTECT, null=True, blank=True, related_name="ofertas", verbose_name="contacto"
    )
    hecha_por = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="cuenta que la hizo",
    )
    hecha_por_nombre = models.CharField("hecha por", max_length=150, blank=True)
    history = historia()

    class Meta(ModeloBase.Meta):
        verbose_name = "oferta"
        verbose_name_plural = "ofertas"
        ordering = ("-presentada_el", "-id")
        indexes = [
            models.Index(fields=("-presentada_el", "-id"), name="oferta_reciente"),
            models.Index(fields=("cliente", "-presentada_el", "-id"), name="oferta_de_cliente"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(estado=EstadoOferta.PRESENTADA, respondida_el__isnull=True)
                | (~Q(estado=EstadoOferta.PRESENTADA) & Q(respondida_el__isnull=False)),
                name="oferta_respondida_con_fecha",
                violation_error_message="Una oferta respondida lleva la fecha de la respuesta.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.titulo} · {self.cliente}"
