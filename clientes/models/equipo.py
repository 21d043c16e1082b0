"""Quiénes atienden y por qué se quejan los clientes: equipos y motivos, que un administrador mantiene."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from movistar_site.comun.auditoria import historia
from movistar_site.comun.models import ModeloBase

from .vigencia import ConVigencia, VigenciaQuerySet


class Equipo(ModeloBase):
    """Un grupo de personas que atiende interacciones; reparte lo que nadie tomó entre sus miembros."""

    nombre = models.CharField(
        "nombre", max_length=60, unique=True, error_messages={"unique": "Ya hay un equipo con ese nombre."}
    )
    miembros = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="equipos", verbose_name="miembros"
    )
    activo = models.BooleanField("activo", default=True)
    history = historia(m2m_fields=[miembros])

    class Meta(ModeloBase.Meta):
        verbose_name = "equipo"
        verbose_name_plural = "equipos"
        ordering = ("nombre",)

    def __str__(self) -> str:
        return self.nombre


class MotivoInteraccion(ConVigencia, ModeloBase):
    """Por qué consulta o reclama un cliente, con la norma que lo nombra y el tiempo en que se ofrece."""

    codigo = models.SlugField(
        "código",
        max_length=40,
        unique=True,
        error_messages={"unique": "Ya hay un motivo con ese código."},
        help_text="Letras minúsculas, cifras y guiones. Va en los archivos y ya no cambia.",
    )
    nombre = models.CharField(
        "nombre", max_length=80, unique=True, error_messages={"unique": "Ya hay un motivo con ese nombre."}
    )
    es_de_cobro = models.BooleanField(
        "discute una suma", default=False, help_text="Mientras esté abierta no se suspende por la suma discutida."
    )
    equipo = models.ForeignKey(
        Equipo,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="motivos",
        verbose_name="equipo que lo atiende",
        help_text="Al radicar, el caso va a este equipo.",
    )
    norma = models.CharField("norma", max_length=300, blank=True)
    vigente_desde = models.DateField("vigente desde")
    vigente_hasta = models.DateField(
        "vigente hasta", null=True, blank=True, help_text="El último día en que se ofrece. En blanco, sigue."
    )
    orden = models.PositiveSmallIntegerField("orden", default=100, help_text="El menor sale primero en las listas.")
    objects = VigenciaQuerySet.as_manager()
    history = historia()

    class Meta(ModeloBase.Meta):
        verbose_name = "motivo"
        verbose_name_plural = "motivos"
        ordering = ("orden", "nombre")
        constraints = [
            models.CheckConstraint(
                condition=Q(vigente_hasta__isnull=True) | Q(vigente_hasta__gte=F("vigente_desde")),
                name="motivo_vigencia_en_orden",
                violation_error_message="Un motivo no puede dejar de regir antes de empezar.",
            ),
        ]

    def __str__(self) -> str:
        return self.nombre
