"""Modelos del terreno común: personas que usan el panel, parámetros con norma y consecutivos."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from .auditoria import historia
from .calendario import PRIMER_ANIO, ULTIMO_ANIO, Calendario
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


class Festivo(ModeloBase):
    """Un día que no se trabaja y que el calendario nacional no conoce: una ley nueva, un día cívico por decreto.

    Cuenta para lo que se radique desde que se registra; no mueve el plazo de lo ya radicado.
    """

    fecha = models.DateField("fecha", unique=True, error_messages={"unique": "Ese día ya está registrado."})
    nombre = models.CharField("nombre", max_length=80)
    norma = models.CharField("norma", max_length=300, help_text="La ley o el decreto que lo declara.")
    history = historia()

    class Meta(ModeloBase.Meta):
        verbose_name = "festivo adicional"
        verbose_name_plural = "festivos adicionales"
        ordering = ("-fecha",)

    def __str__(self) -> str:
        return f"{self.fecha:%d/%m/%Y} · {self.nombre}"

    def clean(self) -> None:
        if self.fecha is None:
            return
        if not PRIMER_ANIO <= self.fecha.year <= ULTIMO_ANIO:
            raise ValidationError({"fecha": f"Se esperaba una fecha de {PRIMER_ANIO} a {ULTIMO_ANIO}."})
        if Calendario().es_festivo(self.fecha):
            raise ValidationError({"fecha": f"El {self.fecha:%d/%m/%Y} ya es festivo en todo el país."})


class Aviso(models.Model):
    """Algo que una persona del panel debe saber: lo ve en la campana y, si tiene correo, le llega.

    `clave` dice de qué es («por vencer R-00000012 2026-12-01»): el mismo aviso no se da dos veces a nadie.
    """

    usuario = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="avisos", verbose_name="para", db_index=False
    )
    clave = models.CharField("clave", max_length=120)
    titulo = models.CharField("título", max_length=160)
    texto = models.TextField("texto", blank=True)
    enlace = models.CharField("enlace", max_length=300, blank=True)
    creado_el = models.DateTimeField("creado", default=timezone.now)
    leido_el = models.DateTimeField("leído", null=True, blank=True)
    enviado_el = models.DateTimeField("enviado por correo", null=True, blank=True)

    class Meta:
        verbose_name = "aviso"
        verbose_name_plural = "avisos"
        default_permissions = ()
        ordering = ("-creado_el", "-id")
        indexes = [
            models.Index(fields=("usuario", "-creado_el", "-id"), name="aviso_de_usuario"),
            models.Index(fields=("id",), condition=models.Q(enviado_el__isnull=True), name="aviso_por_enviar"),
            # La campana los cuenta en cada página.
            models.Index(fields=("usuario",), condition=models.Q(leido_el__isnull=True), name="aviso_sin_leer"),
        ]
        constraints = [models.UniqueConstraint(fields=("usuario", "clave"), name="aviso_una_vez")]

    def __str__(self) -> str:
        return self.titulo


class VistaGuardada(ModeloBase):
    """Unos filtros de una página, con nombre, propios o de todos; uno puede ser el que se abre solo."""

    usuario = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="vistas_guardadas", verbose_name="de"
    )
    pagina = models.CharField("página", max_length=40)
    nombre = models.CharField("nombre", max_length=60)
    parametros = models.TextField("filtros", blank=True)
    compartida = models.BooleanField("la ven todos", default=False)
    predeterminada = models.BooleanField("es la que se abre", default=False)

    class Meta(ModeloBase.Meta):
        verbose_name = "vista guardada"
        verbose_name_plural = "vistas guardadas"
        default_permissions = ()  # type: ignore[assignment]
        ordering = ("nombre",)
        constraints = [
            models.UniqueConstraint(
                fields=("usuario", "pagina", "nombre"),
                name="vista_un_nombre",
                violation_error_message="Ya tiene una vista con ese nombre.",
            ),
            models.UniqueConstraint(
                fields=("usuario", "pagina"),
                condition=models.Q(predeterminada=True),
                name="vista_una_predeterminada",
                violation_error_message="Ya hay otra vista que se abre sola.",
            ),
        ]

    def __str__(self) -> str:
        return self.nombre


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


class Exportacion(models.Model):
    """Constancia de lo que alguien se llevó: se anota al empezar y se cierra al terminar o al cortarse."""

    class Estado(models.TextChoices):
        EN_CURSO = "en_curso", "En curso"
        TERMINADA = "terminada", "Terminada"
        INTERRUMPIDA = "interrumpida", "Interrumpida"

    class Puerta(models.TextChoices):
        LISTA = "lista", "Una lista"
        PAGINA = "pagina", "Exportar datos"
        ORDEN = "orden", "La consola"
        REPORTE = "reporte", "Un reporte"
        ENVIO = "envio", "Un envío programado"

    FORMATOS = (("csv", "CSV"), ("xlsx", "Excel"), ("json", "JSON"), ("pdf", "PDF"))

    empezo = models.DateTimeField("empezó", default=timezone.now)
    termino = models.DateTimeField("terminó", null=True, blank=True)
    usuario = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="cuenta"
    )
    # El nombre queda aunque la cuenta se borre.
    autor = models.CharField("quién", max_length=150)
    puerta = models.CharField("desde", max_length=10, choices=Puerta.choices)
    que = models.CharField("qué", max_length=80)
    formato = models.CharField("formato", max_length=4, choices=FORMATOS)
    filtro = models.TextField("filtro", blank=True)
    registros = models.BigIntegerField("registros", default=0)
    bytes = models.BigIntegerField("peso", default=0)
    estado = models.CharField("estado", max_length=12, choices=Estado.choices, default=Estado.EN_CURSO)

    class Meta:
        verbose_name = "exportación"
        verbose_name_plural = "exportaciones"
        ordering = ("-id",)
        # La escribe el panel; nadie la agrega, la cambia ni la borra.
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.que} en {self.get_formato_display()}, {self.autor}"


def nombre_de(usuario: Any) -> str:
    """Nombre para mostrar de quien usa el panel: nombre y apellido o, si faltan, el de usuario."""
    return (usuario.get_full_name() or usuario.get_username()) if usuario else ""
