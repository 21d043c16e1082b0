"""Los programas de fidelización: a quién premian, con qué, cuánto y hasta qué costo. Son datos."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from clientes.models import Municipio
from movistar_site.comun.auditoria import historia
from movistar_site.comun.campos import CampoBusqueda
from movistar_site.comun.models import ModeloBase
from servicios.models import Servicio, TipoServicio
from servicios.models.tipo import validar_codigo

from .segmento import Segmento


class Beneficio(models.TextChoices):
    """Qué da un programa. Nunca una deuda, una condición ni una permanencia (dominio, sección 7)."""

    DESCUENTO_PORCENTAJE = "porcentaje", "Descuento en porcentaje"
    DESCUENTO_VALOR = "valor", "Descuento en pesos"
    SERVICIO_GRATIS = "servicio", "Servicio adicional gratis"
    DATOS_EXTRA = "datos_extra", "Gigas adicionales"
    MESES_GRATIS = "meses_gratis", "Meses gratis"
    EQUIPO = "equipo", "Equipo"


class Calculo(models.TextChoices):
    """De dónde sale la cantidad del beneficio."""

    FIJO = "fijo", "La misma para todos"
    FACTURA = "factura", "Porcentaje de la factura mensual"
    ESCALONES = "escalones", "Según los años cumplidos"


class Frecuencia(models.TextChoices):
    """Cuántas veces premia a un mismo cliente."""

    UNA_VEZ = "una_vez", "Una sola vez"
    ANUAL = "anual", "En cada aniversario"


class VigenciaPrograma(models.TextChoices):
    """En qué punto de su vida está un programa un día dado; se calcula, no se guarda."""

    VIGENTE = "vigente", "Vigente"
    FUTURO = "futuro", "Futuro"
    TERMINADO = "terminado", "Terminado"
    INACTIVO = "inactivo", "Inactivo"


class ProgramaQuerySet(models.QuerySet["Programa"]):
    """Vocabulario de los programas."""

    def vigentes(self, hoy: object) -> ProgramaQuerySet:
        """Los activos cuya vigencia incluye el día `hoy`."""
        return self.en_vigencia(VigenciaPrograma.VIGENTE, hoy)

    def en_vigencia(self, vigencia: str, hoy: object) -> ProgramaQuerySet:
        """Los que el día `hoy` están vigentes, son futuros, terminaron o están inactivos."""
        if vigencia == VigenciaPrograma.INACTIVO:
            return self.filter(activo=False)
        if vigencia == VigenciaPrograma.FUTURO:
            return self.filter(activo=True, vigente_desde__gt=hoy)
        if vigencia == VigenciaPrograma.TERMINADO:
            return self.filter(activo=True, vigente_desde__lte=hoy, vigente_hasta__lt=hoy)
        sin_fin = Q(vigente_hasta__isnull=True) | Q(vigente_hasta__gte=hoy)
        return self.filter(sin_fin, activo=True, vigente_desde__lte=hoy)


class Programa(ModeloBase):
    """Una regla que premia la permanencia: la cumple quien lleva más de (o desde) ciertos meses y sus condiciones."""

    codigo = models.CharField(
        "código",
        max_length=30,
        unique=True,
        validators=[validar_codigo],
        error_messages={"unique": "Ya hay un programa con ese código."},
        help_text="Mayúsculas sin tilde, cifras, guiones o puntos; por ejemplo DIEZ-ANIOS.",
    )
    nombre = models.CharField("nombre", max_length=120)
    descripcion = models.TextField("guion", blank=True, help_text="Lo que el asesor le dice al cliente.")
    # --- A quién.
    meses_minimos = models.PositiveSmallIntegerField(
        "permanencia (meses)", default=120, validators=[MaxValueValidator(1_200, "Son como mucho 1.200 meses.")]
    )
    estricto = models.BooleanField(
        "más de", default=True, help_text="Con «más de», quien los cumple justo ese día entra al día siguiente."
    )
    meses_maximos = models.PositiveSmallIntegerField(
        "hasta (meses)",
        null=True,
        blank=True,
        validators=[MaxValueValidator(1_200, "Son como mucho 1.200 meses.")],
        help_text="Vacío, sin límite. Quien los cumple justo ese día todavía entra.",
    )
    categorias = models.JSONField("categorías", default=list, blank=True, help_text="Sin ninguna, todas.")
    tipos = models.ManyToManyField(
        TipoServicio,
        blank=True,
        related_name="+",
        verbose_name="tipos de servicio que tiene",
        help_text="Con un contrato activo de alguno. Sin ninguno, no se mira.",
    )
    municipios = models.ManyToManyField(
        Municipio, blank=True, related_name="+", verbose_name="municipios", help_text="Sin ninguno, todos."
    )
    segmento = models.ForeignKey(
        Segmento, models.PROTECT, null=True, blank=True, related_name="programas", verbose_name="segmento"
    )
    con_contrato = models.BooleanField(
        "con un contrato activo", default=False, help_text="Solo a quien usa hoy algún servicio."
    )
    # --- Qué y cuánto.
    beneficio = models.CharField("beneficio", max_length=12, choices=Beneficio.choices)
    calculo = models.CharField("cálculo", max_length=10, choices=Calculo.choices, default=Calculo.FIJO)
    cantidad = models.DecimalField(
        "cantidad",
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        help_text="Porcentaje, pesos, gigas o meses, según el beneficio.",
    )
    escalones = models.JSONField(
        "escalones", default=list, blank=True, help_text="Desde cuántos años cumplidos se da cuánto."
    )
    meses = models.PositiveSmallIntegerField(
        "duración (meses)",
        default=1,
        validators=[
            MinValueValidator(1, "Dura al menos un mes."),
            MaxValueValidator(120, "Dura como mucho 120 meses."),
        ],
    )
    servicio = models.ForeignKey(
        Servicio, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="servicio que se regala"
    )
    equipo = models.CharField("equipo que se regala", max_length=120, blank=True)
    costo_unitario = models.DecimalField(
        "costo de cada giga o del equipo (COP)",
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0, "El costo no puede ser negativo.")],
    )
    # --- Cuándo y hasta dónde.
    frecuencia = models.CharField("frecuencia", max_length=10, choices=Frecuencia.choices, default=Frecuencia.UNA_VEZ)
    vigente_desde = models.DateField("vigente desde")
    vigente_hasta = models.DateField("vigente hasta", null=True, blank=True)
    tope_mensual = models.DecimalField(
        "tope de costo mensual (COP)",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0, "El tope no puede ser negativo.")],
        help_text="Se premia primero a quien más lleva, hasta donde alcance. Vacío, sin tope.",
    )
    activo = models.BooleanField("activo", default=True, editable=False)
    norma = models.CharField("norma o decisión", max_length=300, blank=True)
    busqueda = CampoBusqueda(fuentes=("codigo", "nombre"))
    objects = ProgramaQuerySet.as_manager()
    history = historia(sin=["busqueda"], m2m_fields=[tipos, municipios])

    class Meta(ModeloBase.Meta):
        verbose_name = "programa de fidelización"
        verbose_name_plural = "programas de fidelización"
        ordering = ("meses_minimos", "codigo")
        constraints = [
            models.CheckConstraint(
                condition=Q(vigente_hasta__isnull=True) | Q(vigente_hasta__gte=F("vigente_desde")),
                name="programa_vigencia",
                violation_error_message="La vigencia no puede terminar antes de empezar.",
            ),
            models.CheckConstraint(
                condition=Q(meses_maximos__isnull=True) | Q(meses_maximos__gt=F("meses_minimos")),
                name="programa_rango_de_meses",
                violation_error_message="El máximo de meses debe ser mayor que el mínimo.",
            ),
            models.CheckConstraint(
                condition=Q(cantidad__gte=0) & Q(costo_unitario__gte=0) & Q(meses__gte=1),
                name="programa_cantidades",
                violation_error_message="Las cantidades del beneficio no pueden ser negativas y dura al menos un mes.",
            ),
            models.CheckConstraint(
                condition=~Q(beneficio=Beneficio.DESCUENTO_PORCENTAJE) | Q(cantidad__lte=100),
                name="programa_porcentaje",
                violation_error_message="Un descuento en porcentaje no puede pasar de 100.",
            ),
            models.CheckConstraint(
                condition=~Q(beneficio=Beneficio.SERVICIO_GRATIS) | Q(servicio__isnull=False),
                name="programa_con_servicio",
                violation_error_message="Diga qué servicio se regala.",
            ),
            models.CheckConstraint(
                condition=~Q(beneficio=Beneficio.EQUIPO) | ~Q(equipo=""),
                name="programa_con_equipo",
                violation_error_message="Diga qué equipo se regala.",
            ),
            models.CheckConstraint(
                condition=~Q(calculo=Calculo.FACTURA) | Q(beneficio=Beneficio.DESCUENTO_VALOR, cantidad__lte=100),
                name="programa_de_la_factura",
                violation_error_message="Un porcentaje de la factura se da en pesos y no pasa de cien.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.codigo} · {self.nombre}"

    def clean(self) -> None:
        from .. import reglas

        reglas.ordenar_programa(self)
        reglas.validar_programa(self)

    def vigencia(self, hoy: date) -> VigenciaPrograma:
        """En qué punto de su vida está el día `hoy`; vigente es lo mismo que `ProgramaQuerySet.vigentes`."""
        if not self.activo:
            return VigenciaPrograma.INACTIVO
        if self.vigente_desde > hoy:
            return VigenciaPrograma.FUTURO
        if self.vigente_hasta is not None and self.vigente_hasta < hoy:
            return VigenciaPrograma.TERMINADO
        return VigenciaPrograma.VIGENTE
