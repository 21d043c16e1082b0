"""Las tablas de las cuentas que los reportes leen, y lo que cada quien elige ver. No son del dominio.

Cada cuenta se rehace de lo que cuenta. Las llevan los disparadores de `movistar_site.comun.resumenes`; cómo, lo dice
`reportes.resumenes`. Sus claves no son llaves foráneas: la cuenta de algo que se borró queda en cero y no estorba.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from movistar_site.comun.resumenes import ModeloResumen


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
    """Contratos activos de cada servicio que tiene cada cliente, y con el servicio 0 todos los suyos.

    De aquí sale a cuántos clientes llega un servicio, y cuántos tienen alguno.
    """

    # Son tantas filas como contratos activos: sin una clave aparte cuestan un índice menos.
    pk = models.CompositePrimaryKey("cliente_id", "servicio_id")
    cliente_id = models.BigIntegerField()
    servicio_id = models.BigIntegerField()


class ClientesPorServicio(ModeloResumen):
    """Clientes con algún contrato activo de cada servicio, contados una vez; con el 0, de cualquiera."""

    servicio_id = models.BigIntegerField()


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
