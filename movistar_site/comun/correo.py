"""Los avisos por correo: un solo mensaje a cada persona con todo lo que no se le ha enviado.

Quien no tiene correo, o ya no usa el panel, los ve solo en la campana. Lo que el servidor no recibe se reintenta en la
próxima vuelta; un aviso no sale dos veces aunque dos procesos envíen a la vez.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import QuerySet

from .models import Aviso, Usuario, nombre_de

registro = logging.getLogger("panel.correo")
POR_MENSAJE = 50
"""Los avisos que se nombran en un mensaje; de los demás se dice cuántos son."""
POR_PERSONA = 500
DEMORA = timedelta(hours=1)
"""Lo que un correo puede esperar antes de que un administrador deba saberlo: se envían cada pocos minutos."""


@dataclass
class Envio:
    """Lo que hizo una vuelta: mensajes enviados, avisos que llevaban y por qué no salieron los demás."""

    mensajes: int = 0
    avisos: int = 0
    falla: str = ""


def enviar_pendientes(*, ahora: datetime) -> Envio:
    """Envía lo que no se ha enviado. Nunca lanza por culpa del servidor de correo: lo dice en `falla`."""
    envio = Envio()
    conexion = None
    for usuario_id in _con_pendientes():
        apartados = _apartar(usuario_id, ahora)
        if not apartados:
            continue
        try:
            if conexion is None:
                conexion = get_connection()
                conexion.open()
            _mensaje(apartados, conexion).send()
        except (OSError, SMTPException, ValueError) as error:
            _devolver(apartados)
            envio.falla = f"{type(error).__name__}: {error}"
            registro.warning("No se pudo enviar un correo de avisos: %s", envio.falla)
            if isinstance(error, SMTPRecipientsRefused | ValueError):
                continue  # una dirección mala no es culpa del servidor: siguen los demás
            break
        except Exception:
            # Un ajuste mal puesto es de quien instala, y se dice; los avisos se quedan por enviar.
            _devolver(apartados)
            raise
        envio.mensajes += 1
        envio.avisos += len(apartados)
    _cerrar(conexion)
    return envio


def sin_salir(ahora: datetime) -> QuerySet[Usuario]:
    """Las personas con algún aviso que debió salir por correo hace más de DEMORA y no ha salido."""
    atrasados = Aviso.objects.filter(enviado_el__isnull=True, creado_el__lt=ahora - DEMORA).order_by()
    con_correo = Usuario.objects.filter(is_active=True).exclude(email="")
    return con_correo.filter(pk__in=atrasados.values("usuario")).order_by("pk")


def _con_pendientes() -> Iterator[int]:
    """Las personas con correo que tienen avisos sin enviar."""
    yield from (
        Aviso.objects.filter(enviado_el__isnull=True, usuario__is_active=True)
        .exclude(usuario__email="")
        .order_by("usuario_id")
        .values_list("usuario_id", flat=True)
        .distinct()
    )


@transaction.atomic
def _apartar(usuario_id: int, ahora: datetime) -> list[Aviso]:
    """Marca como enviados los de una persona antes de enviarlos: otro proceso ya no los toma.

    Si este se corta a mitad de camino, ese mensaje no sale, pero los avisos siguen en la campana: es mejor que
    enviarlos dos veces.
    """
    apartados = list(
        Aviso.objects.select_for_update(of=("self",))
        .filter(usuario_id=usuario_id, enviado_el__isnull=True)
        .select_related("usuario")
        .order_by("id")[:POR_PERSONA]
    )
    Aviso.objects.filter(pk__in=[aviso.pk for aviso in apartados]).update(enviado_el=ahora)
    return apartados


def _devolver(apartados: list[Aviso]) -> None:
    Aviso.objects.filter(pk__in=[aviso.pk for aviso in apartados]).update(enviado_el=None)


def _mensaje(avisos: list[Aviso], conexion: Any) -> EmailMessage:
    usuario: Any = avisos[0].usuario
    cuantos = len(avisos)
    asunto = avisos[0].titulo if cuantos == 1 else f"Tiene {cuantos} avisos"
    parrafos = [f"{nombre_de(usuario)}:", *(_parrafo(aviso) for aviso in avisos[:POR_MENSAJE])]
    if (resto := cuantos - POR_MENSAJE) > 0:
        parrafos.append(f"Y {resto} más, en el panel.")
    parrafos.append(f"Panel {settings.MARCA_NOMBRE}")
    return EmailMessage(
        f"[Panel {settings.MARCA_NOMBRE}] {' '.join(asunto.split())}",
        "\n\n".join(parrafos),
        to=[usuario.email],
        connection=conexion,
        headers={"Auto-Submitted": "auto-generated"},
    )


def _parrafo(aviso: Aviso) -> str:
    partes = [f"• {aviso.titulo}", aviso.texto]
    if aviso.enlace.startswith("/") and settings.PANEL_URL:
        partes.append(f"{settings.PANEL_URL}{aviso.enlace}")
    return "\n  ".join(parte for parte in partes if parte)


def _cerrar(conexion: Any) -> None:
    try:
        if conexion is not None:
            conexion.close()
    except (OSError, SMTPServerDisconnected):
        registro.info("El servidor de correo cerró antes que el panel.")
