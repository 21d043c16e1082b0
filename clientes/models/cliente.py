"""El cliente: quién es, dónde está, desde cuándo y en qué categoría."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse

from movistar_site.comun import valores
from movistar_site.comun.auditoria import historia
from movistar_site.comun.busqueda import con_indice
from movistar_site.comun.campos import CampoBusqueda, CampoTelefono
from movistar_site.comun.models import ModeloBase
from movistar_site.comun.opciones import Categoria, TipoDocumento

from .lugar import Municipio


class TipoPersona(models.TextChoices):
    """Persona natural o empresa."""

    NATURAL = "natural", "Persona natural"
    JURIDICA = "juridica", "Empresa"


class EstadoCliente(models.TextChoices):
    """Un cliente inactivo conserva su historia y no recibe contratos nuevos."""

    ACTIVO = "activo", "Activo"
    INACTIVO = "inactivo", "Inactivo"


class ClienteQuerySet(models.QuerySet["Cliente"]):
    """Vocabulario de los clientes."""

    def activos(self) -> ClienteQuerySet:
        """Los que hoy son clientes."""
        return self.filter(estado=EstadoCliente.ACTIVO)

    def con_categoria(self, hoy: date, reglas: Mapping[str, Any]) -> ClienteQuerySet:
        """Añade `categoria`: la asignada a mano o, si no hay, la que da la permanencia el día `hoy`.

        `reglas` son los parámetros que rigen (`parametros(hoy)`). No se guarda en una columna: cambia sola.
        """
        return self.annotate(categoria=expresion_de_categoria(hoy, reglas))

    def en(self, dia: date) -> ClienteQuerySet:
        """Los que eran clientes al terminar ese día: ya vinculados y todavía no inactivos.

        De quien estuvo inactivo y volvió no se guarda el hueco: cuenta como si nunca se hubiera ido.
        """
        return self.filter(cliente_el(dia))

    def de_categoria(self, categoria: str, hoy: date, reglas: Mapping[str, Any]) -> ClienteQuerySet:
        """Los de una categoría, con rangos de fecha que el índice de `fecha_vinculacion` puede usar."""
        return self.filter(condicion_de_categoria(categoria, hoy, reglas))

    def con_permanencia(self, hoy: date, *, desde: int | None = None, hasta: int | None = None) -> ClienteQuerySet:
        """Los que el día `hoy` han cumplido al menos `desde` años y todavía no `hasta`."""
        consulta = self
        if desde is not None:
            consulta = consulta.filter(fecha_vinculacion__lte=ultima_vinculacion_con(desde, hoy))
        if hasta is not None:
            consulta = consulta.filter(fecha_vinculacion__gt=ultima_vinculacion_con(hasta, hoy))
        return consulta

    def por_completar(self, si: bool = True) -> ClienteQuerySet:
        """Los que tienen datos que una importación dedujo o recibió incompletos o, con `si=False`, los que no."""
        completos = Q(pendientes={})
        return self.filter(~completos if si else completos)

    def con_interaccion_abierta(self, abierta: bool = True) -> ClienteQuerySet:
        """Los que esperan respuesta a alguna interacción o, con `abierta=False`, los que no."""
        interacciones = Cliente._meta.get_field("interacciones").related_model._default_manager
        pendientes = interacciones.filter(estado__in=("abierta", "en_tramite")).order_by().values("cliente")
        return self.filter(pk__in=pendientes) if abierta else self.exclude(pk__in=pendientes)


def cliente_el(dia: date) -> Q:
    """Ser cliente al terminar ese día (véase `ClienteQuerySet.en`)."""
    return Q(Q(inactivo_desde__isnull=True) | Q(inactivo_desde__gt=dia), fecha_vinculacion__lte=dia)


def expresion_de_categoria(
    hoy: date, reglas: Mapping[str, Any], *, fecha: str = "fecha_vinculacion", asignada: str = "categoria_asignada"
) -> Case:
    """La categoría el día `hoy`, de la columna con la fecha de vinculación y de la asignada a mano."""
    regular, leal = _limites(hoy, reglas)
    return Case(
        When(~Q(**{asignada: ""}), then=F(asignada)),
        When(Q(**{f"{fecha}__lte": leal}), then=Value(Categoria.LEAL.value)),
        When(Q(**{f"{fecha}__lte": regular}), then=Value(Categoria.REGULAR.value)),
        default=Value(Categoria.NUEVO.value),
        output_field=models.CharField(max_length=10),
    )


def condicion_de_categoria(categoria: str, hoy: date, reglas: Mapping[str, Any]) -> Q:
    """Ser de esa categoría el día `hoy`, dicho de la asignada a mano y de rangos de la fecha de vinculación."""
    regular, leal = _limites(hoy, reglas)
    por_permanencia = {
        Categoria.LEAL: Q(fecha_vinculacion__lte=leal),
        Categoria.REGULAR: Q(fecha_vinculacion__lte=regular, fecha_vinculacion__gt=leal),
        Categoria.NUEVO: Q(fecha_vinculacion__gt=max(regular, leal)),
    }[Categoria(categoria)]
    return Q(categoria_asignada=categoria) | (Q(categoria_asignada="") & por_permanencia)


def ultima_vinculacion_con(anios: int, hoy: date) -> date:
    """La fecha de vinculación más tardía con la que el día `hoy` se han cumplido `anios` años."""
    meses = anios * 12
    return valores.limites_de_categoria(hoy, meses_regular=meses, meses_leal=meses).ultima_fecha_regular


def _limites(hoy: date, reglas: Mapping[str, Any]) -> tuple[date, date]:
    return valores.limites_de_categoria(hoy, meses_regular=reglas["meses_regular"], meses_leal=reglas["meses_leal"])


@con_indice
class Cliente(ModeloBase):
    """Persona o empresa a la que el operador presta o prestó servicios."""

    tipo_persona = models.CharField(
        "tipo de persona", max_length=10, choices=TipoPersona.choices, default=TipoPersona.NATURAL
    )
    tipo_documento = models.CharField(
        "tipo de documento", max_length=3, choices=TipoDocumento.choices, default=TipoDocumento.CC
    )
    documento = models.CharField("documento", max_length=20)
    nombre = models.CharField("nombre o razón social", max_length=120)
    apellido = models.CharField("apellido", max_length=120, blank=True)
    email = models.EmailField("correo electrónico", blank=True)
    telefono = CampoTelefono("teléfono", blank=True)
    telefono_alterno = CampoTelefono("otro teléfono", blank=True)
    direccion = models.CharField("dirección", max_length=200, blank=True)
    # Sin índice propio: `cliente_municipio` empieza por él.
    municipio = models.ForeignKey(
        Municipio,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="clientes",
        verbose_name="municipio",
        db_index=False,
    )
    estrato = models.PositiveSmallIntegerField(
        "estrato",
        null=True,
        blank=True,
        validators=[
            MinValueValidator(1, "El estrato va de 1 a 6."),
            MaxValueValidator(6, "El estrato va de 1 a 6."),
        ],
    )
    fecha_vinculacion = models.DateField(
        "fecha de vinculación", help_text="Desde cuándo es cliente; de aquí sale la permanencia."
    )
    categoria_asignada = models.CharField(
        "categoría asignada a mano",
        max_length=10,
        blank=True,
        default="",
        choices=Categoria.choices,
        help_text="Vacía, la categoría la da la permanencia.",
    )
    motivo_categoria = models.CharField("motivo de la categoría", max_length=200, blank=True, default="")
    estado = models.CharField(
        "estado", max_length=10, choices=EstadoCliente.choices, default=EstadoCliente.ACTIVO, editable=False
    )
    inactivo_desde = models.DateField("inactivo desde", null=True, blank=True, editable=False)
    # Sus datos personales se borraron (Ley 1581 de 2012); lo contratado y lo reclamado se conserva sin nombre.
    anonimizado_el = models.DateField("anonimizado el", null=True, blank=True, editable=False)
    notas = models.TextField("notas", blank=True)
    id_origen = models.CharField(
        "identificador de origen",
        max_length=60,
        blank=True,
        default="",
        editable=False,
        help_text="El número que tenía en el sistema de donde vino.",
    )
    pendientes = models.JSONField(
        "datos por completar",
        default=dict,
        blank=True,
        editable=False,
        help_text="Campo → por qué hay que revisarlo: lo que una importación dedujo o recibió incompleto.",
    )
    busqueda = CampoBusqueda(
        fuentes=("nombre", "apellido", "tipo_documento", "documento", "telefono", "telefono_alterno", "email")
    )
    objects = ClienteQuerySet.as_manager()
    history = historia(sin=["busqueda"], por_fecha=True)

    class Meta(ModeloBase.Meta):
        verbose_name = "cliente"
        verbose_name_plural = "clientes"
        ordering = ("-id",)
        indexes = [
            # Categoría y permanencia son rangos de esta fecha. Lo demás va para contar a quienes lo eran un día, por
            # categoría y por lugar, sin tocar la tabla.
            models.Index(
                fields=("fecha_vinculacion", "inactivo_desde", "categoria_asignada", "municipio"),
                name="cliente_vinculacion",
            ),
            # Los de hoy, lo mismo.
            models.Index(
                fields=("estado", "fecha_vinculacion", "categoria_asignada", "municipio"),
                name="cliente_estado_vinculacion",
            ),
            # Los de un lugar, lo mismo.
            models.Index(
                fields=("municipio", "estado", "fecha_vinculacion", "inactivo_desde", "categoria_asignada"),
                name="cliente_municipio",
            ),
            # Ordenar la lista por nombre.
            models.Index(fields=("apellido", "nombre"), name="cliente_nombre"),
            # Buscar por documento sin saber el tipo: el único lo cubre solo con él.
            models.Index(fields=("documento",), name="cliente_documento"),
            # Los inactivos son pocos: sin índice habría que recorrer la tabla para hallarlos.
            models.Index(fields=("estado", "-id"), name="cliente_estado_recientes"),
            # Hallar probables duplicados: quien comparte teléfono o correo, y el registro que vino de otro sistema.
            models.Index(fields=("telefono",), name="cliente_telefono", condition=~Q(telefono="")),
            models.Index(fields=("email",), name="cliente_email", condition=~Q(email="")),
            models.Index(fields=("id_origen",), name="cliente_id_origen", condition=~Q(id_origen="")),
            # Los que tienen datos por completar son pocos, o lo serán.
            models.Index(fields=("-id",), name="cliente_por_completar", condition=~Q(pendientes={})),
            # Las asignadas a mano son pocas: índice parcial.
            models.Index(
                fields=("categoria_asignada",), name="cliente_categoria_a_mano", condition=~Q(categoria_asignada="")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("tipo_documento", "documento"),
                name="cliente_documento_unico",
                violation_error_message="Ya hay un cliente con ese tipo y número de documento.",
            ),
            models.CheckConstraint(
                condition=Q(estrato__isnull=True) | Q(estrato__range=(1, 6)),
                name="cliente_estrato",
                violation_error_message="El estrato va de 1 a 6.",
            ),
            models.CheckConstraint(
                condition=Q(categoria_asignada="") | ~Q(motivo_categoria=""),
                name="cliente_categoria_con_motivo",
                violation_error_message="Para asignar la categoría a mano escriba el motivo.",
            ),
            models.CheckConstraint(
                condition=Q(estado=EstadoCliente.ACTIVO, inactivo_desde__isnull=True)
                | Q(estado=EstadoCliente.INACTIVO, inactivo_desde__isnull=False),
                name="cliente_inactivo_con_fecha",
                violation_error_message="Un cliente inactivo lleva la fecha desde la que lo es, y uno activo no.",
            ),
            models.CheckConstraint(
                condition=Q(anonimizado_el__isnull=True) | Q(estado=EstadoCliente.INACTIVO),
                name="cliente_anonimizado_inactivo",
                violation_error_message="Un cliente anonimizado está inactivo.",
            ),
        ]

    def __str__(self) -> str:
        # Con espacio duro: el tipo y su número no se separan al final de un renglón.
        return f"{self.nombre_completo} ({self.tipo_documento}\u00a0{self.documento_visible})"

    def get_absolute_url(self) -> str:
        """Su ficha: lo que se abre desde las listas y desde lo que lo nombra."""
        return reverse("ficha_de_cliente", args=(self.pk,))

    @property
    def nombre_completo(self) -> str:
        """Nombre y apellido, o la razón social."""
        return f"{self.nombre} {self.apellido}".strip()

    @property
    def documento_visible(self) -> str:
        """El documento con sus puntos: 1.020.304.050."""
        return valores.formatear_documento(self.tipo_documento, self.documento)

    def clean(self) -> None:
        faltas: dict[str, str] = {}
        if self.documento:
            try:
                self.documento = valores.normalizar_documento(self.tipo_documento, self.documento)
            except ValueError as error:
                faltas["documento"] = str(error)
        if self.tipo_persona == TipoPersona.JURIDICA and self.tipo_documento != TipoDocumento.NIT:
            faltas["tipo_documento"] = "Una empresa se identifica con NIT."
        sin_apellido = self.tipo_persona == TipoPersona.NATURAL and not self.apellido.strip()
        if sin_apellido and "apellido" not in (self.pendientes or {}):
            faltas["apellido"] = "Escriba el apellido de la persona."
        if self.categoria_asignada and not self.motivo_categoria.strip():
            faltas["motivo_categoria"] = "Para asignar la categoría a mano escriba el motivo."
        if not self.categoria_asignada:
            self.motivo_categoria = ""
        if faltas:
            raise ValidationError(faltas)
