"""El catálogo: tipos de servicio con sus atributos, servicios, precios con fecha y promociones."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from movistar_site.comun.auditoria import historia
from movistar_site.comun.campos import CampoBusqueda
from movistar_site.comun.models import ModeloBase
from movistar_site.comun.opciones import Categoria

from .atributos import Definicion, TipoDato, validar_caracteristicas

validar_codigo = RegexValidator(
    r"^[A-Z0-9][A-Z0-9._-]*\Z", "Use mayúsculas sin tilde, cifras, guiones o puntos; por ejemplo FIB-300."
)
validar_clave = RegexValidator(
    r"^[a-z][a-z0-9_]*\Z", "Use minúsculas sin tilde, cifras y guion bajo; por ejemplo velocidad_bajada_mbps."
)


class Red(models.TextChoices):
    """Por qué red llega el servicio: en la móvil no se permite permanencia."""

    FIJA = "fija", "Fija"
    MOVIL = "movil", "Móvil"


class Modalidad(models.TextChoices):
    """Cuándo se paga: el ARPU de una y otra se mide aparte."""

    POSPAGO = "pospago", "Pospago"
    PREPAGO = "prepago", "Prepago"


class TipoServicio(ModeloBase):
    """Clase de servicio que ofrece el operador, con los atributos que la describen (fibra, pospago, dúo…)."""

    codigo = models.CharField(
        "código", max_length=30, unique=True, validators=[validar_clave],
        error_messages={"unique": "Ya hay un tipo de servicio con ese código."},
    )
    nombre = models.CharField(
        "nombre", max_length=80, unique=True, error_messages={"unique": "Ya hay un tipo de servicio con ese nombre."}
    )
    descripcion = models.TextField("descripción", blank=True)
    red = models.CharField("red", max_length=10, choices=Red.choices, default=Red.FIJA)
    modalidad = models.CharField("modalidad", max_length=10, choices=Modalidad.choices, default=Modalidad.POSPAGO)
    es_paquete = models.BooleanField(
        "es un paquete", default=False, help_text="Se compone de otros servicios, como un dúo o un trío."
    )
    aplica_sap = models.BooleanField(
        "aplica silencio positivo",
        default=True,
        help_text="Una petición sin respuesta a tiempo se resuelve a favor del usuario (Ley 1341 de 2009, art. 54).",
    )
    activo = models.BooleanField("activo", default=True, help_text="Un tipo inactivo no recibe servicios nuevos.")
    orden = models.PositiveSmallIntegerField("orden", default=100)
    busqueda = CampoBusqueda(fuentes=("nombre", "codigo"))
    history = historia(sin=["busqueda"])

    class Meta(ModeloBase.Meta):
        verbose_name = "tipo de servicio"
        verbose_name_plural = "tipos de servicio"
        ordering = ("orden", "nombre")

    def __str__(self) -> str:
        return self.nombre

    def definiciones(self) -> list[Definicion]:
        """Las definiciones de atributo del tipo, en su orden."""
        return [atributo.definicion() for atributo in self.atributos.all()]


class AtributoTipo(ModeloBase):
    """Un dato que describe a los servicios de un tipo: velocidad, gigas, días de vigencia…"""

    tipo = models.ForeignKey(TipoServicio, models.CASCADE, related_name="atributos", verbose_name="tipo de servicio")
    clave = models.CharField("clave", max_length=40, validators=[validar_clave])
    nombre = models.CharField("nombre", max_length=80)
    tipo_dato = models.CharField("clase de dato", max_length=10, choices=TipoDato.choices, default=TipoDato.ENTERO)
    unidad = models.CharField("unidad", max_length=20, blank=True, help_text="Por ejemplo Mbps, GB, días.")
    obligatorio = models.BooleanField("obligatorio", default=False)
    minimo = models.DecimalField("mínimo", max_digits=12, decimal_places=2, null=True, blank=True)
    maximo = models.DecimalField("máximo", max_digits=12, decimal_places=2, null=True, blank=True)
    opciones = models.JSONField("opciones", default=list, blank=True, help_text="Los valores admitidos de una lista.")
    orden = models.PositiveSmallIntegerField("orden", default=0)
    history = historia()

    class Meta(ModeloBase.Meta):
        verbose_name = "atributo"
        verbose_name_plural = "atributos"
        ordering = ("tipo", "orden", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("tipo", "clave"),
                name="atributo_clave_unica",
                violation_error_message="El tipo ya tiene un atributo con esa clave.",
            ),
            models.CheckConstraint(
                condition=Q(minimo__isnull=True) | Q(maximo__isnull=True) | Q(minimo__lte=F("maximo")),
                name="atributo_minimo_maximo",
                violation_error_message="El mínimo no puede ser mayor que el máximo.",
            ),
        ]

    def __str__(self) -> str:
        return self.nombre

    def clean(self) -> None:
        es_lista = isinstance(self.opciones, list) and all(isinstance(o, str) and o.strip() for o in self.opciones)
        if not es_lista:
            raise ValidationError({"opciones": "Escriba una lista de textos, por ejemplo [\"HD\", \"4K\"]."})
        if self.tipo_dato == TipoDato.OPCION and not self.opciones:
            raise ValidationError({"opciones": "Una lista de opciones necesita al menos un valor."})

    def definicion(self) -> Definicion:
        """La definición como valor puro, para validar sin volver a la base."""
        return Definicion(
            clave=self.clave, nombre=self.nombre, tipo_dato=TipoDato(self.tipo_dato), unidad=self.unidad,
            obligatorio=self.obligatorio, minimo=self.minimo, maximo=self.maximo, opciones=tuple(self.opciones),
        )


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


class Servicio(ModeloBase):
    """Lo que el operador vende: un plan o paquete con sus características y sus precios."""

    codigo = models.CharField(
        "código", max_length=30, unique=True, validators=[validar_codigo],
        error_messages={"unique": "Ya hay un servicio con ese código."},
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
        if self.tipo_id is not None:
            self.caracteristicas = validar_caracteristicas(self.tipo.definiciones(), self.caracteristicas)

    def precio_en(self, fecha: date) -> Decimal | None:
        """El precio que rige en `fecha`, o None si entonces no tenía."""
        fila = self.precios.filter(vigente_desde__lte=fecha).order_by("-vigente_desde").first()
        return fila.valor if fila else None


class PrecioServicio(ModeloBase):
    """Precio de un servicio desde una fecha. Un cambio es un precio nuevo; los contratos conservan el suyo."""

    servicio = models.ForeignKey(Servicio, models.CASCADE, related_name="precios", verbose_name="servicio")
    valor = models.DecimalField(
        "precio (COP)", max_digits=12, decimal_places=2,
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
        return f"{self.valor} desde {self.vigente_desde:%d/%m/%Y}"


class BeneficioPromocion(models.TextChoices):
    """Qué da una promoción."""

    DESCUENTO_PORCENTAJE = "porcentaje", "Descuento en porcentaje"
    DESCUENTO_VALOR = "valor", "Descuento en pesos"
    MESES_GRATIS = "meses_gratis", "Meses gratis"
    DATOS_EXTRA = "datos_extra", "Gigas adicionales"


class PromocionQuerySet(models.QuerySet["Promocion"]):
    """Vocabulario de las promociones."""

    def vigentes(self, hoy: date) -> PromocionQuerySet:
        """Las activas cuya vigencia incluye el día `hoy`."""
        sin_fin = Q(vigente_hasta__isnull=True) | Q(vigente_hasta__gte=hoy)
        return self.filter(sin_fin, activa=True, vigente_desde__lte=hoy)


class Promocion(ModeloBase):
    """Beneficio que se ofrece por un tiempo sobre ciertos servicios, a quienes cumplen sus condiciones."""

    codigo = models.CharField(
        "código", max_length=30, unique=True, validators=[validar_codigo],
        error_messages={"unique": "Ya hay una promoción con ese código."},
    )
    nombre = models.CharField("nombre", max_length=120)
    descripcion = models.TextField("descripción", blank=True)
    beneficio = models.CharField("beneficio", max_length=12, choices=BeneficioPromocion.choices)
    cantidad = models.DecimalField(
        "cantidad", max_digits=12, decimal_places=2, help_text="Porcentaje, pesos, meses o gigas, según el beneficio."
    )
    duracion_meses = models.PositiveSmallIntegerField(
        "duración (meses)", default=1, validators=[MinValueValidator(1, "Dura al menos un mes.")]
    )
    vigente_desde = models.DateField("vigente desde")
    vigente_hasta = models.DateField("vigente hasta", null=True, blank=True)
    servicios = models.ManyToManyField(
        Servicio, related_name="promociones", verbose_name="servicios", blank=True,
        help_text="Sin ninguno, vale para todo el catálogo.",
    )
    categorias = models.JSONField(
        "categorías de cliente", default=list, blank=True, help_text="Sin ninguna, vale para todas."
    )
    meses_minimos = models.PositiveSmallIntegerField("permanencia mínima (meses)", default=0)
    condiciones = models.TextField("condiciones", blank=True, help_text="El texto que se le lee al cliente.")
    cupo = models.PositiveIntegerField(
        "cupo", null=True, blank=True, help_text="Cuántas veces se puede dar; vacío, sin límite."
    )
    activa = models.BooleanField("activa", default=True)
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
        ]

    def __str__(self) -> str:
        return f"{self.codigo} · {self.nombre}"

    def clean(self) -> None:
        conocidas: Any = set(Categoria.values)
        if not isinstance(self.categorias, list) or not set(self.categorias) <= conocidas:
            raise ValidationError({"categorias": "Elija entre nuevo, regular y leal."})
