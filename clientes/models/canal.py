"""Por dónde se recibe una interacción: los canales, que un administrador mantiene."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from movistar_site.comun.auditoria import historia
from movistar_site.comun.models import ModeloBase

from .vigencia import ConVigencia, VigenciaQuerySet


class CanalAtencion(ConVigencia, ModeloBase):
    """Un canal por el que se recibe y se responde, con la norma que lo exige y el tiempo en que se ofrece.

    Una interacción guarda el código: retirar un canal lo quita de las nuevas y no toca las que llegaron por él. Los
    consentimientos no usan esta lista: la Ley 2300 de 2023 nombra los suyos (`comun.opciones.Canal`).
    """

    codigo = models.CharField(
        "código",
        max_length=10,
        unique=True,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*\Z", "Use minúsculas sin tildes, cifras y guion bajo, como web.")],
        error_messages={"unique": "Ya hay un canal con ese código."},
        help_text="Hasta 10 letras minúsculas, sin tildes. Va en los archivos y ya no cambia.",
    )
    nombre = models.CharField(
        "nombre", max_length=60, unique=True, error_messages={"unique": "Ya hay un canal con ese nombre."}
    )
    norma = models.CharField("norma", max_length=300, blank=True, help_text="La que obliga a atender por este canal.")
    vigente_desde = models.DateField("vigente desde")
    vigente_hasta = models.DateField(
        "vigente hasta", null=True, blank=True, help_text="El último día en que se ofrece. En blanco, sigue."
    )
    orden = models.PositiveSmallIntegerField("orden", default=100, help_text="El menor sale primero en las listas.")
    objects = VigenciaQuerySet.as_manager()
    history = historia()

    class Meta(ModeloBase.Meta):
        verbose_name = "canal de atención"
        verbose_name_plural = "canales de atención"
        ordering = ("orden", "nombre")
        constraints = [
            models.CheckConstraint(
                condition=Q(vigente_hasta__isnull=True) | Q(vigente_hasta__gte=F("vigente_desde")),
                name="canal_vigencia_en_orden",
                violation_error_message="Un canal no puede dejar de regir antes de empezar.",
            ),
        ]

    def __str__(self) -> str:
        return self.nombre
