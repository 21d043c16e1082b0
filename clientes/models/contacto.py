"""Los contactos con los clientes y la lista de números excluidos (Ley 2300 de 2023)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from movistar_site.comun.auditoria import historia
from movistar_site.comun.models import ModeloBase
from movistar_site.comun.opciones import Canal

from .cliente import Cliente


class FinalidadContacto(models.TextChoices):
    """Para qué se contacta a un cliente. No hay una por omisión: quien contacta la dice."""

    COMERCIAL = "comercial", "Comercial"
    SERVICIO = "servicio", "De servicio"


class ResultadoContacto(models.TextChoices):
    """En qué terminó un contacto."""

    EN_CURSO = "en_curso", "En curso"
    EFECTIVO = "efectivo", "Habló o respondió"
    NO_RESPONDE = "no_responde", "No responde"
    EQUIVOCADO = "equivocado", "Dato equivocado"


class ContactoQuerySet(models.QuerySet["Contacto"]):
    """Vocabulario de los contactos."""

    def salientes(self) -> ContactoQuerySet:
        """Los que empezó el operador: los únicos que la Ley 2300 limita."""
        return self.filter(entrante=False)

    def comerciales(self) -> ContactoQuerySet:
        """Los que ofrecen algo."""
        return self.filter(finalidad=FinalidadContacto.COMERCIAL)


class Contacto(ModeloBase):
    """Una vez que se habló con un cliente, o se intentó. Solo nace por `operaciones.abrir_contacto`, tras la puerta."""

    # Sin índice propio: `contacto_de_cliente` empieza por el cliente.
    cliente = models.ForeignKey(
        Cliente, models.PROTECT, related_name="contactos", verbose_name="cliente", db_index=False
    )
    canal = models.CharField("canal", max_length=10, choices=Canal.choices)
    finalidad = models.CharField("finalidad", max_length=12, choices=FinalidadContacto.choices)
    entrante = models.BooleanField("lo empezó el cliente", default=False)
    momento = models.DateTimeField("cuándo", default=timezone.now)
    # El día de Bogotá en que ocurrió: de él depende el límite diario.
    dia = models.DateField("día", editable=False)
    resultado = models.CharField(
        "resultado", max_length=12, choices=ResultadoContacto.choices, default=ResultadoContacto.EN_CURSO
    )
    asunto = models.CharField("asunto", max_length=160, blank=True)
    nota = models.TextField("nota", blank=True)
    hecho_por = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="cuenta que contactó",
    )
    hecho_por_nombre = models.CharField("hecho por", max_length=150, blank=True, editable=False)
    # Se hizo con una ficha repetida del mismo cliente, el día en que también se le contactó con la otra: ocurrió, y la
    # fusión de las dos no lo borra, pero el límite de ese día ya no se puede hacer cumplir.
    con_otra_ficha = models.BooleanField("se hizo con otra ficha", default=False, editable=False)
    objects = ContactoQuerySet.as_manager()
    history = historia()

    class Meta(ModeloBase.Meta):
        verbose_name = "contacto"
        verbose_name_plural = "contactos"
        ordering = ("-momento", "-id")
        indexes = [
            # El orden de la lista.
            models.Index(fields=("-momento", "-id"), name="contacto_momento"),
            # Lo que la puerta pregunta (los de esta semana) y la línea de tiempo de un cliente.
            models.Index(fields=("cliente", "-momento", "-id"), name="contacto_de_cliente"),
            # Los que nadie ha cerrado son pocos: el reloj los busca cada día.
            models.Index(fields=("dia", "id"), condition=Q(resultado="en_curso"), name="contacto_en_curso"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("cliente", "dia"),
                condition=Q(
                    finalidad="comercial",
                    entrante=False,
                    resultado__in=("en_curso", "efectivo"),
                    con_otra_ficha=False,
                ),
                name="contacto_comercial_uno_al_dia",
                violation_error_message="A un cliente se le contacta con fines comerciales una sola vez al día"
                " (Ley 2300 de 2023).",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_canal_display()}, {timezone.localtime(self.momento):%d/%m/%Y %H:%M}"


class CargaRne(ModeloBase):
    """Una lista de números excluidos tal como se bajó un día del registro (RNE). Rige la última completa."""

    consultada_el = models.DateField("fecha de la consulta")
    archivo = models.CharField("archivo", max_length=200, blank=True)
    sha256 = models.CharField("huella del archivo", max_length=64, blank=True, editable=False)
    cuantos = models.PositiveIntegerField("números", default=0, editable=False)
    completa = models.BooleanField("completa", default=False, editable=False)
    avance = models.PositiveSmallIntegerField("avance (%)", default=0, editable=False)
    malos = models.PositiveIntegerField("renglones malos", default=0, editable=False)
    # Los primeros renglones que no se entendieron, como {"linea": 7, "motivo": "…"}; `malos` los cuenta todos.
    rechazados = models.JSONField("renglones que no se entendieron", default=list, blank=True, editable=False)
    falla = models.CharField("por qué no se cargó", max_length=300, blank=True, editable=False)
    cargada_por_nombre = models.CharField("cargada por", max_length=150, blank=True, editable=False)
    history = historia()

    class Meta(ModeloBase.Meta):
        verbose_name = "carga de números excluidos"
        verbose_name_plural = "números excluidos (RNE)"
        ordering = ("-consultada_el", "-id")

    def __str__(self) -> str:
        return f"RNE del {self.consultada_el:%d/%m/%Y}"

    @property
    def en_curso(self) -> bool:
        """Si todavía se está leyendo."""
        return not self.completa and not self.falla


class NumeroExcluido(models.Model):
    """Un número o correo cuyo dueño pidió no recibir mensajes comerciales por un canal, o (vacío) por ninguno."""

    # Sin índices propios: el único empieza por la carga.
    carga = models.ForeignKey(CargaRne, models.CASCADE, related_name="numeros", verbose_name="carga", db_index=False)
    dato = models.CharField("número o correo", max_length=254)
    canal = models.CharField("canal", max_length=10, choices=Canal.choices)

    class Meta:
        verbose_name = "número excluido"
        verbose_name_plural = "números excluidos"
        default_permissions = ()
        ordering = ("dato", "canal")
        constraints = [
            models.UniqueConstraint(fields=("carga", "dato", "canal"), name="excluido_una_vez_por_carga"),
        ]

    def __str__(self) -> str:
        return f"{self.dato} ({self.get_canal_display()})"
