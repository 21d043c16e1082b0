"""Los tipos de servicio y los atributos que los describen. Son datos: un administrador añade uno sin código."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from movistar_site.comun.auditoria import historia
from movistar_site.comun.campos import CampoBusqueda
from movistar_site.comun.models import ModeloBase
from movistar_site.comun.valores import normalizar
from servicios.atributos import Definicion, TipoDato

validar_codigo = RegexValidator(
    r"^[A-Z0-9][A-Z0-9._-]*\Z", "Use mayúsculas sin tilde, cifras, guiones o puntos; por ejemplo FIB-300."
)
validar_clave = RegexValidator(
    r"^[a-z][a-z0-9_]*\Z", "Use minúsculas sin tilde, cifras y guion bajo; por ejemplo velocidad_bajada_mbps."
)
COMPONENTES_DE_UN_PAQUETE = 2


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
        "código",
        max_length=30,
        unique=True,
        validators=[validar_clave],
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
    componentes_minimos = models.PositiveSmallIntegerField(
        "servicios que lo componen, como mínimo",
        default=0,
        validators=[MaxValueValidator(20, "Un paquete se compone de 20 servicios como mucho.")],
        help_text="Solo para paquetes: 2 en un dúo, 3 en un trío. En los demás, 0.",
    )
    aplica_sap = models.BooleanField(
        "aplica silencio positivo",
        default=True,
        help_text="Una petición sin respuesta a tiempo se resuelve a favor del usuario (Ley 1341 de 2009, art. 54).",
    )
    activo = models.BooleanField(
        "activo", default=True, editable=False, help_text="Un tipo inactivo no recibe servicios nuevos."
    )
    orden = models.PositiveSmallIntegerField(
        "orden",
        default=100,
        validators=[MaxValueValidator(32_767, "El orden es un número de 0 a 32.767.")],
        help_text="Lugar en las listas: los números menores van primero.",
    )
    busqueda = CampoBusqueda(fuentes=("nombre", "codigo"))
    history = historia(sin=["busqueda"])

    class Meta(ModeloBase.Meta):
        verbose_name = "tipo de servicio"
        verbose_name_plural = "tipos de servicio"
        ordering = ("orden", "nombre")
        constraints = [
            models.CheckConstraint(
                condition=Q(componentes_minimos=0)
                | Q(es_paquete=True, componentes_minimos__gte=COMPONENTES_DE_UN_PAQUETE),
                name="tipo_componentes_minimos",
                violation_error_message=(
                    "Un paquete se compone de dos servicios o más, y un tipo que no es paquete, de ninguno."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.nombre

    def clean(self) -> None:
        from servicios import reglas

        if self.es_paquete and not self.componentes_minimos:
            self.componentes_minimos = COMPONENTES_DE_UN_PAQUETE
        iguales = TipoServicio.objects.exclude(pk=self.pk).values_list("nombre", flat=True)
        if self.nombre and normalizar(self.nombre) in {normalizar(nombre) for nombre in iguales}:
            # Los archivos nombran el tipo sin tildes ni mayúsculas: dos así no se distinguirían.
            raise ValidationError({"nombre": "Ya hay un tipo de servicio con ese nombre."})
        reglas.validar_cambio_de_paquete(self)

    @property
    def minimo_de_componentes(self) -> int:
        """Cuántos servicios necesita un paquete de este tipo; 0 si el tipo no es de paquetes."""
        return max(self.componentes_minimos, COMPONENTES_DE_UN_PAQUETE) if self.es_paquete else 0

    def definiciones(self) -> list[Definicion]:
        """Las definiciones de atributo del tipo, en su orden."""
        return [atributo.definicion() for atributo in self.atributos.all()]


class AtributoTipo(ModeloBase):
    """Un dato que describe a los servicios de un tipo: velocidad, gigas, días de vigencia…"""

    tipo = models.ForeignKey(TipoServicio, models.CASCADE, related_name="atributos", verbose_name="tipo de servicio")
    nombre = models.CharField("nombre", max_length=80, help_text="Como se lee en la ficha: Velocidad de bajada.")
    clave = models.CharField(
        "clave",
        max_length=40,
        validators=[validar_clave],
        help_text="Identifica el dato en los archivos. En blanco, se propone a partir del nombre.",
    )
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
            raise ValidationError({"opciones": "Escriba una lista de textos, uno por línea."})
        if len(set(self.opciones)) != len(self.opciones):
            raise ValidationError({"opciones": "Hay opciones repetidas."})
        if self.tipo_dato == TipoDato.OPCION and not self.opciones:
            raise ValidationError({"opciones": "Una lista de opciones necesita al menos un valor."})
        if self.tipo_dato != TipoDato.OPCION and self.opciones:
            raise ValidationError({"opciones": "Las opciones solo valen si la clase de dato es una lista."})
        if self.tipo_dato not in (TipoDato.ENTERO, TipoDato.DECIMAL) and (self.minimo, self.maximo) != (None, None):
            raise ValidationError({"minimo": "El mínimo y el máximo solo valen para números."})

    def definicion(self) -> Definicion:
        """La definición como valor puro, para validar sin volver a la base."""
        return Definicion(
            clave=self.clave,
            nombre=self.nombre,
            tipo_dato=TipoDato(self.tipo_dato),
            unidad=self.unidad,
            obligatorio=self.obligatorio,
            minimo=self.minimo,
            maximo=self.maximo,
            opciones=tuple(self.opciones),
        )
