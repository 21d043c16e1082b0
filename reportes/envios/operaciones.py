"""Lo que se le hace a un envío: programarlo, cambiarlo, pausarlo, reanudarlo, quitarlo, enviarlo ya y detenerlo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from clientes.plantel import administradores
from movistar_site.comun.avisos import Nuevo, avisar_a_varios
from movistar_site.comun.models import nombre_de

from ..marco import REPORTES, Reporte
from ..models import EntregaEnvio, Envio, EstadoEntrega, EstadoEnvio
from . import filtros
from .cadencia import Cada, Cadencia, proxima_vez
from .permisos import CAMBIAR_TODOS, exigir_destinatarios, leer_destinatarios, por_que_no

ENVIOS_POR_PERSONA = 50
ENTRE_DOS_A_MANO = timedelta(minutes=1)
"""Quien oprime dos veces «Enviar ahora» quería uno."""
POR_SALIR = (EstadoEntrega.PENDIENTE, EstadoEntrega.EN_CURSO)
_LARGO_DE_LA_NOTA = 300


@dataclass(frozen=True, kw_only=True)
class Datos:
    """Lo que se escribe de un envío. `periodo`: el que se eligió; vacío, el de los parámetros."""

    nombre: str
    parametros: QueryDict | str
    formato: str
    cadencia: Cadencia
    destinatarios: str | Iterable[str]
    periodo: str = ""


# --- Programar -------------------------------------------------------------------------------------------------------
def crear_envio(reporte: Reporte, datos: Datos, *, usuario: Any, ahora: datetime) -> Envio:
    """Programa un reporte a nombre de la cuenta. La primera entrega es la próxima vez que toque.

    Lanza ValidationError si la cuenta no puede verlo o exportarlo, si ya tiene demasiados o si algún dato no sirve.
    """
    if Envio.objects.filter(usuario=usuario).order_by().count() >= ENVIOS_POR_PERSONA:
        raise ValidationError(f"Ya tiene {ENVIOS_POR_PERSONA} envíos programados: quite alguno.")
    envio = Envio(usuario=usuario, reporte=reporte.clave)
    return _guardar(envio, reporte, datos, usuario=usuario, ahora=ahora)


@transaction.atomic
def cambiar_envio(envio: Envio, datos: Datos, *, usuario: Any, ahora: datetime) -> Envio:
    """Cambia uno propio. Lo que ya salió no cambia; la próxima entrega se cuenta de nuevo.

    Lanza PermissionDenied si es de otra persona y ValidationError si algún dato no sirve.
    """
    envio = _propio(envio, usuario)
    return _guardar(envio, reporte_de(envio), datos, usuario=usuario, ahora=ahora)


def _guardar(envio: Envio, reporte: Reporte, datos: Datos, *, usuario: Any, ahora: datetime) -> Envio:
    _exigir_permiso(usuario, reporte)
    faltas: dict[str, Any] = {}
    envio.nombre = " ".join(datos.nombre.split())
    if not envio.nombre.isprintable():
        faltas["nombre"] = "El nombre lleva letras que no se pueden escribir."
    try:
        envio.destinatarios = leer_destinatarios(datos.destinatarios)
        exigir_destinatarios(reporte, envio.destinatarios)
    except ValidationError as error:
        faltas["destinatarios"] = error.messages
    try:
        hoy = timezone.localdate(ahora)
        envio.parametros = filtros.limpiar(reporte, datos.parametros, hoy=hoy, periodo=datos.periodo)
    except ValidationError as error:
        faltas[NON_FIELD_ERRORS] = error.messages
    envio.formato = datos.formato
    envio.cada, envio.hora, envio.dia = datos.cadencia.cada, datos.cadencia.hora, datos.cadencia.dia
    if faltas:
        raise ValidationError(faltas)
    envio.proxima_el = proxima_vez(_valida(envio), despues_de=ahora) if envio.estado == EstadoEnvio.ACTIVO else None
    envio.full_clean(exclude=["destinatarios"])
    envio.save()
    return envio


def _valida(envio: Envio) -> Cadencia:
    """La cadencia, si el día corresponde. Lanza ValidationError si no."""
    restriccion = next(una for una in Envio._meta.constraints if una.name == "envio_dia_segun_cada")
    restriccion.validate(Envio, envio)
    if envio.cada not in Cada.values or not 0 <= envio.hora <= 23:  # noqa: PLR2004 - las horas del día
        raise ValidationError({"hora": "Elija cada cuánto sale y una hora de 0 a 23."})
    return envio.cadencia


# --- Pausar, reanudar y quitar ---------------------------------------------------------------------------------------
@transaction.atomic
def pausar_envio(envio: Envio, *, usuario: Any, ahora: datetime) -> Envio:
    """Deja de salir hasta que se reanude; lo que esperaba turno ya no sale. Uno propio o, quien administra, cualquiera.

    Lanza ValidationError si no está activo.
    """
    envio = _al_alcance(envio, usuario)
    if envio.estado != EstadoEnvio.ACTIVO:
        raise ValidationError(f"«{envio}» no está activo: ya no sale.")
    quien = "" if envio.usuario_id == usuario.pk else f" {nombre_de(usuario)}"
    return _dejar_de_enviar(envio, EstadoEnvio.PAUSADO, nota=f"Lo pausó{quien or ' su dueño'}.", ahora=ahora)


@transaction.atomic
def reanudar_envio(envio: Envio, *, usuario: Any, ahora: datetime) -> Envio:
    """Vuelve a salir desde la próxima vez que toque; también el que el panel detuvo. Solo su dueño.

    Lanza ValidationError si ya está activo o si sigue habiendo por qué no enviarlo.
    """
    envio = _propio(envio, usuario)
    if envio.estado == EstadoEnvio.ACTIVO:
        raise ValidationError(f"«{envio}» ya está activo.")
    exigir_que_se_pueda(envio, usuario=usuario, ahora=ahora)
    envio.estado, envio.detenido_por = EstadoEnvio.ACTIVO, ""
    envio.proxima_el = proxima_vez(envio.cadencia, despues_de=ahora)
    envio.save()
    return envio


@transaction.atomic
def borrar_envio(envio: Envio, *, usuario: Any) -> None:
    """Lo quita, con sus entregas; de cada archivo que salió queda la constancia. Propio o, quien administra, todos."""
    _al_alcance(envio, usuario).delete()


@transaction.atomic
def enviar_ahora(envio: Envio, *, usuario: Any, ahora: datetime) -> EntregaEnvio:
    """Pide una entrega de uno propio, sin mover las que tiene programadas.

    Lanza ValidationError si está detenido, si hay otra en camino o si acaba de pedirla.
    """
    envio = _propio(envio, usuario)
    if envio.estado == EstadoEnvio.DETENIDO:
        raise ValidationError(f"«{envio}» está detenido: reanúdelo antes de enviarlo.")
    exigir_que_se_pueda(envio, usuario=usuario, ahora=ahora)
    if envio.entregas.filter(estado__in=POR_SALIR).exists():
        raise ValidationError("Ya hay una entrega en camino: espere a que salga.")
    if envio.entregas.filter(a_mano=True, para__gt=ahora - ENTRE_DOS_A_MANO).exists():
        raise ValidationError("Acaba de enviarlo: espere un minuto.")
    return envio.entregas.create(para=ahora, intentar_el=ahora, a_mano=True)


def exigir_que_se_pueda(envio: Envio, *, usuario: Any, ahora: datetime) -> None:
    """Lanza ValidationError si el reporte ya no existe, la cuenta no puede verlo o un filtro ya no vale."""
    reporte, hoy = reporte_de(envio), timezone.localdate(ahora)
    _exigir_permiso(usuario, reporte)
    exigir_destinatarios(reporte, envio.destinatarios)
    filtros.pedir(reporte, envio.parametros, dia=hoy, hoy=hoy)


# --- Detener ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def detener_envio(envio: Envio, *, motivo: str, ahora: datetime) -> None:
    """Lo detiene el panel, con su motivo, hasta que su dueño lo reanude; y se lo avisa.

    Si el dueño ya no entra al panel, se avisa a quienes administran los envíos.
    """
    envio = Envio.objects.select_for_update(of=("self",)).select_related("usuario").get(pk=envio.pk)
    if envio.estado == EstadoEnvio.DETENIDO:
        return
    motivo = motivo[:_LARGO_DE_LA_NOTA]
    _dejar_de_enviar(envio, EstadoEnvio.DETENIDO, nota=motivo, ahora=ahora, motivo=motivo)
    avisar(envio, "detenido", f"Se detuvo el envío «{envio}»", motivo, ahora=ahora)


def avisar(envio: Envio, que: str, titulo: str, texto: str, *, ahora: datetime) -> None:
    """Avisa al dueño de un envío o, si ya no entra al panel, a quienes los administran."""
    dueno: Any = envio.usuario
    para = (dueno.pk,) if dueno.is_active and dueno.is_staff else administradores(CAMBIAR_TODOS)
    clave, enlace = f"envío {envio.pk} {que} {ahora:%Y-%m-%dT%H:%M:%S}", reverse("envio", args=(envio.pk,))
    avisar_a_varios([Nuevo(uno, clave, titulo, texto, enlace) for uno in para], ahora=ahora)


def _dejar_de_enviar(envio: Envio, estado: EstadoEnvio, *, nota: str, ahora: datetime, motivo: str = "") -> Envio:
    envio.estado, envio.detenido_por, envio.proxima_el = estado, motivo, None
    envio.save()
    envio.entregas.filter(estado=EstadoEntrega.PENDIENTE).update(
        estado=EstadoEntrega.OMITIDA, nota=nota, cerrada_el=ahora
    )
    return envio


# --- De quién es -----------------------------------------------------------------------------------------------------
def reporte_de(envio: Envio) -> Reporte:
    """El reporte que envía. Lanza ValidationError si ya no existe."""
    if (hallado := REPORTES.get(envio.reporte)) is None:
        raise ValidationError(f"El reporte «{envio.reporte}» ya no existe.")
    return hallado


def _exigir_permiso(usuario: Any, reporte: Reporte) -> None:
    if frase := por_que_no(usuario, reporte):
        raise ValidationError(frase)


def _propio(envio: Envio, usuario: Any) -> Envio:
    envio = Envio.objects.select_for_update().get(pk=envio.pk)
    if envio.usuario_id != usuario.pk:
        raise PermissionDenied("Un envío lo cambia, lo reanuda y lo envía solo quien lo programó.")
    return envio


def _al_alcance(envio: Envio, usuario: Any) -> Envio:
    envio = Envio.objects.select_for_update().get(pk=envio.pk)
    if envio.usuario_id != usuario.pk and not usuario.has_perm(CAMBIAR_TODOS):
        raise PermissionDenied("Ese envío es de otra persona.")
    return envio
