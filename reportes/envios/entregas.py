"""Las entregas: anotar las que tocan, tomarlas de a una y enviarlas, una sola vez aunque haya varios trabajadores.

Una entrega se anota antes de enviarla, y la base admite una por envío y momento. Quien la toma suma uno a `intentos`:
ese número es su turno, y solo con él puede enviarla y cerrarla. Si se corta a mitad de camino, pasado un rato otro la
toma; a la tercera vez que se corta se da por perdida. Lo que el servidor de correo no recibe se intenta más tarde,
hasta un día. Una entrega marcada como enviada no vuelve a salir.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPException, SMTPRecipientsRefused
from typing import Any

from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.db import OperationalError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from movistar_site.comun.models import Exportacion
from movistar_site.comun.salida import Cuenta, NoCabeEnExcel
from movistar_site.comun.salida.constancia import constancia
from movistar_site.comun.trabajos import borrar_por_tandas

from ..marco.palabras import filtros_en_palabras
from ..models import EntregaEnvio, Envio, EstadoEntrega, EstadoEnvio
from . import filtros
from .cadencia import BOGOTA, proxima_vez, ultima_vez
from .mensaje import Paquete, empacar, mensaje
from .operaciones import avisar, detener_envio, reporte_de
from .permisos import por_que_no, sin_derecho

registro = logging.getLogger("panel.envios")
CORTES = 3
"""Veces que una entrega puede cortarse a mitad de camino: quizás es ella quien mata al trabajador."""
TURNO = timedelta(minutes=20)
"""Lo que puede durar una entrega antes de darla por cortada; más que el reporte más lento y el correo más lento."""
ESPERAS = tuple(timedelta(minutes=n) for n in (5, 15, 30, 60))
"""Lo que se espera tras cada falla del correo; la última, de ahí en adelante."""
PLAZO = timedelta(days=1)
"""Hasta cuándo se insiste, después de las primeras veces: lo de anteayer ya no le sirve a nadie."""
DIAS_DE_ENTREGAS = 730
_TANDA = 200
_VECES_AL_CERRAR = 5
_LARGO_DE_LA_NOTA = 300
_ERROR_DEFINITIVO = 500


class EnvioDetenido(Exception):
    """El envío no debe salir más hasta que su dueño lo arregle; el texto dice por qué."""


class TurnoPerdido(Exception):
    """Otro tomó la entrega, o ya no existe: no hay que enviarla."""


class YaNoSale(Exception):
    """Su envío se pausó mientras esperaba; el texto lo dice."""


class CorreoCaido(Exception):
    """El servidor de correo no la recibió; el texto, para quien programó el envío, y `detalle`, para el registro."""

    def __init__(self, error: Exception) -> None:
        self.contesta = isinstance(error, SMTPException)
        self.detalle = f"{type(error).__name__}: {error}"
        super().__init__(_por_que_no_recibio(error))


class Definitivo(Exception):
    """Esta entrega no va a salir por mucho que se insista; el texto dice por qué."""


@dataclass
class Vuelta:
    """Lo que hizo una vuelta. `falla`: lo último que dijo el servidor de correo.

    `sin_correo`: la frase, si ni siquiera contesta: no se le pregunta otra vez por cada entrega.
    """

    enviadas: int = 0
    por_reintentar: int = 0
    fallidas: int = 0
    detenidas: int = 0
    falla: str = ""
    sin_correo: str = ""


def asear(ahora: datetime) -> int:
    """Borra las entregas que terminaron hace más de DIAS_DE_ENTREGAS; la constancia de cada archivo queda."""
    return borrar_por_tandas(EntregaEnvio.objects.filter(cerrada_el__lt=ahora - timedelta(days=DIAS_DE_ENTREGAS)))


def hay_por_enviar(ahora: datetime) -> bool:
    """Si algún envío toca o alguna entrega espera turno. Dos consultas, por índice."""
    return _vencidos(ahora).exists() or _por_tomar(ahora).exists()


def despachar(*, reloj: Callable[[], datetime]) -> Vuelta:
    """Anota lo que toca y envía todo lo que espera. Se puede repetir y correr en varios procesos a la vez."""
    vuelta, empezo = Vuelta(), reloj()
    programar(ahora=empezo)
    while (entrega := tomar(ahora=reloj(), vuelta=vuelta)) is not None:
        entregar(entrega, reloj=reloj, vuelta=vuelta)
    return vuelta


# --- Anotar ----------------------------------------------------------------------------------------------------------
def _vencidos(ahora: datetime) -> QuerySet[Envio]:
    # Solo uno activo tiene próxima.
    return Envio.objects.filter(proxima_el__lte=ahora).order_by()


def programar(*, ahora: datetime) -> int:
    """Anota la entrega de cada envío al que le llegó la hora; si se le pasaron varias, solo la última.

    La que aún esperaba de antes ya no sale: la nueva la reemplaza. Devuelve cuántas anotó.
    """
    anotadas = 0
    for clave in list(_vencidos(ahora).order_by("proxima_el", "pk").values_list("pk", flat=True)[:_TANDA]):
        with transaction.atomic():
            envio = _vencidos(ahora).select_for_update().filter(pk=clave).first()
            if envio is None:
                continue
            para = ultima_vez(envio.cadencia, hasta=ahora)
            envio.entregas.filter(estado=EstadoEntrega.PENDIENTE, para__lt=para).update(
                estado=EstadoEntrega.OMITIDA,
                cerrada_el=ahora,
                nota=_nota(f"La reemplazó la del {timezone.localtime(para):%d/%m/%Y %H:%M}."),
            )
            _, nueva = EntregaEnvio.objects.get_or_create(envio=envio, para=para, defaults={"intentar_el": ahora})
            anotadas += nueva
            Envio.objects.filter(pk=envio.pk).update(proxima_el=proxima_vez(envio.cadencia, despues_de=ahora))
    return anotadas


# --- Tomar -----------------------------------------------------------------------------------------------------------
def _por_tomar(ahora: datetime) -> QuerySet[EntregaEnvio]:
    return EntregaEnvio.objects.filter(cerrada_el__isnull=True, intentar_el__lte=ahora).order_by()


def tomar(*, ahora: datetime, vuelta: Vuelta | None = None) -> EntregaEnvio | None:
    """La siguiente entrega, ya a nombre de quien llama; None si no hay. De varios que la ven, la toma uno solo.

    Las que se cortaron demasiadas veces no se toman: se dan por perdidas y se le dice a su dueño.
    """
    for vista in _por_tomar(ahora).select_related("envio__usuario").order_by("intentar_el", "pk")[:_TANDA]:
        if vista.cortes >= CORTES:
            frase = f"Se cortó {CORTES} veces a mitad de camino y no se intentará más."
            if _cerrar(vista, EstadoEntrega.FALLIDA, ahora=ahora, nota=vista.nota or frase):
                avisar(vista.envio, "no salió", f"No salió el envío «{vista.envio}»", vista.nota or frase, ahora=ahora)
                if vuelta is not None:
                    vuelta.fallidas += 1
            continue
        mia = _de_turno(vista).update(
            estado=EstadoEntrega.EN_CURSO,
            intentar_el=ahora + TURNO,
            intentos=F("intentos") + 1,
            cortes=F("cortes") + 1,
        )
        if mia:
            return EntregaEnvio.objects.select_related("envio__usuario").filter(pk=vista.pk).first()
    return None


def _de_turno(entrega: EntregaEnvio) -> QuerySet[EntregaEnvio]:
    """La entrega, si nadie la ha tomado ni cerrado después de leerla."""
    return EntregaEnvio.objects.filter(pk=entrega.pk, intentos=entrega.intentos, cerrada_el__isnull=True)


# --- Entregar --------------------------------------------------------------------------------------------------------
def entregar(entrega: EntregaEnvio, *, reloj: Callable[[], datetime], vuelta: Vuelta) -> None:
    """Arma el reporte y lo envía, o deja dicho por qué no salió. No lanza: una entrega no detiene a las demás."""
    if vuelta.sin_correo:
        _reintentar(entrega, vuelta.sin_correo, ahora=reloj(), vuelta=vuelta)
        return
    try:
        _enviar(entrega, reloj=reloj)
        vuelta.enviadas += 1
    except TurnoPerdido:
        registro.info("La entrega %s ya no es de este trabajador.", entrega.pk)
    except YaNoSale as error:
        _cerrar(entrega, EstadoEntrega.OMITIDA, ahora=reloj(), nota=str(error))
    except EnvioDetenido as error:
        _cerrar(entrega, EstadoEntrega.OMITIDA, ahora=reloj(), nota=str(error))
        detener_envio(entrega.envio, motivo=str(error), ahora=reloj())
        vuelta.detenidas += 1
    except (Definitivo, ValidationError, NoCabeEnExcel) as error:
        _dar_por_fallida(entrega, _frase(error), ahora=reloj())
        vuelta.fallidas += 1
    except CorreoCaido as error:
        vuelta.falla = error.detalle
        registro.warning("No se pudo enviar el reporte de la entrega %s: %s", entrega.pk, vuelta.falla)
        vuelta.sin_correo = "" if error.contesta else str(error)
        _reintentar(entrega, str(error), ahora=reloj(), vuelta=vuelta)
    except OperationalError as error:
        frase = f"La base de datos estaba ocupada ({str(error).strip()})."
        _reintentar(entrega, frase, ahora=reloj(), vuelta=vuelta)
    except Exception as error:
        # Un reporte que falla es del panel, y se arregla; los demás envíos no tienen por qué esperar.
        registro.exception("No se pudo armar el reporte de la entrega %s.", entrega.pk)
        frase = f"No se pudo armar el reporte ({type(error).__name__}). El detalle está en el registro del servidor."
        _reintentar(entrega, frase, ahora=reloj(), vuelta=vuelta, corte=True)


def _enviar(entrega: EntregaEnvio, *, reloj: Callable[[], datetime]) -> None:
    envio = entrega.envio
    if envio.estado == EstadoEnvio.DETENIDO or (envio.estado == EstadoEnvio.PAUSADO and not entrega.a_mano):
        raise YaNoSale("El envío ya no estaba activo.")
    reporte, pedido, para = _que_se_envia(entrega, ahora=reloj())
    dichos, cuenta = filtros_en_palabras(reporte, pedido), Cuenta()
    en_renglon = "; ".join(f"{titulo}: {valor}" for titulo, valor in dichos)
    datos: dict[str, Any] = {
        "que": reporte.titulo[:80],
        "formato": envio.formato,
        "puerta": Exportacion.Puerta.ENVIO,
        "usuario": envio.usuario,
        "filtro": "; ".join(filter(None, [en_renglon, f"Enviado a: {', '.join(para)}"])),
    }
    with constancia(**datos, cuenta=cuenta) as va:
        paquete = empacar(envio, reporte, pedido, dichos=dichos, cuenta=cuenta, ahora=reloj())
        va.bytes = len(paquete.contenido)
        # Armarlo pudo tardar: se envía solo si nadie más la tomó entre tanto.
        if not _de_turno(entrega).update(intentar_el=reloj() + TURNO):
            raise TurnoPerdido
        _mandar(entrega, paquete, para)
        # Lo primero después de enviar es marcarla: lo que falle desde aquí ya no la hace salir de nuevo.
        dejados = ", ".join(una for una in envio.destinatarios if una not in para)
        _marcar_enviada(
            entrega, ahora=reloj(), destinatarios=para, filtros=en_renglon, registros=paquete.filas,
            bytes=va.bytes, nota=f"No se envió a {dejados}: ya no puede ver este reporte." if dejados else "",
        )  # fmt: skip


def _que_se_envia(entrega: EntregaEnvio, *, ahora: datetime) -> tuple[Any, Any, list[str]]:
    """El reporte, lo que se le pide y a quiénes. Lanza EnvioDetenido si el dueño ya no puede o algo ya no vale."""
    envio = entrega.envio
    try:
        reporte = reporte_de(envio)
        if frase := por_que_no(envio.usuario, reporte):
            raise EnvioDetenido(frase)
        dia, hoy = entrega.para.astimezone(BOGOTA).date(), timezone.localdate(ahora)
        pedido = filtros.pedir(reporte, envio.parametros, dia=dia, hoy=hoy)
    except ValidationError as error:
        raise EnvioDetenido(_frase(error)) from error
    sobran = sin_derecho(reporte, envio.destinatarios)
    para = [una for una in envio.destinatarios if una not in sobran]
    if not para:
        raise EnvioDetenido("Ninguno de sus destinatarios puede ya ver y exportar este reporte.")
    return reporte, pedido, para


def _mandar(entrega: EntregaEnvio, paquete: Paquete, para: list[str]) -> None:
    """La envía. Lanza CorreoCaido si vale la pena insistir y Definitivo si no."""
    try:
        mensaje(entrega, paquete, para=para, conexion=get_connection()).send()
    except (OSError, SMTPException) as error:
        if frase := _rechazo_definitivo(error):
            raise Definitivo(frase) from error
        raise CorreoCaido(error) from error


def _rechazo_definitivo(error: Exception) -> str:
    """La frase, si el servidor dijo que no para siempre (5xx, RFC 5321, 4.2.1). La cuenta del panel sí se arregla."""
    if isinstance(error, SMTPRecipientsRefused):
        if all(codigo >= _ERROR_DEFINITIVO for codigo, _ in error.recipients.values()):
            return f"El servidor de correo no acepta a {', '.join(sorted(error.recipients))}."
    elif isinstance(error, SMTPDataError) and error.smtp_code >= _ERROR_DEFINITIVO:
        return f"El servidor de correo lo rechazó ({error.smtp_code}: {_texto(error.smtp_error)})."
    return ""


def _por_que_no_recibio(error: Exception) -> str:
    """La frase de quien programó el envío; el detalle, en inglés y con direcciones, va al registro del servidor."""
    if isinstance(error, SMTPAuthenticationError):
        return "El servidor de correo no aceptó la cuenta del panel: avise a quien lo instaló."
    que = "no lo recibió por ahora" if isinstance(error, SMTPException) else "no contestó"
    return f"El servidor de correo {que} ({type(error).__name__})."


def _texto(crudo: Any) -> str:
    return crudo.decode(errors="replace") if isinstance(crudo, bytes) else str(crudo)


# --- Cerrar ----------------------------------------------------------------------------------------------------------
def _cerrar(entrega: EntregaEnvio, estado: EstadoEntrega, *, ahora: datetime, nota: str, **mas: Any) -> bool:
    """La deja cerrada, si sigue siendo de quien la tomó."""
    return bool(_de_turno(entrega).update(estado=estado, cerrada_el=ahora, nota=_nota(nota), **mas))


def _marcar_enviada(entrega: EntregaEnvio, *, ahora: datetime, **datos: Any) -> None:
    """Insiste si la base está ocupada. Si no hay manera la deja en curso: pasado su turno quizás salga otra vez."""
    for _ in range(_VECES_AL_CERRAR):
        try:
            _cerrar(entrega, EstadoEntrega.ENVIADA, ahora=ahora, cortes=0, **datos)
            return
        except OperationalError:
            time.sleep(1)
    registro.error("La entrega %s salió y no se pudo marcar.", entrega.pk)
    raise TurnoPerdido


def _dar_por_fallida(entrega: EntregaEnvio, frase: str, *, ahora: datetime) -> None:
    if _cerrar(entrega, EstadoEntrega.FALLIDA, ahora=ahora, nota=frase, cortes=0):
        avisar(entrega.envio, "no salió", f"No salió el envío «{entrega.envio}»", frase, ahora=ahora)


def _reintentar(entrega: EntregaEnvio, frase: str, *, ahora: datetime, vuelta: Vuelta, corte: bool = False) -> None:
    """La deja para más tarde, con su razón; si ya pasó el plazo, no insiste. `corte`: cuenta como cortada."""
    # La que salió tarde, porque el servidor estaba apagado, también merece sus intentos.
    vencida = ahora - entrega.para > PLAZO and entrega.intentos > len(ESPERAS)
    if vencida or (corte and entrega.cortes >= CORTES):
        vuelta.fallidas += 1
        _dar_por_fallida(entrega, frase, ahora=ahora)
        return
    if EntregaEnvio.objects.filter(envio=entrega.envio_id, para__gt=entrega.para).exists():
        _cerrar(entrega, EstadoEntrega.OMITIDA, ahora=ahora, nota=f"{frase} La reemplazó otra más nueva.")
        return
    espera = ESPERAS[min(entrega.intentos, len(ESPERAS)) - 1]
    mas = {} if corte else {"cortes": 0}
    _de_turno(entrega).update(estado=EstadoEntrega.PENDIENTE, intentar_el=ahora + espera, nota=_nota(frase), **mas)
    vuelta.por_reintentar += 1


def _nota(texto: str) -> str:
    limpio = " ".join(texto.split())
    return limpio if len(limpio) <= _LARGO_DE_LA_NOTA else f"{limpio[: _LARGO_DE_LA_NOTA - 1]}…"


def _frase(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
