"""Lo que el cliente consulta, reclama o sugiere."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from movistar_site.comun.auditoria import historia
from movistar_site.comun.busqueda import con_indice
from movistar_site.comun.campos import CampoBusqueda
from movistar_site.comun.models import ModeloBase
from movistar_site.comun.opciones import Canal

from ..canales import conocidos
from ..plazos import Situacion
from .cliente import Cliente
from .contrato import Contrato
from .equipo import Equipo, MotivoInteraccion

_ABIERTA = Q(respondida_el__isnull=True)
# El recurso que se resolvió en contra y pidió apelación espera su envío a la SIC.
_POR_ENVIAR = Q(pide_apelacion=True, respondida_el__isnull=False, enviada_sic_el__isnull=True)


class TipoInteraccion(models.TextChoices):
    """Las dos primeras son PQR (Ley 1341 de 2009, art. 54) y el recurso las sigue; la sugerencia no tiene plazo."""

    CONSULTA = "consulta", "Consulta"
    RECLAMACION = "reclamacion", "Reclamación"
    SUGERENCIA = "sugerencia", "Sugerencia"
    RECURSO = "recurso", "Recurso"


CON_PLAZO = (TipoInteraccion.CONSULTA, TipoInteraccion.RECLAMACION, TipoInteraccion.RECURSO)
"""Las que la ley obliga a responder en un plazo."""


class SentidoRespuesta(models.TextChoices):
    """A favor de quién se resolvió."""

    FAVORABLE = "favorable", "A favor del cliente"
    PARCIAL = "parcial", "A favor en parte"
    DESFAVORABLE = "desfavorable", "En contra del cliente"


class CausalRecurso(models.TextChoices):
    """Las únicas decisiones contra las que procede un recurso (Ley 1341 de 2009, art. 54)."""

    NEGATIVA = "negativa", "Negativa del contrato"
    SUSPENSION = "suspension", "Suspensión del servicio"
    TERMINACION = "terminacion", "Terminación del contrato"
    CORTE = "corte", "Corte del servicio"
    FACTURACION = "facturacion", "Facturación"


class EstadoInteraccion(models.TextChoices):
    """En qué va la atención. Respondida exige un texto y la fecha en que se notificó."""

    ABIERTA = "abierta", "Abierta"
    EN_TRAMITE = "en_tramite", "En trámite"
    RESPONDIDA = "respondida", "Respondida"


class InteraccionQuerySet(models.QuerySet["Interaccion"]):
    """Vocabulario de las interacciones."""

    def abiertas(self) -> InteraccionQuerySet:
        """Las que esperan respuesta."""
        return self.filter(respondida_el__isnull=True)

    def con_plazo(self) -> InteraccionQuerySet:
        """Las que la ley obliga a responder en un plazo."""
        return self.filter(vence_el__isnull=False)

    def vencidas(self, hoy: date) -> InteraccionQuerySet:
        """Las abiertas cuyo plazo ya pasó."""
        return self.abiertas().filter(vence_el__lt=hoy)

    def en_silencio_sin_anotar(self, hoy: date) -> InteraccionQuerySet:
        """Las vencidas sin respuesta que ya son silencio positivo y cuya tarea de cumplirlo nadie ha anotado."""
        return self.vencidas(hoy).filter(aplica_sap=True, silencio__isnull=True)

    def en_situacion(self, situacion: str, *, hoy: date, avisar_hasta: date) -> InteraccionQuerySet:
        """Las que el día `hoy` están en esa situación: la misma regla que `plazos.situacion`, dicha a la base."""
        a_tiempo = Q(respondida_el__date__lte=F("vence_el"))
        # Lo primero, que la base compara sola, descarta casi todo; el día de Bogotá se saca solo de lo que queda.
        tarde = Q(respondida_el__gt=F("vence_el")) & Q(respondida_el__date__gt=F("vence_el"))
        casos = {
            Situacion.SIN_PLAZO: _ABIERTA & Q(vence_el__isnull=True),
            Situacion.EN_TERMINO: _ABIERTA & Q(vence_el__gt=avisar_hasta, vence_el__gte=hoy),
            Situacion.POR_VENCER: _ABIERTA & Q(vence_el__gte=hoy, vence_el__lte=avisar_hasta),
            Situacion.VENCIDA: _ABIERTA & Q(vence_el__lt=hoy, aplica_sap=False),
            Situacion.SILENCIO: Q(aplica_sap=True) & ((_ABIERTA & Q(vence_el__lt=hoy)) | tarde),
            Situacion.A_TIEMPO: a_tiempo,
            Situacion.FUERA_DE_TERMINO: Q(aplica_sap=False) & tarde,
            Situacion.RESPONDIDA: ~_ABIERTA & Q(vence_el__isnull=True),
        }
        return self.filter(casos[Situacion(situacion)])

    def por_enviar_a_la_sic(self) -> InteraccionQuerySet:
        """Los recursos resueltos en contra, en todo o en parte, cuya apelación todavía no se envió."""
        # Respondidas, dicho por su fecha y no por su estado: con el estado, SQLite recorre todas las respondidas.
        return self.filter(
            tipo=TipoInteraccion.RECURSO,
            respondida_el__isnull=False,
            pide_apelacion=True,
            sentido__in=(SentidoRespuesta.PARCIAL, SentidoRespuesta.DESFAVORABLE),
            enviada_sic_el__isnull=True,
        )


@con_indice
class Interaccion(ModeloBase):
    """Una consulta, una reclamación o una sugerencia de un cliente, con su respuesta."""

    numero = models.CharField("radicado", max_length=20, unique=True, editable=False)
    # Sin índice propio: `interaccion_de_cliente` empieza por el cliente.
    cliente = models.ForeignKey(
        Cliente, models.PROTECT, related_name="interacciones", verbose_name="cliente", db_index=False
    )
    contrato = models.ForeignKey(
        Contrato, models.PROTECT, null=True, blank=True, related_name="interacciones", verbose_name="contrato"
    )
    tipo = models.CharField("tipo", max_length=12, choices=TipoInteraccion.choices)
    motivo = models.ForeignKey(
        MotivoInteraccion, models.PROTECT, null=True, blank=True, related_name="interacciones", verbose_name="motivo"
    )
    canal = models.CharField("canal", max_length=10, choices=conocidos, default=Canal.TELEFONO)
    canal_respuesta = models.CharField(
        "responder por",
        max_length=10,
        choices=conocidos,
        blank=True,
        help_text="Si el cliente pidió otro medio; si no, se le responde por el mismo canal.",
    )
    fecha = models.DateTimeField("fecha y hora", default=timezone.now)
    asunto = models.CharField("asunto", max_length=160)
    texto = models.TextField("lo que dice el cliente", blank=True)
    estado = models.CharField(
        "estado", max_length=12, choices=EstadoInteraccion.choices, default=EstadoInteraccion.ABIERTA, editable=False
    )
    respuesta = models.TextField("respuesta", blank=True, editable=False)
    respondida_el = models.DateTimeField("notificada el", null=True, blank=True, editable=False)
    registrada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="cuenta que registró",
        db_index=False,
    )
    # El nombre queda aunque la cuenta se borre.
    registrada_por_nombre = models.CharField("registrada por", max_length=150, blank=True, editable=False)
    # --- El reloj de la ley. Se fija al radicar con las reglas de ese día y ya no se mueve, salvo por la prórroga.
    cun = models.CharField("CUN", max_length=16, blank=True, editable=False)
    aplica_sap = models.BooleanField("aplica silencio positivo", default=True, editable=False)
    primer_plazo = models.DateField("primer plazo", null=True, blank=True, editable=False)
    vence_el = models.DateField("vence el", null=True, blank=True, editable=False)
    prorroga_motivo = models.TextField("motivo de la prórroga", blank=True, editable=False)
    prorroga_avisada_el = models.DateTimeField("prórroga avisada el", null=True, blank=True, editable=False)
    # --- Quién la atiende.
    responsable = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="interacciones_a_cargo",
        verbose_name="responsable",
        db_index=False,
    )
    equipo = models.ForeignKey(
        Equipo,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="interacciones",
        verbose_name="equipo",
        db_index=False,
    )
    # Lo que se va escribiendo: no detiene el reloj ni lo ve el cliente.
    borrador = models.TextField("borrador de respuesta", blank=True, editable=False)
    sentido = models.CharField(
        "sentido de la respuesta", max_length=12, choices=SentidoRespuesta.choices, blank=True, editable=False
    )
    # --- El recurso contra una respuesta: sigue con su CUN.
    recurso_de = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="recursos",
        verbose_name="recurso contra",
        db_index=False,
    )
    causal = models.CharField(
        "causal del recurso", max_length=12, choices=CausalRecurso.choices, blank=True, editable=False
    )
    pide_apelacion = models.BooleanField("pide apelación en subsidio", default=False, editable=False)
    enviada_sic_el = models.DateField("enviada a la SIC el", null=True, blank=True, editable=False)
    relacionadas = models.ManyToManyField("self", blank=True, editable=False, verbose_name="casos relacionados")
    busqueda = CampoBusqueda(fuentes=("numero", "asunto"))
    objects = InteraccionQuerySet.as_manager()
    history = historia(sin=["busqueda"])

    class Meta(ModeloBase.Meta):
        verbose_name = "interacción"
        verbose_name_plural = "interacciones"
        ordering = ("-fecha", "-id")
        indexes = [
            # El orden de la lista, y los reportes de un período: todo lo que cuentan está aquí y no miran la tabla.
            models.Index(
                fields=(
                    "-fecha",
                    "-id",
                    "respondida_el",
                    "vence_el",
                    "aplica_sap",
                    "tipo",
                    "motivo",
                    "canal",
                    "equipo",
                    "sentido",
                    "contrato",
                    "cliente",
                ),
                name="interaccion_fecha",
            ),
            # La bandeja: las de un estado, de la última a la primera.
            models.Index(fields=("estado", "-fecha", "-id"), name="interaccion_estado_fecha"),
            # Los clientes con algo abierto: la subconsulta se responde con el índice.
            models.Index(fields=("estado", "cliente"), name="interaccion_estado_cliente"),
            # La línea de tiempo de un cliente.
            models.Index(fields=("cliente", "-fecha", "-id"), name="interaccion_de_cliente"),
            # Cuánto ha reclamado cada cliente en un período. El tipo, que es siempre el mismo, va para que SQLite no
            # mire la tabla.
            models.Index(
                fields=("cliente", "fecha", "tipo"),
                condition=Q(tipo=TipoInteraccion.RECLAMACION),
                name="interaccion_reclamos",
            ),
            # Las bandejas: lo abierto, primero lo que primero vence.
            models.Index(fields=("vence_el", "id"), condition=_ABIERTA, name="bandeja_plazo"),
            models.Index(fields=("responsable", "vence_el", "id"), condition=_ABIERTA, name="bandeja_responsable"),
            models.Index(fields=("equipo", "vence_el", "id"), condition=_ABIERTA, name="bandeja_equipo"),
            # Con lo demás que la bandeja mira, para contarla sin tocar la tabla.
            models.Index(
                fields=("respondida_el", "id", "tipo", "estado", "sentido"),
                condition=_POR_ENVIAR,
                name="bandeja_por_enviar",
            ),
            # Casi ninguna los lleva: indexar los vacíos solo encarecería cada escritura.
            models.Index(fields=("recurso_de",), condition=Q(recurso_de__isnull=False), name="interaccion_recurrida"),
            models.Index(
                fields=("registrada_por",), condition=Q(registrada_por__isnull=False), name="interaccion_de_cuenta"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(estado=EstadoInteraccion.RESPONDIDA, respondida_el__isnull=False) & ~Q(respuesta=""))
                | (~Q(estado=EstadoInteraccion.RESPONDIDA) & Q(respondida_el__isnull=True)),
                name="interaccion_respondida_con_texto_y_fecha",
                violation_error_message="Una interacción respondida lleva el texto de la respuesta y su fecha.",
            ),
            models.UniqueConstraint(
                fields=("cun",),
                condition=~Q(cun="") & Q(recurso_de__isnull=True),
                name="interaccion_cun_unico",
                violation_error_message="Ya hay una PQR con ese CUN.",
            ),
            models.CheckConstraint(
                condition=~Q(tipo=TipoInteraccion.SUGERENCIA) | Q(cun="", vence_el__isnull=True),
                name="interaccion_sugerencia_sin_plazo",
                violation_error_message="Una sugerencia no lleva CUN ni plazo legal.",
            ),
            models.CheckConstraint(
                condition=Q(tipo=TipoInteraccion.RECURSO, recurso_de__isnull=False) & ~Q(causal="")
                | (~Q(tipo=TipoInteraccion.RECURSO) & Q(recurso_de__isnull=True, causal="")),
                name="interaccion_recurso_con_causal",
                violation_error_message="Un recurso va contra la respuesta de una PQR y dice su causal.",
            ),
            models.CheckConstraint(
                condition=Q(prorroga_motivo="", prorroga_avisada_el__isnull=True)
                | (~Q(prorroga_motivo="") & Q(prorroga_avisada_el__isnull=False, vence_el__gt=F("primer_plazo"))),
                name="interaccion_prorroga_avisada",
                violation_error_message="Una prórroga lleva su motivo y la fecha en que se avisó al cliente.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.numero} · {self.asunto}"

    @property
    def canal_de_la_respuesta(self) -> str:
        """El nombre del canal por el que se le responde: el que pidió o, si no pidió, el mismo por el que habló."""
        codigo = self.canal_respuesta or self.canal
        return dict(conocidos()).get(codigo, codigo)
