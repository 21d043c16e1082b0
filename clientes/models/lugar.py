"""Departamentos y municipios según la DIVIPOLA del DANE."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from movistar_site.comun.auditoria import historia
from movistar_site.comun.campos import CampoBusqueda
from movistar_site.comun.models import ModeloBase


class Departamento(ModeloBase):
    """Departamento (o Bogotá, D. C.) con su código DANE de dos cifras."""

    codigo = models.CharField(
        "código",
        max_length=2,
        primary_key=True,
        error_messages={"unique": "Ya hay un departamento con ese código."},
        validators=[RegexValidator(r"^\d{2}\Z", "El código del departamento tiene dos cifras, por ejemplo 05.")],
    )
    nombre = models.CharField(
        "nombre", max_length=80, unique=True, error_messages={"unique": "Ya hay un departamento con ese nombre."}
    )
    busqueda = CampoBusqueda(fuentes=("nombre", "codigo"))
    history = historia(sin=["busqueda"])

    class Meta(ModeloBase.Meta):
        verbose_name = "departamento"
        verbose_name_plural = "departamentos"
        ordering = ("nombre",)

    def __str__(self) -> str:
        return self.nombre


class Municipio(ModeloBase):
    """Municipio con su código DANE: texto de cinco cifras, que empieza por el del departamento."""

    codigo = models.CharField(
        "código",
        max_length=5,
        primary_key=True,
        error_messages={"unique": "Ya hay un municipio con ese código."},
        validators=[RegexValidator(r"^\d{5}\Z", "El código del municipio tiene cinco cifras, por ejemplo 05001.")],
    )
    nombre = models.CharField("nombre", max_length=80)
    departamento = models.ForeignKey(
        Departamento, models.PROTECT, related_name="municipios", verbose_name="departamento"
    )
    es_divipola = models.BooleanField(
        "viene de la DIVIPOLA",
        default=False,
        editable=False,
        help_text="Los que añade un administrador salen en la exportación; los de la DIVIPOLA ya están en todo panel.",
    )
    busqueda = CampoBusqueda(fuentes=("nombre", "codigo", "departamento"))
    history = historia(sin=["busqueda"])

    class Meta(ModeloBase.Meta):
        verbose_name = "municipio"
        verbose_name_plural = "municipios"
        ordering = ("nombre", "codigo")

    def __str__(self) -> str:
        # Bogotá, D. C. es municipio y departamento: una vez basta.
        if not self.departamento_id or self.nombre == self.departamento.nombre:
            return self.nombre
        return f"{self.nombre} ({self.departamento})"

    def clean(self) -> None:
        if self.departamento_id and self.codigo and not self.codigo.startswith(self.departamento_id):
            raise ValidationError(
                {"codigo": f"El código debe empezar por el del departamento, {self.departamento_id}."}
            )
