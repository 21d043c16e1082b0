"""Los segmentos: un grupo de clientes dicho por sus filtros, que se cuenta cada vez que se mira."""

from __future__ import annotations

from django.db import models

from movistar_site.comun.auditoria import historia
from movistar_site.comun.campos import CampoBusqueda
from movistar_site.comun.models import ModeloBase
from servicios.models import Promocion


class Segmento(ModeloBase):
    """Clientes que cumplen unos filtros. No guarda a nadie: quien deja de cumplirlos sale solo."""

    nombre = models.CharField(
        "nombre", max_length=80, unique=True, error_messages={"unique": "Ya hay un segmento con ese nombre."}
    )
    descripcion = models.TextField("descripción", blank=True)
    filtros = models.TextField(
        "filtros", blank=True, editable=False, help_text="Como van en la dirección de la lista: categoria=leal&…"
    )
    promociones = models.ManyToManyField(
        Promocion,
        blank=True,
        related_name="segmentos",
        verbose_name="promociones solo para el segmento",
        help_text="Una promoción de algún segmento vale solo para los clientes de sus segmentos.",
    )
    activo = models.BooleanField("activo", default=True, editable=False)
    creado_por_nombre = models.CharField("creado por", max_length=150, blank=True, editable=False)
    busqueda = CampoBusqueda(fuentes=("nombre", "descripcion"))
    history = historia(sin=["busqueda"], m2m_fields=[promociones])

    class Meta(ModeloBase.Meta):
        verbose_name = "segmento"
        verbose_name_plural = "segmentos"
        ordering = ("nombre",)

    def __str__(self) -> str:
        return self.nombre
