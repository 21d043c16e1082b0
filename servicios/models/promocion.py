"""Las promociones: qué se da, sobre qué servicios, a quiénes y hasta cuándo."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Coalesce

from movistar_site.comun.auditoria import historia
from movistar_site.comun.campos import CampoBusqueda
from movistar_site.comun.models import ModeloBase
from movistar_site.comun.opciones import Categoria
from movistar_site.comun.presentacion import decimal
from movistar_site.comun.valores import formatear_pesos

from .servicio import Servicio
from .tipo import validar_codigo


class BeneficioPromocion(models.TextChoices):
    """Qué da una promoción."""

    DESCUENTO_PORCENTAJE = "porcentaje", "Descuento en porcentaje"
    DESCUENTO_VALOR = "valor", "Descuento en pesos"
    MESES_GRATIS = "meses_gratis", "Meses gratis"
    DATOS_EXTRA = "datos_extra", "Gigas adicionales"


class VigenciaPromocion(models.TextChoices):
    """En qué punto de su vida está una promoción un día dado; se calcula, no se guarda."""

    VIGENTE = "vigente", "Vigente"
    FUTURA = "futura", "Futura"
    VENCIDA = "vencida", "Vencida"
    INACTIVA = "inactiva", "Inactiva"


class PromocionQuerySet(models.QuerySet["Promocion"]):
    """Vocabulario de las promociones."""

    def vigentes(self, hoy: date) -> PromocionQuerySet:
        """Las activas cuya vigencia incluye el día `hoy`."""
        return self.en_vigencia(VigenciaPromocion.VIGENTE, hoy)

    def en_vigencia(self, vigencia: str, hoy: date) -> PromocionQuerySet:
        """Las que el día `hoy` están vigentes, son futuras, han vencido o están inactivas."""
        if vigencia == VigenciaPromocion.INACTIVA:
            return self.filter(activa=False)
        if vigencia == VigenciaPromocion.FUTURA:
            return self.filter(activa=True, vigente_desde__gt=hoy)
        if vigencia == VigenciaPromocion.VENCIDA:
            return self.filter(activa=True, vigente_hasta__lt=hoy)
        sin_fin = Q(vigente_hasta__isnull=True) | Q(vigente_hasta__gte=hoy)
        return self.filter(sin_fin, activa=True, vigente_desde__lte=hoy)

    def para_categoria(self, categoria: str) -> PromocionQuerySet:
        """Las que valen para una categoría de cliente: la nombran o no nombran ninguna."""
        # SQLite no sabe buscar dentro de una lista JSON; las categorías son palabras que no se contienen entre sí.
        texto = Cast("categorias", models.TextField())
        return self.annotate(_categorias=texto).filter(Q(categorias=[]) | Q(_categorias__contains=f'"{categoria}"'))

    def con_usos(self) -> PromocionQuerySet:
        """Añade `usadas`: a cuántos contratos se ha dado, terminados también."""
        contratos = Promocion._meta.get_field("contratos").related_model._default_manager
        cuenta = contratos.filter(promocion=OuterRef("pk")).order_by().values("promocion")
        return self.annotate(usadas=Coalesce(Subquery(cuenta.annotate(n=Count("pk")).values("n")), 0))

    def con_cupo(self) -> PromocionQuerySet:
        """Las que aún se pueden dar: sin cupo o con usos por debajo de él."""
        return self.con_usos().filter(Q(cupo__isnull=True) | Q(usadas__lt=F("cupo")))


class Promocion(ModeloBase):
    """Beneficio que se ofrece por un tiempo sobre ciertos servicios, a quienes cumplen sus condiciones."""

    codigo = models.CharField(
        "código",
        max_length=30,
        unique=True,
        validators=[validar_codigo],
        error_messages={"unique": "Ya hay una promoción con ese código."},
        help_text="Mayúsculas sin tilde, cifras, guiones o puntos; por ejemplo NAVIDAD-2026.",
    )
    nombre = models.CharField("nombre", max_length=120)
    descripcion = models.TextField("descripción", blank=True)
    beneficio = models.CharField("beneficio", max_length=12, choices=BeneficioPromocion.choices)
    cantidad = models.DecimalField(
        "cantidad", max_digits=12, decimal_places=2, help_text="Porcentaje, pesos, meses o gigas, según el beneficio."
    )
    duracion_meses = models.PositiveSmallIntegerField(
        "duración (meses)",
        default=1,
        validators=[
            MinValueValidator(1, "Dura al menos un mes."),
            MaxValueValidator(120, "Dura como mucho 120 meses."),
        ],
    )
    vigente_desde = models.DateField("vigente desde")
    vigente_hasta = models.DateField("vigente hasta", null=True, blank=True, help_text="Vacío, hasta que se desactive.")
    servicios = models.ManyToManyField(
        Servicio,
        related_name="promociones",
        verbose_name="servicios",
        blank=True,
        help_text="Sin ninguno, vale para todo el catálogo.",
    )
    categorias = models.JSONField(
        "categorías de cliente", default=list, blank=True, help_text="Sin ninguna, vale para todas."
    )
    meses_minimos = models.PositiveSmallIntegerField(
        "permanencia mínima (meses)",
        default=0,
        validators=[MaxValueValidator(1_200, "Son como mucho 1.200 meses.")],
        help_text="Meses que el cliente debe llevar con el operador.",
    )
    condiciones = models.TextField("condiciones", blank=True, help_text="El texto que se le lee al cliente.")
    cupo = models.PositiveIntegerField(
        "cupo",
        null=True,
        blank=True,
        validators=[
            MinValueValidator(1, "El cupo es de al menos una vez; déjelo vacío si no hay límite."),
            MaxValueValidator(10_000_000, "El cupo llega hasta 10.000.000; déjelo vacío si no hay límite."),
        ],
        help_text="Cuántas veces se puede dar; vacío, sin límite.",
    )
    exclusiva = models.BooleanField(
        "exclusiva",
        default=False,
        help_text="No se suma: solo para quien no tiene otra promoción en un contrato en pie.",
    )
    activa = models.BooleanField("activa", default=True, editable=False)
    busqueda = CampoBusqueda(fuentes=("codigo", "nombre", "descripcion"))
    objects = PromocionQuerySet.as_manager()
    history = historia(sin=["busqueda"], m2m_fields=[servicios])

    class Meta(ModeloBase.Meta):
        verbose_name = "promoción"
        verbose_name_plural = "promociones"
        ordering = ("-vigente_desde", "codigo")
        constraints = [
            models.CheckConstraint(
                condition=Q(vigente_hasta__isnull=True) | Q(vigente_hasta__gte=F("vigente_desde")),
                name="promocion_vigencia",
                violation_error_message="La vigencia no puede terminar antes de empezar.",
            ),
            models.CheckConstraint(
                condition=Q(cantidad__gt=0),
                name="promocion_cantidad_positiva",
                violation_error_message="La cantidad del beneficio debe ser mayor que cero.",
            ),
            models.CheckConstraint(
                condition=~Q(beneficio=BeneficioPromocion.DESCUENTO_PORCENTAJE) | Q(cantidad__lte=100),
                name="promocion_porcentaje",
                violation_error_message="Un descuento en porcentaje no puede pasar de 100.",
            ),
            models.CheckConstraint(
                condition=Q(duracion_meses__gte=1),
                name="promocion_duracion",
                violation_error_message="La promoción dura al menos un mes.",
            ),
            models.CheckConstraint(
                condition=Q(cupo__isnull=True) | Q(cupo__gte=1),
                name="promocion_cupo",
                violation_error_message="El cupo es de al menos una vez; déjelo vacío si no hay límite.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.codigo} · {self.nombre}"

    def clean(self) -> None:
        from servicios import reglas

        conocidas: Any = set(Categoria.values)
        es_lista = isinstance(self.categorias, list) and all(isinstance(c, str) for c in self.categorias)
        if not es_lista or not set(self.categorias) <= conocidas:
            raise ValidationError({"categorias": "Elija entre nuevo, regular y leal."})
        # Sin repetir y en el orden del vocabulario: dos archivos con lo mismo guardan lo mismo.
        self.categorias = [categoria for categoria in Categoria.values if categoria in self.categorias]
        reglas.validar_promocion(self)

    def vigencia(self, hoy: date) -> VigenciaPromocion:
        """En qué punto está el día `hoy`: es la misma regla que `PromocionQuerySet.en_vigencia`."""
        if not self.activa:
            return VigenciaPromocion.INACTIVA
        if self.vigente_desde > hoy:
            return VigenciaPromocion.FUTURA
        if self.vigente_hasta is not None and self.vigente_hasta < hoy:
            return VigenciaPromocion.VENCIDA
        return VigenciaPromocion.VIGENTE

    def en_palabras(self) -> str:
        """Lo que da: «20 % de descuento por 3 meses», «$ 10.000 menos por 1 mes», «2 meses gratis»."""
        cantidad = decimal(self.cantidad)
        meses = "1 mes" if self.duracion_meses == 1 else f"{self.duracion_meses} meses"
        if self.beneficio == BeneficioPromocion.MESES_GRATIS:
            return f"{cantidad} {'mes' if self.cantidad == 1 else 'meses'} gratis"
        if self.beneficio == BeneficioPromocion.DESCUENTO_VALOR:
            return f"{formatear_pesos(self.cantidad)} menos por {meses}"
        if self.beneficio == BeneficioPromocion.DATOS_EXTRA:
            return f"{cantidad} GB más por {meses}"
        return f"{cantidad} % de descuento por {meses}"
