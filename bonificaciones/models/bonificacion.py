"""Las bonificaciones: lo que un programa le asignó a un cliente, y cada corrida que las asignó."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from clientes.models import Cliente
from movistar_site.comun.auditoria import historia
from movistar_site.comun.models import ModeloBase
from movistar_site.comun.opciones import Canal
from movistar_site.comun.valores import sumar_meses
from servicios.models import Servicio

from .programa import Beneficio, Programa


class Corrida(ModeloBase):
    """Una vez que se buscó a quiénes premia un programa, con sus cuentas exactas. Una simulación no asigna nada."""

    programa = models.ForeignKey(Programa, models.PROTECT, related_name="corridas", verbose_name="programa")
    dia = models.DateField("día que se miró")
    simulada = models.BooleanField("solo simulada", default=False)
    empezada_el = models.DateTimeField("empezada")
    terminada_el = models.DateTimeField("terminada", null=True, blank=True)
    por_permanencia = models.PositiveIntegerField("cumplen la permanencia", default=0)
    ya_la_tenian = models.PositiveIntegerField("ya la tenían", default=0)
    excluidos = models.JSONField("excluidos por condición", default=dict, blank=True)
    fuera_del_tope = models.PositiveIntegerField("no alcanzó el tope", default=0)
    otorgadas = models.PositiveIntegerField("asignadas", default=0)
    derivadas = models.PositiveIntegerField("derivadas a un asesor", default=0)
    costo_mensual = models.DecimalField("costo mensual (COP)", max_digits=16, decimal_places=2, default=0)
    hecha_por_nombre = models.CharField("hecha por", max_length=150, blank=True)
    origen = models.CharField("origen", max_length=80, blank=True)

    class Meta(ModeloBase.Meta):
        verbose_name = "corrida de fidelización"
        verbose_name_plural = "corridas de fidelización"
        ordering = ("-empezada_el", "-id")
        indexes = [models.Index(fields=("-empezada_el", "-id"), name="corrida_reciente")]

    def __str__(self) -> str:
        return f"{self.programa} el {self.dia:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        """Su página: en qué va o cómo terminó, con sus cuentas."""
        return reverse("corrida_de_fidelizacion", args=(self.pk,))


class EstadoBonificacion(models.TextChoices):
    """En qué va una bonificación. La cierra el resultado de su derivación."""

    ASIGNADA = "asignada", "Asignada"
    ACEPTADA = "aceptada", "Aceptada"
    RECHAZADA = "rechazada", "Rechazada"
    VENCIDA = "vencida", "Vencida"
    ANULADA = "anulada", "Anulada"


class BonificacionQuerySet(models.QuerySet["Bonificacion"]):
    """Vocabulario de las bonificaciones."""

    def abiertas(self) -> BonificacionQuerySet:
        """Las que esperan la respuesta del cliente."""
        return self.filter(estado=EstadoBonificacion.ASIGNADA)

    def en_curso(self, hoy: date) -> BonificacionQuerySet:
        """Las aceptadas que el día `hoy` todavía se dan: desde que el cliente aceptó y por los meses que duran."""
        aceptadas = self.filter(estado=EstadoBonificacion.ACEPTADA)
        alguna = Q(pk__in=())
        for meses in aceptadas.order_by().values_list("meses", flat=True).distinct():
            primero = sumar_meses(hoy, -meses) + timedelta(days=1)
            alguna |= Q(meses=meses, cerrada_el__gte=timezone.make_aware(datetime.combine(primero, time.min)))
        return aceptadas.filter(alguna)


class Bonificacion(ModeloBase):
    """Un beneficio asignado a un cliente, con lo que se le da copiado del programa el día en que se asignó.

    Es un regalo: no lleva campo alguno para una deuda, una condición ni una permanencia (dominio, sección 7).
    `hito`: los años cumplidos que premia un programa anual; cero en los de una sola vez.
    """

    # Sin índice propio: el único empieza por el cliente.
    cliente = models.ForeignKey(
        Cliente, models.PROTECT, related_name="bonificaciones", verbose_name="cliente", db_index=False
    )
    programa = models.ForeignKey(
        Programa, models.PROTECT, related_name="bonificaciones", verbose_name="programa", db_index=False
    )
    hito = models.PositiveSmallIntegerField("aniversario que premia", default=0)
    corrida = models.ForeignKey(
        Corrida, models.SET_NULL, null=True, blank=True, related_name="bonificaciones", verbose_name="corrida"
    )
    otorgada_el = models.DateField("asignada el")
    cliente_desde = models.DateField("cliente desde")
    anios = models.PositiveSmallIntegerField("años cumplidos")
    beneficio = models.CharField("beneficio", max_length=12, choices=Beneficio.choices)
    cantidad = models.DecimalField("cantidad", max_digits=12, decimal_places=2)
    meses = models.PositiveSmallIntegerField("duración (meses)", default=1)
    servicio = models.ForeignKey(
        Servicio,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="servicio que se regala",
        db_index=False,
    )
    equipo = models.CharField("equipo que se regala", max_length=120, blank=True)
    factura = models.DecimalField("factura mensual ese día (COP)", max_digits=14, decimal_places=2, default=0)
    costo_mensual = models.DecimalField("costo mensual (COP)", max_digits=14, decimal_places=2, default=0)
    estado = models.CharField(
        "estado", max_length=10, choices=EstadoBonificacion.choices, default=EstadoBonificacion.ASIGNADA
    )
    cerrada_el = models.DateTimeField("cerrada", null=True, blank=True)
    cerrada_por_nombre = models.CharField("cerrada por", max_length=150, blank=True)
    motivo = models.TextField("motivo", blank=True)
    # La aceptación es del cliente, expresa y con prueba.
    aceptada_por = models.CharField("medio de la aceptación", max_length=10, choices=Canal.choices, blank=True)
    evidencia = models.CharField("prueba de la aceptación", max_length=200, blank=True)
    objects = BonificacionQuerySet.as_manager()
    history = historia()

    class Meta(ModeloBase.Meta):
        verbose_name = "bonificación"
        verbose_name_plural = "bonificaciones"
        ordering = ("-id",)
        indexes = [
            # La lista de un programa o de un estado, de la última a la primera, y sus cuentas.
            models.Index(fields=("programa", "estado", "-id"), name="bonificacion_programa_estado"),
            models.Index(fields=("estado", "-id"), name="bonificacion_estado"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("cliente", "programa", "hito"),
                name="bonificacion_una_por_hito",
                violation_error_message="El cliente ya tiene la bonificación de ese programa y aniversario.",
            ),
            models.CheckConstraint(
                condition=Q(cantidad__gte=0, factura__gte=0, costo_mensual__gte=0),
                name="bonificacion_sin_negativos",
                violation_error_message="Una bonificación no puede quitarle nada al cliente.",
            ),
            models.CheckConstraint(
                condition=Q(estado=EstadoBonificacion.ASIGNADA, cerrada_el__isnull=True)
                | (~Q(estado=EstadoBonificacion.ASIGNADA) & Q(cerrada_el__isnull=False)),
                name="bonificacion_cerrada_con_fecha",
                violation_error_message="Una bonificación cerrada lleva la fecha en que se cerró.",
            ),
            models.CheckConstraint(
                condition=~Q(estado=EstadoBonificacion.ACEPTADA) | (~Q(aceptada_por="") & ~Q(evidencia="")),
                name="bonificacion_aceptada_con_prueba",
                violation_error_message="La aceptación del cliente lleva el medio y la prueba.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programa.nombre} de {self.cliente}"
