"""El contrato: qué servicio usa o usó un cliente, a qué precio y con qué condiciones."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from movistar_site.comun.auditoria import historia
from movistar_site.comun.campos import CampoBusqueda
from movistar_site.comun.models import ModeloBase
from movistar_site.comun.parametros import parametros
from servicios.models import Periodicidad, Promocion, Servicio

from .. import reglas
from .cliente import Cliente


class EstadoContrato(models.TextChoices):
    """Estados de un contrato; los pasos permitidos están en `operaciones.contratos_pasos.PASOS`."""

    PENDIENTE = "pendiente", "Pendiente"
    ACTIVO = "activo", "Activo"
    SUSPENDIDO = "suspendido", "Suspendido"
    TERMINADO = "terminado", "Terminado"


class ContratoQuerySet(models.QuerySet["Contrato"]):
    """Vocabulario de los contratos."""

    def vigentes(self) -> ContratoQuerySet:
        """Los que no han terminado: pendientes, activos o suspendidos."""
        return self.exclude(estado=EstadoContrato.TERMINADO)

    def activos(self) -> ContratoQuerySet:
        """Los que hoy prestan servicio."""
        return self.filter(estado=EstadoContrato.ACTIVO)

    def en(self, fecha: date) -> ContratoQuerySet:
        """Los que estaban en pie el día `fecha`."""
        return self.filter(en_pie_el(fecha))

    def prestados_el(self, dia: date) -> ContratoQuerySet:
        """Los que se prestaban el día `dia` (`se_prestaba_el`)."""
        return self.filter(se_prestaba_el(dia))

    def con_terminos_el(self, dia: date) -> ContratoQuerySet:
        """Añade `servicio_el` y `precio_el`: lo que cada contrato tenía el día `dia`, deshaciendo los cambios de plan.

        Es lo que dejó atrás el primer cambio aplicado que rige después de ese día; sin ninguno, lo de hoy.
        """
        from .movimientos import CambioPlan

        cambio = CambioPlan.objects.aplicados_despues(dia).filter(contrato=OuterRef("pk"))
        primero = cambio.order_by("efectivo_el", "id")
        return self.annotate(
            servicio_el=Coalesce(
                Subquery(primero.values("servicio_anterior")[:1]),
                F("servicio_id"),
                output_field=models.BigIntegerField(),
            ),
            precio_el=Coalesce(Subquery(primero.values("precio_anterior")[:1]), F("precio")),
        )


def en_pie_el(dia: date) -> Q:
    """Contratos que habían empezado el día `dia` y no habían terminado."""
    return Q(Q(fecha_fin__isnull=True) | Q(fecha_fin__gt=dia), fecha_inicio__lte=dia)


def se_prestaba_el(dia: date) -> Q:
    """Contratos en pie el día `dia`, ya activados y sin una suspensión anotada que lo cubra.

    El día en que se reanuda ya se presta. De los que se suspendieron en otro sistema no hay anotación, y cuentan.
    """
    from .movimientos import Suspension

    suspendidos = Suspension.objects.del_dia(dia).order_by().values("contrato")
    # Fuera de la lista y no con NOT EXISTS: son pocos, y así la base los busca una vez y no por cada contrato.
    return en_pie_el(dia) & ~Q(estado=EstadoContrato.PENDIENTE) & ~Q(pk__in=suspendidos)


class Contrato(ModeloBase):
    """Un servicio contratado. El precio y las condiciones son los que se firmaron y no cambian con el catálogo."""

    numero = models.CharField("número", max_length=20, unique=True, editable=False)
    # Sin índice propio: `contrato_de_cliente` empieza por el cliente.
    cliente = models.ForeignKey(
        Cliente, models.PROTECT, related_name="contratos", verbose_name="cliente", db_index=False
    )
    # Sin índice propio: `contrato_servicio_cliente` empieza por el servicio.
    servicio = models.ForeignKey(
        Servicio, models.PROTECT, related_name="contratos", verbose_name="servicio", db_index=False
    )
    estado = models.CharField(
        "estado", max_length=10, choices=EstadoContrato.choices, default=EstadoContrato.PENDIENTE, editable=False
    )
    fecha_inicio = models.DateField("fecha de inicio")
    fecha_fin = models.DateField("fecha de terminación", null=True, blank=True, editable=False)
    precio = models.DecimalField(
        "precio firmado (COP)",
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(0, "El precio no puede ser negativo.")],
    )
    periodicidad = models.CharField(
        "periodicidad", max_length=10, choices=Periodicidad.choices, default=Periodicidad.MENSUAL
    )
    condiciones = models.JSONField("condiciones firmadas", default=dict, blank=True, editable=False)
    permanencia_meses = models.PositiveSmallIntegerField(
        "permanencia (meses)",
        default=0,
        help_text="Cero en servicios móviles (CRC, Resolución 4444 de 2014); hasta 12 en fijos, con anexo firmado.",
    )
    anexo_permanencia = models.CharField(
        "anexo de permanencia",
        max_length=60,
        blank=True,
        help_text="Referencia del anexo firmado, con el descuento en el cargo de conexión.",
    )
    promocion = models.ForeignKey(
        Promocion, models.PROTECT, null=True, blank=True, related_name="contratos", verbose_name="promoción"
    )
    # El contrato del titular anterior, si este nació de una cesión.
    cedido_de = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="cesion", verbose_name="cedido de"
    )
    busqueda = CampoBusqueda(fuentes=("numero",))
    objects = ContratoQuerySet.as_manager()
    history = historia(sin=["busqueda"])

    class Meta(ModeloBase.Meta):
        verbose_name = "contrato"
        verbose_name_plural = "contratos"
        ordering = ("-id",)
        indexes = [
            # Contratos por servicio (cuentas del catálogo y «¿alguien lo usa?»), de quiénes son y cuáles había un día,
            # sin tocar la tabla (la clave va al final por PostgreSQL: SQLite ya la lleva).
            models.Index(
                fields=("servicio", "estado", "cliente", "fecha_inicio", "fecha_fin", "id"),
                name="contrato_servicio_cliente",
            ),
            # Los de un cliente, cuánto paga cada uno al mes, por qué servicio y desde cuándo, sin tocar la tabla.
            models.Index(
                fields=("cliente", "estado", "periodicidad", "precio", "servicio", "fecha_inicio", "fecha_fin", "id"),
                name="contrato_de_cliente",
            ),
            # La lista de un estado, del último al primero, sin ordenar millones de filas.
            models.Index(fields=("estado", "-id"), name="contrato_estado_recientes"),
            # A quién se cedió. Los cedidos son muy pocos: contado con todos los que no lo son, el índice de la columna
            # le parece inútil al planificador, que entonces recorre la tabla.
            models.Index(fields=("cedido_de",), name="contrato_cedido", condition=Q(cedido_de__isnull=False)),
            # Altas de un período y los que había un día, con su servicio y su cliente, sin tocar la tabla.
            models.Index(fields=("fecha_inicio", "fecha_fin", "servicio", "estado", "cliente"), name="contrato_inicio"),
            # Los firmados con promoción en un período, que son pocos: cuáles, de quiénes y en qué van.
            models.Index(
                fields=("fecha_inicio", "promocion", "cliente", "estado"),
                condition=Q(promocion__isnull=False),
                name="contrato_con_promocion",
            ),
            # Bajas de un período.
            models.Index(fields=("fecha_fin",), name="contrato_fin", condition=Q(fecha_fin__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(fecha_fin__isnull=True) | Q(fecha_fin__gte=F("fecha_inicio")),
                name="contrato_fin_tras_inicio",
                violation_error_message="Un contrato no puede terminar antes de empezar.",
            ),
            models.CheckConstraint(
                condition=Q(estado=EstadoContrato.TERMINADO, fecha_fin__isnull=False)
                | (~Q(estado=EstadoContrato.TERMINADO) & Q(fecha_fin__isnull=True)),
                name="contrato_terminado_con_fecha",
                violation_error_message="Un contrato terminado lleva la fecha de terminación, y uno en pie no.",
            ),
            models.CheckConstraint(
                condition=Q(precio__gte=0),
                name="contrato_precio_no_negativo",
                violation_error_message="El precio no puede ser negativo.",
            ),
            models.CheckConstraint(
                condition=Q(permanencia_meses=0) | ~Q(anexo_permanencia=""),
                name="contrato_permanencia_con_anexo",
                violation_error_message="La permanencia solo vale con un anexo firmado: escriba su referencia.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.numero} · {self.servicio}" if self.servicio_id else self.numero

    def clean(self) -> None:
        if self.servicio_id is None or self.fecha_inicio is None:
            return  # ya se dijo, junto a su campo, que faltan
        if self.permanencia_meses:
            reglas.validar_permanencia(self, parametros(self.fecha_inicio))

    def fijar_condiciones(self, servicio: Servicio) -> None:
        """Copia en el contrato lo que el servicio ofrece hoy: es lo que el cliente firma."""
        self.periodicidad = servicio.periodicidad
        condiciones: dict[str, Any] = {"servicio": servicio.nombre, "caracteristicas": dict(servicio.caracteristicas)}
        self.condiciones = condiciones
