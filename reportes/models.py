"""Las tablas de las cuentas que los reportes leen, y lo que cada quien elige ver. No son del dominio.

Cada cuenta se rehace de lo que cuenta. Las llevan los disparadores de `movistar_site.comun.resumenes`; cómo, lo dice
`reportes.resumenes`. Sus claves no son llaves foráneas: la cuenta de algo que se borró queda en cero y no estorba.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from clientes.models import Cliente
from movistar_site.comun.models import ModeloBase
from movistar_site.comun.resumenes import ModeloResumen

from .envios.cadencia import ULTIMO, Cada, Cadencia


class ContratosPorServicio(ModeloResumen):
    """Contratos de cada servicio en cada estado, y lo que suman sus precios mensuales."""

    servicio_id = models.BigIntegerField()
    estado = models.CharField(max_length=10)
    centavos = models.BigIntegerField()


class AltasPorDia(ModeloResumen):
    """Contratos de cada servicio que empezaron cada día, y lo que facturan al mes."""

    servicio_id = models.BigIntegerField()
    dia = models.DateField()
    centavos = models.BigIntegerField()


class BajasPorDia(ModeloResumen):
    """Contratos de cada servicio que terminaron cada día, y lo que facturaban al mes."""

    servicio_id = models.BigIntegerField()
    dia = models.DateField()
    centavos = models.BigIntegerField()


class ServiciosPorCliente(ModeloResumen):
    """Contratos activos de cada servicio que tiene cada cliente. De aquí sale a cuántos clientes llega un servicio."""

    # Son tantas filas como contratos activos: sin una clave aparte cuestan un índice menos.
    pk = models.CompositePrimaryKey("cliente_id", "servicio_id")
    cliente_id = models.BigIntegerField()
    servicio_id = models.BigIntegerField()


class ClientesPorServicio(ModeloResumen):
    """Clientes con algún contrato activo de cada servicio, contados una vez."""

    servicio_id = models.BigIntegerField()


class LineasPorCliente(ModeloResumen):
    """Contratos en pie de cada cliente, cuántos de ellos están activos y lo que facturan al mes entre todos."""

    # Un entero propio y no una llave: es la clave con que SQLite guarda la fila, y se halla sin otro índice.
    cliente_id = models.BigAutoField(primary_key=True)
    cliente = models.ForeignObject(
        Cliente, models.DO_NOTHING, from_fields=["cliente_id"], to_fields=["id"], related_name="lineas_llevadas"
    )
    activos = models.BigIntegerField()
    centavos = models.BigIntegerField()


class ClientesConServicio(ModeloResumen):
    """Clientes con algún contrato activo, del servicio que sea, contados una vez. No tiene claves: es una cifra."""


class ClientesPorVinculacion(ModeloResumen):
    """Clientes por estado, por el día en que se vincularon y por la categoría puesta a mano."""

    estado = models.CharField(max_length=10)
    dia = models.DateField()
    asignada = models.CharField(max_length=10, blank=True)


class ClientesPorMunicipio(ModeloResumen):
    """Clientes por municipio (vacío, sin municipio) y estado."""

    municipio_id = models.CharField(max_length=5, blank=True)
    estado = models.CharField(max_length=10)


class InteraccionesAbiertas(ModeloResumen):
    """Interacciones sin responder por tipo y por el día en que vencen (el año 1, si no vencen)."""

    tipo = models.CharField(max_length=12)
    vence_el = models.DateField()


class InteraccionesPorDia(ModeloResumen):
    """Interacciones radicadas cada día, por tipo."""

    tipo = models.CharField(max_length=12)
    dia = models.DateField()


# --- Fidelización ----------------------------------------------------------------------------------------------------
class BonificacionesPorDia(ModeloResumen):
    """Bonificaciones de cada programa por estado y día en que se asignaron, y lo que cuestan al mes y en total."""

    programa_id = models.BigIntegerField()
    estado = models.CharField(max_length=10)
    dia = models.DateField()
    centavos = models.BigIntegerField()
    en_total = models.BigIntegerField()


class DerivacionesAbiertas(ModeloResumen):
    """Derivaciones sin cerrar por asesor (cero, sin asesor), estado y día en que vencen (el año 1, sin plazo)."""

    asesor_id = models.BigIntegerField()
    estado = models.CharField(max_length=10)
    vence_el = models.DateField()


# --- Tablero ---------------------------------------------------------------------------------------------------------
class PreferenciaTablero(models.Model):
    """Las tarjetas que una persona eligió para su tablero, en su orden. Sin fila, son las de su papel."""

    usuario = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+", verbose_name="de"
    )
    tarjetas = models.JSONField("tarjetas", default=list)
    actualizada_el = models.DateTimeField("actualizada", auto_now=True)

    class Meta:
        verbose_name = "preferencia del tablero"
        verbose_name_plural = "preferencias del tablero"
        default_permissions = ()

    def __str__(self) -> str:
        return f"Tablero de {self.usuario}"


# --- Los reportes que se envían solos ---------------------------------------------------------------------------------
class FormatoEnvio(models.TextChoices):
    """En qué archivo va el reporte."""

    XLSX = "xlsx", "Excel"
    PDF = "pdf", "PDF"


class EstadoEnvio(models.TextChoices):
    """Si un envío sale cuando le toca."""

    ACTIVO = "activo", "Activo"
    PAUSADO = "pausado", "En pausa"
    DETENIDO = "detenido", "Detenido"


class EstadoEntrega(models.TextChoices):
    """Qué fue de una entrega."""

    PENDIENTE = "pendiente", "Por salir"
    EN_CURSO = "en_curso", "Saliendo"
    ENVIADA = "enviada", "Enviada"
    FALLIDA = "fallida", "No salió"
    OMITIDA = "omitida", "No se envió"


class Envio(ModeloBase):
    """Un reporte con sus filtros que sale por correo cada cierto tiempo, con los permisos de quien lo programó.

    `dia`: véase `envios.cadencia`. `proxima_el`: cuándo le toca; solo si está activo. `detenido_por`: por qué el panel
    lo detuvo (su dueño ya no puede verlo, un filtro ya no vale); no sigue hasta que su dueño lo reanude.
    """

    usuario = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="envios", verbose_name="de", db_index=False
    )
    reporte = models.CharField("reporte", max_length=60)
    nombre = models.CharField("nombre", max_length=80)
    parametros = models.TextField("filtros", blank=True)
    formato = models.CharField("archivo", max_length=4, choices=FormatoEnvio.choices, default=FormatoEnvio.XLSX)
    destinatarios = models.JSONField("destinatarios", default=list)
    cada = models.CharField("se envía", max_length=6, choices=Cada.choices)
    dia = models.PositiveSmallIntegerField("día", null=True, blank=True)
    hora = models.PositiveSmallIntegerField("hora")
    estado = models.CharField("estado", max_length=8, choices=EstadoEnvio.choices, default=EstadoEnvio.ACTIVO)
    proxima_el = models.DateTimeField("próxima entrega", null=True, blank=True)
    detenido_por = models.CharField("por qué se detuvo", max_length=300, blank=True)

    class Meta(ModeloBase.Meta):
        verbose_name = "envío programado"
        verbose_name_plural = "envíos programados"
        # Cada quien ve y cambia los suyos. Con estos se ven los de todos, y se pausan o se quitan.
        default_permissions = ("view", "change")  # type: ignore[assignment]
        indexes = [
            models.Index(fields=("usuario", "-id"), name="envio_de_usuario"),
            # Por lo vacío y no por el estado: SQLite no usa un índice parcial cuya condición va como argumento.
            models.Index(fields=("proxima_el",), condition=models.Q(proxima_el__isnull=False), name="envio_por_salir"),
        ]
        constraints = [
            models.CheckConstraint(
                name="envio_dia_segun_cada",
                # Sin día, «de 1 a 7» no es falso sino nulo, y la base lo dejaría entrar.
                condition=models.Q(cada="dia", dia__isnull=True)
                | models.Q(cada="semana", dia__isnull=False, dia__range=(1, 7))
                | models.Q(cada="mes", dia__isnull=False, dia__range=(1, ULTIMO)),
                violation_error_message="Elija el día en que sale: uno de la semana, o uno del mes.",
            ),
            models.CheckConstraint(
                name="envio_hora_del_dia",
                condition=models.Q(hora__lte=23),
                violation_error_message="Elija una hora de 0 a 23.",
            ),
            models.CheckConstraint(
                name="envio_activo_con_proxima",
                condition=models.Q(estado="activo", proxima_el__isnull=False)
                | (~models.Q(estado="activo") & models.Q(proxima_el__isnull=True)),
                violation_error_message="Solo un envío activo tiene próxima entrega.",
            ),
            models.CheckConstraint(
                name="envio_detenido_dice_por_que",
                condition=models.Q(estado="detenido") & ~models.Q(detenido_por="")
                | (~models.Q(estado="detenido") & models.Q(detenido_por="")),
                violation_error_message="Un envío detenido dice por qué; los demás, no.",
            ),
        ]

    def __str__(self) -> str:
        return self.nombre

    @property
    def cadencia(self) -> Cadencia:
        """Cada cuánto sale."""
        return Cadencia(self.cada, self.hora, self.dia)


class EntregaEnvio(models.Model):
    """Una vez que un envío debía salir, y qué fue de ella.

    Se anota antes de enviar nada, una sola por envío y momento: así ni dos trabajadores ni uno repetido envían dos.
    `intentar_el`: desde cuándo se puede tomar o, si alguien la tiene, cuándo se da por perdida. `intentos`: cuántas
    veces se ha tomado; dice también quién la tiene: solo el último que la tomó puede enviarla. `cortes`: de esas, las
    que nadie cerró.
    """

    envio = models.ForeignKey(Envio, models.CASCADE, related_name="entregas", verbose_name="envío", db_index=False)
    para = models.DateTimeField("le tocaba")
    a_mano = models.BooleanField("pedida a mano", default=False)
    estado = models.CharField("estado", max_length=9, choices=EstadoEntrega.choices, default=EstadoEntrega.PENDIENTE)
    intentar_el = models.DateTimeField("se intenta")
    intentos = models.PositiveSmallIntegerField("intentos", default=0)
    cortes = models.PositiveSmallIntegerField("veces que se cortó", default=0)
    cerrada_el = models.DateTimeField("terminó", null=True, blank=True)
    nota = models.CharField("qué pasó", max_length=300, blank=True)
    destinatarios = models.JSONField("a quiénes", default=list)
    filtros = models.TextField("con qué filtros", blank=True)
    registros = models.BigIntegerField("filas", default=0)
    bytes = models.BigIntegerField("peso", default=0)

    class Meta:
        verbose_name = "entrega de un envío"
        verbose_name_plural = "entregas de envíos"
        default_permissions = ()
        ordering = ("-para",)
        indexes = [
            models.Index(
                fields=("intentar_el",),
                condition=models.Q(cerrada_el__isnull=True),
                name="entrega_por_salir",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("envio", "para"),
                name="entrega_una_por_momento",
                violation_error_message="Esa entrega ya está anotada.",
            ),
            models.CheckConstraint(
                name="entrega_cerrada_con_fecha",
                condition=models.Q(estado__in=("pendiente", "en_curso"), cerrada_el__isnull=True)
                | (~models.Q(estado__in=("pendiente", "en_curso")) & models.Q(cerrada_el__isnull=False)),
                violation_error_message="Una entrega que terminó dice cuándo; una que falta, no.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.envio}, {self.para:%d/%m/%Y %H:%M}"
