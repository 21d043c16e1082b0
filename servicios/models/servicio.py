"""Los servicios que se venden y sus precios con fecha."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from movistar_site.comun.auditoria import historia
from movistar_site.comun.campos import CampoBusqueda
from movistar_site.comun.models import ModeloBase
from movistar_site.comun.valores import formatear_pesos
from servicios.atributos import validar_caracteristicas

from .tipo import TipoServicio, validar_codigo


class Periodicidad(models.TextChoices):
    """Cada cuánto se cobra el precio."""

    MENSUAL = "mensual", "Mensual"
    RECARGA = "recarga", "Por recarga"
    ANUAL = "anual", "Anual"
    UNICA = "unica", "Pago único"


class EstadoServicio(models.TextChoices):
    """Un servicio retirado sigue en los contratos viejos y no se vende más."""

    ACTIVO = "activo", "Activo"
    RETIRADO = "retirado", "Retirado"


class ServicioQuerySet(models.QuerySet["Servicio"]):
    """Vocabulario del catálogo."""

    def activos(self) -> ServicioQuerySet:
        """Los que se pueden vender."""
        return self.filter(estado=EstadoServicio.ACTIVO)

    def con_precio(self, hoy: date) -> ServicioQuerySet:
        """Añade `precio_vigente`: el valor que rige el día `hoy` (None si aún no hay)."""
        vigente = PrecioServicio.objects.filter(servicio=OuterRef("pk"), vigente_desde__lte=hoy)
        return self.annotate(precio_vigente=Subquery(vigente.order_by("-vigente_desde").values("valor")[:1]))

    def en_catalogo_el(self, dia: date) -> ServicioQuerySet:
        """Los que el día `dia` ya estaban en el catálogo, se vendieran o no: registrados, o con precio que ya regía."""
        con_precio = PrecioServicio.objects.filter(servicio=OuterRef("pk"), vigente_desde__lte=dia)
        return self.filter(Q(creado_en__date__lte=dia) | Exists(con_precio))

    def con_estado_el(self, dia: date) -> ServicioQuerySet:
        """Añade `estado_el`: si el día `dia` se vendía o ya estaba retirado."""
        retirado = When(retirado_el__lte=dia, then=Value(EstadoServicio.RETIRADO.value))
        return self.annotate(
            estado_el=Case(retirado, default=Value(EstadoServicio.ACTIVO.value), output_field=models.CharField())
        )

    def con_contratos(self) -> ServicioQuerySet:
        """Añade `contratos_activos`: cuántos contratos prestan hoy el servicio.

        Va por subconsulta y no por JOIN: así se cuenta sobre el índice (servicio, estado) y solo para las filas que se
        muestran. El modelo se alcanza por la relación inversa porque el catálogo no conoce a los clientes.
        """
        contratos = Servicio._meta.get_field("contratos").related_model._default_manager
        cuenta = contratos.filter(servicio=OuterRef("pk"), estado="activo").order_by().values("servicio")
        return self.annotate(contratos_activos=Coalesce(Subquery(cuenta.annotate(n=Count("pk")).values("n")), 0))


class Servicio(ModeloBase):
    """Lo que el operador vende: un plan o paquete con sus características y sus precios."""

    codigo = models.CharField(
        "código",
        max_length=30,
        unique=True,
        validators=[validar_codigo],
        error_messages={"unique": "Ya hay un servicio con ese código."},
        help_text="Mayúsculas sin tilde, cifras, guiones o puntos; por ejemplo FIB-300.",
    )
    nombre = models.CharField("nombre", max_length=120)
    tipo = models.ForeignKey(TipoServicio, models.PROTECT, related_name="servicios", verbose_name="tipo de servicio")
    descripcion = models.TextField("descripción", blank=True)
    caracteristicas = models.JSONField("características", default=dict, blank=True)
    periodicidad = models.CharField(
        "periodicidad", max_length=10, choices=Periodicidad.choices, default=Periodicidad.MENSUAL
    )
    componentes = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="paquetes", verbose_name="servicios que lo componen"
    )
    estado = models.CharField(
        "estado", max_length=10, choices=EstadoServicio.choices, default=EstadoServicio.ACTIVO, editable=False
    )
    retirado_el = models.DateField("retirado el", null=True, blank=True, editable=False)
    busqueda = CampoBusqueda(fuentes=("codigo", "nombre", "descripcion"))
    objects = ServicioQuerySet.as_manager()
    history = historia(sin=["busqueda"], m2m_fields=[componentes])

    class Meta(ModeloBase.Meta):
        verbose_name = "servicio"
        verbose_name_plural = "servicios"
        ordering = ("tipo__orden", "codigo")
        constraints = [
            models.CheckConstraint(
                condition=Q(estado=EstadoServicio.ACTIVO, retirado_el__isnull=True)
                | Q(estado=EstadoServicio.RETIRADO, retirado_el__isnull=False),
                name="servicio_retirado_con_fecha",
                violation_error_message="Un servicio retirado lleva la fecha de retiro, y uno activo no.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.codigo} · {self.nombre}"

    def clean(self) -> None:
        from servicios import reglas

        if self.tipo_id is not None:
            reglas.validar_tipo_de(self)
            self.caracteristicas = validar_caracteristicas(self.tipo.definiciones(), self.caracteristicas)

    def precio_en(self, fecha: date) -> Decimal | None:
        """El precio que rige en `fecha`, o None si entonces no tenía."""
        fila = self.precios.filter(vigente_desde__lte=fecha).order_by("-vigente_desde").first()
        return fila.valor if fila else None


class PrecioServicio(ModeloBase):
    """Precio de un servicio desde una fecha. Un cambio es un precio nuevo; los contratos conservan el suyo."""

    servicio = models.ForeignKey(Servicio, models.CASCADE, related_name="precios", verbose_name="servicio")
    valor = models.DecimalField(
        "precio (COP)",
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(0, "El precio no puede ser negativo.")],
    )
    vigente_desde = models.DateField("vigente desde")
    history = historia()

    class Meta(ModeloBase.Meta):
        verbose_name = "precio"
        verbose_name_plural = "precios"
        ordering = ("servicio", "-vigente_desde")
        constraints = [
            models.UniqueConstraint(
                fields=("servicio", "vigente_desde"),
                name="precio_uno_por_fecha",
                violation_error_message="El servicio ya tiene un precio que rige desde esa fecha.",
            ),
            models.CheckConstraint(
                condition=Q(valor__gte=0),
                name="precio_no_negativo",
                violation_error_message="El precio no puede ser negativo.",
            ),
        ]

    def __str__(self) -> str:
        return f"{formatear_pesos(self.valor)} desde {self.vigente_desde:%d/%m/%Y}"
