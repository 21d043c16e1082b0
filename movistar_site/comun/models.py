"""Modelos del terreno común: personas que usan el panel, parámetros con norma y consecutivos."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models

from .auditoria import historia
from .parametros import CATALOGO, validar_valor

# Además de los cuatro de Django, importar y exportar son derechos propios de cada modelo.
PERMISOS = ("add", "change", "delete", "view", "importar", "exportar")


class ModeloBase(models.Model):
    """Lo que todo modelo del dominio lleva: cuándo se creó y cuándo cambió por última vez."""

    creado_en = models.DateTimeField("creado", auto_now_add=True)
    actualizado_en = models.DateTimeField("actualizado", auto_now=True)

    class Meta:
        abstract = True
        default_permissions = PERMISOS


class Usuario(AbstractUser):
    """Persona que entra al panel: administrador, agente, asesor o analista."""

    class Meta(AbstractUser.Meta):
        verbose_name = "usuario"
        verbose_name_plural = "usuarios"


class Parametro(ModeloBase):
    """Valor de una regla desde una fecha, con la norma o la decisión que lo respalda.

    Un cambio es una fila nueva con su fecha: lo pasado se sigue calculando con lo que regía entonces.
    Los valores iniciales están en `parametros.CATALOGO`.
    """

    clave = models.CharField("parámetro", max_length=60, choices=[(p.clave, p.nombre) for p in CATALOGO.values()])
    valor = models.CharField("valor", max_length=200)
    vigente_desde = models.DateField("vigente desde")
    norma = models.CharField("norma", max_length=300, help_text="La ley, la resolución o la decisión que lo respalda.")
    history = historia()

    class Meta(ModeloBase.Meta):
        verbose_name = "parámetro"
        verbose_name_plural = "parámetros"
        ordering = ("clave", "-vigente_desde")
        constraints = [
            models.UniqueConstraint(
                fields=("clave", "vigente_desde"),
                name="parametro_uno_por_fecha",
                violation_error_message="Ya hay un valor de este parámetro que rige desde esa fecha.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_clave_display()}: {self.valor}"

    def clean(self) -> None:
        if self.clave in CATALOGO:
            try:
                validar_valor(self.clave, self.valor)
            except ValueError as error:
                raise ValidationError({"valor": str(error)}) from error


class Consecutivo(models.Model):
    """Último número entregado de una serie (contratos, interacciones…). Se usa por `consecutivos.reservar`."""

    serie = models.CharField("serie", max_length=40, primary_key=True)
    ultimo = models.BigIntegerField("último número", default=0)

    class Meta:
        verbose_name = "consecutivo"
        verbose_name_plural = "consecutivos"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.serie}: {self.ultimo}"


def nombre_de(usuario: Any) -> str:
    """Nombre para mostrar de quien usa el panel: nombre y apellido o, si faltan, el de usuario."""
    return (usuario.get_full_name() or usuario.get_username()) if usuario else ""
