"""Lo que un asesor hace con un cliente que se le derivó, y lo que un administrador hace con sus derivaciones.

Cada paso bloquea la derivación, deja una gestión y su historia; el que la cierra, cierra la bonificación en la misma
transacción. Solo la mueve el asesor que la tiene o un administrador. La aceptación es del cliente, expresa y con prueba
(dominio, sección 7); sin ella no hay beneficio, y con ella no hay deuda, condición ni permanencia.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clientes.models import CON_PLAZO, Cliente, Contacto, FinalidadContacto, Interaccion, ResultadoContacto
from clientes.operaciones.comunes import exigir_motivo, guardar
from clientes.operaciones.contactos import abrir_contacto, cerrar_contacto
from movistar_site.comun.festivos import calendario
from movistar_site.comun.models import nombre_de
from movistar_site.comun.opciones import Canal
from movistar_site.comun.parametros import parametros
from movistar_site.comun.valores import contar, formatear_fecha

from ..derivaciones.reparto import asesores
from ..models import AccionGestion, Asesor, Derivacion, EstadoDerivacion, ResultadoDerivacion
from .derivaciones_avisos import avisar_lo_derivado, avisar_lo_pasado
from .derivaciones_pasos import anotar, anotar_varias, cerrar, manda_en_todas, tomar
from .derivaciones_revision import revisar_derivaciones

DIAS_DE_APLAZO, DIAS_DE_APLAZO_EN_TOTAL = 60, 180
"""Hasta cuándo se puede dejar para después: contado desde hoy, y desde que el asesor la recibió."""
SIN_RESPUESTA = {
    ResultadoContacto.NO_RESPONDE: "No respondió",
    ResultadoContacto.EQUIVOCADO: "El dato no es del cliente",
}


# --- Hablar con el cliente -------------------------------------------------------------------------------------------
@transaction.atomic
def contactar(derivacion: Derivacion, *, canal: str, usuario: Any, ahora: datetime, entrante: bool = False) -> Contacto:
    """Empieza un contacto con el cliente por la puerta de la Ley 2300 y lo deja en curso.

    `entrante`: es el cliente quien vino, y entonces es lícito siempre. Lanza ValidationError si la puerta no lo permite
    (con la razón y desde cuándo), si tiene una PQR abierta, si retiró su autorización, si ya hay un contacto en curso,
    si la derivación se cerró o si es de otro.
    """
    tomar(derivacion, usuario)
    cliente = derivacion.cliente
    exigir_sin_pqr(cliente)
    if contacto_en_curso(derivacion, usuario) is not None:
        raise ValidationError("Hay un contacto en curso con este cliente: anote primero en qué terminó.")
    if derivacion.estado == EstadoDerivacion.DETENIDA and not entrante:
        raise ValidationError(
            "El cliente pidió que no se le ofrezca más: no se le busca mientras no dé otra autorización. Si es él quien"
            " viene, se le atiende."
        )
    contacto = abrir_contacto(
        cliente=cliente,
        canal=canal,
        finalidad=FinalidadContacto.COMERCIAL,
        usuario=usuario,
        ahora=ahora,
        asunto=f"Bonificación: {derivacion.programa.nombre}",
        entrante=entrante,
    )
    texto = f"{'Vino' if entrante else 'Se le buscó'} por {contacto.get_canal_display().lower()}"
    _pasar_a(derivacion, EstadoDerivacion.CONTACTADO, usuario=usuario, motivo=texto)
    anotar(derivacion, AccionGestion.CONTACTADO, usuario=usuario, ahora=ahora, texto=texto, contacto=contacto)
    return contacto


@transaction.atomic
def anotar_resultado(
    derivacion: Derivacion, *, contacto: Contacto, resultado: str, nota: str, usuario: Any, ahora: datetime
) -> Derivacion:
    """Anota en qué terminó un contacto. Si no se habló con el cliente, la derivación vuelve a estar pendiente.

    Lanza ValidationError si el contacto es de otro cliente, si ya estaba cerrado, o si la derivación se cerró o es de
    otro.
    """
    tomar(derivacion, usuario)
    if contacto.cliente_id != derivacion.cliente_id:
        raise ValidationError("Ese contacto es con otro cliente.")
    cerrar_contacto(contacto, resultado=resultado, usuario=usuario, ahora=ahora, nota=nota)
    dicho = SIN_RESPUESTA.get(ResultadoContacto(resultado), "Habló con el cliente")
    texto = ". ".join(filter(None, (dicho, " ".join((nota or "").split()))))
    sigue = EstadoDerivacion.PENDIENTE if resultado in SIN_RESPUESTA else EstadoDerivacion.CONTACTADO
    _pasar_a(derivacion, sigue, usuario=usuario, motivo=texto)
    anotar(derivacion, AccionGestion.CONTACTADO, usuario=usuario, ahora=ahora, texto=texto, contacto=contacto)
    return derivacion


def _pasar_a(derivacion: Derivacion, estado: EstadoDerivacion, *, usuario: Any, motivo: str) -> None:
    """Cambia de estado; la detenida lo sigue estando, que el cliente venga no le devuelve la autorización."""
    if derivacion.estado != EstadoDerivacion.DETENIDA:
        derivacion.estado = estado
        if estado == EstadoDerivacion.CONTACTADO:
            derivacion.volver_el = None
    guardar(derivacion, usuario=usuario, motivo=motivo)


def contacto_en_curso(derivacion: Derivacion, usuario: Any) -> Contacto | None:
    """El contacto comercial que la cuenta tiene en curso con ese cliente, por esta derivación o por otra."""
    suyos = Contacto.objects.comerciales().filter(cliente=derivacion.cliente_id, resultado=ResultadoContacto.EN_CURSO)
    if not manda_en_todas(usuario):
        suyos = suyos.filter(hecho_por=getattr(usuario, "pk", None))
    return suyos.order_by("-momento", "-id").first()


def exigir_sin_pqr(cliente: Cliente) -> None:
    """Lanza ValidationError si el cliente espera respuesta a una PQR: antes no se le ofrece nada (dominio, 7)."""
    abiertas = Interaccion.objects.abiertas().filter(cliente=cliente, tipo__in=CON_PLAZO).order_by("fecha", "id")
    if numero := abiertas.values_list("numero", flat=True).first():
        raise ValidationError(
            f"El cliente tiene abierta la PQR {numero}: no se le ofrece nada hasta que se le responda."
        )


# --- Lo que contesta -------------------------------------------------------------------------------------------------
@transaction.atomic
def aceptar(derivacion: Derivacion, *, medio: str, evidencia: str, usuario: Any, ahora: datetime) -> Derivacion:
    """El cliente aceptó de forma expresa: cierra la derivación y su bonificación como aceptadas.

    `medio`: el canal por el que lo dijo. `evidencia`: dónde está la prueba (grabación, formulario, correo); el silencio
    no vale. Si nadie lo estaba contactando es que él vino, y queda como contacto suyo. Lanza ValidationError si falta
    el medio o la prueba, si tiene una PQR abierta, o si la derivación se cerró o es de otro.
    """
    faltas = {}
    if medio not in Canal.values:
        faltas["medio"] = "Diga por dónde aceptó el cliente."
    evidencia = " ".join((evidencia or "").split())
    if not evidencia:
        faltas["evidencia"] = "Diga dónde está la prueba de que aceptó: el silencio no vale."
    if faltas:
        raise ValidationError(faltas)
    bono = tomar(derivacion, usuario)
    exigir_sin_pqr(derivacion.cliente)
    contacto = _contacto_de_la_respuesta(derivacion, medio, usuario, ahora)
    bono.aceptada_por, bono.evidencia = medio, evidencia
    texto = f"Por {Canal(medio).label.lower()}. Prueba: {evidencia}"
    cerrar(derivacion, bono, ResultadoDerivacion.ACEPTADA, usuario=usuario, ahora=ahora, motivo=texto)
    anotar(derivacion, AccionGestion.ACEPTADA, usuario=usuario, ahora=ahora, texto=texto, contacto=contacto)
    return derivacion


@transaction.atomic
def rechazar(derivacion: Derivacion, *, motivo: str, usuario: Any, ahora: datetime) -> Derivacion:
    """El cliente no quiso: cierra la derivación y su bonificación como rechazadas, con el motivo.

    Lanza ValidationError si falta el motivo, o si la derivación se cerró o es de otro.
    """
    motivo = exigir_motivo(motivo, "Diga por qué no quiso: sirve para la próxima oferta.")
    bono = tomar(derivacion, usuario)
    contacto = _cerrar_en_curso(derivacion, usuario, ahora)
    cerrar(derivacion, bono, ResultadoDerivacion.RECHAZADA, usuario=usuario, ahora=ahora, motivo=motivo)
    anotar(derivacion, AccionGestion.RECHAZADA, usuario=usuario, ahora=ahora, texto=motivo, contacto=contacto)
    return derivacion


@transaction.atomic
def aplazar(derivacion: Derivacion, *, volver_el: date, motivo: str, usuario: Any, ahora: datetime) -> Derivacion:
    """El cliente pidió que se le busque otro día: ese día vuelve a los pendientes y se le avisa al asesor.

    Si el plazo se acaba antes, se corre hasta unos días hábiles después (parámetro `dias_recordar_derivacion`): lo
    pidió el cliente. Lanza ValidationError si el día no es posterior a hoy o pasa del límite, si está detenida, si
    falta el motivo, o si la derivación se cerró o es de otro.
    """
    motivo = exigir_motivo(motivo, "Escriba qué pidió el cliente: queda en la historia.")
    tomar(derivacion, usuario)
    hoy = timezone.localdate(ahora)
    if derivacion.estado == EstadoDerivacion.DETENIDA:
        raise ValidationError("El cliente pidió que no se le ofrezca más: no se le puede dejar para después.")
    hasta = ultimo_aplazo(derivacion, hoy)
    if volver_el <= hoy:
        raise ValidationError({"volver_el": f"Elija un día posterior a hoy, {formatear_fecha(hoy)}."})
    if volver_el > hasta:
        raise ValidationError({"volver_el": f"Se puede dejar para después hasta el {formatear_fecha(hasta)}."})
    contacto = _cerrar_en_curso(derivacion, usuario, ahora)
    derivacion.estado, derivacion.volver_el = EstadoDerivacion.APLAZADA, volver_el
    _correr_plazo(derivacion, volver_el, hoy)
    texto = f"Volver el {formatear_fecha(volver_el)}. {motivo}"
    guardar(derivacion, usuario=usuario, motivo=texto)
    anotar(derivacion, AccionGestion.APLAZADA, usuario=usuario, ahora=ahora, texto=texto, contacto=contacto)
    return derivacion


def ultimo_aplazo(derivacion: Derivacion, hoy: date) -> date:
    """El último día para el que se puede dejar una derivación."""
    en_total = derivacion.derivada_el + timedelta(days=DIAS_DE_APLAZO_EN_TOTAL)
    return max(min(hoy + timedelta(days=DIAS_DE_APLAZO), en_total), hoy + timedelta(days=1))


def _correr_plazo(derivacion: Derivacion, volver_el: date, hoy: date) -> None:
    reglas = parametros(hoy)
    alcanza = calendario(reglas).sumar_habiles(volver_el, reglas["dias_recordar_derivacion"])
    if derivacion.vence_el is not None and derivacion.vence_el < alcanza:
        derivacion.vence_el, derivacion.recordada_el, derivacion.escalada_el = alcanza, None, None


def _cerrar_en_curso(derivacion: Derivacion, usuario: Any, ahora: datetime) -> Contacto | None:
    """Da por efectivo el contacto que la cuenta tenía en curso: si contestó, se habló con él."""
    contacto = contacto_en_curso(derivacion, usuario)
    if contacto is not None:
        cerrar_contacto(contacto, resultado=ResultadoContacto.EFECTIVO, usuario=usuario, ahora=ahora)
    return contacto


def _contacto_de_la_respuesta(derivacion: Derivacion, medio: str, usuario: Any, ahora: datetime) -> Contacto:
    """El contacto en que el cliente contestó: el que está en curso, el de hoy, o uno que empezó él."""
    if (contacto := _cerrar_en_curso(derivacion, usuario, ahora)) is not None:
        return contacto
    de_hoy = Contacto.objects.comerciales().filter(
        cliente=derivacion.cliente_id, dia=timezone.localdate(ahora), resultado=ResultadoContacto.EFECTIVO, canal=medio
    )
    if (contacto := de_hoy.order_by("-momento", "-id").first()) is not None:
        return contacto
    contacto = abrir_contacto(
        cliente=derivacion.cliente,
        canal=medio,
        finalidad=FinalidadContacto.COMERCIAL,
        usuario=usuario,
        ahora=ahora,
        asunto=f"Bonificación: {derivacion.programa.nombre}",
        entrante=True,
    )
    return cerrar_contacto(contacto, resultado=ResultadoContacto.EFECTIVO, usuario=usuario, ahora=ahora)


# --- Lo que hace un administrador ------------------------------------------------------------------------------------
@transaction.atomic
def reasignar(derivacion: Derivacion, *, asesor: Any, motivo: str, usuario: Any, ahora: datetime) -> Derivacion:
    """Pasa la derivación a otro asesor, con un plazo nuevo; a él se le avisa.

    Lanza ValidationError si la cuenta no es de un administrador, si falta el motivo, si ya la tenía, si la otra persona
    no puede recibirla (no es asesor, está en pausa o llegó a su tope) o si se cerró.
    """
    motivo = exigir_motivo(motivo)
    _exigir_administrador(usuario)
    tomar(derivacion, usuario)
    if asesor.pk == derivacion.asesor_id:
        raise ValidationError({"asesor": f"La derivación de {derivacion.cliente} ya la tiene {nombre_de(asesor)}."})
    _exigir_que_reciba(asesor)
    hoy = timezone.localdate(ahora)
    reglas = parametros(hoy)
    derivacion.asesor, derivacion.derivada_el = asesor, hoy
    derivacion.recordada_el = derivacion.escalada_el = None
    plazo = calendario(reglas).sumar_habiles(hoy, reglas["dias_derivacion"])
    derivacion.vence_el = max(plazo, derivacion.volver_el or plazo)
    guardar(derivacion, usuario=usuario, motivo=motivo)
    texto = f"A {nombre_de(asesor)}. {motivo}"
    anotar(derivacion, AccionGestion.ASIGNADA, usuario=usuario, ahora=ahora, texto=texto)
    avisar_lo_pasado(asesor, ahora=ahora)
    return derivacion


@transaction.atomic
def anular(derivacion: Derivacion, *, motivo: str, usuario: Any, ahora: datetime) -> Derivacion:
    """La deja sin efecto, con su bonificación: no debió asignarse. Solo un administrador, con el motivo."""
    motivo = exigir_motivo(motivo)
    _exigir_administrador(usuario)
    bono = tomar(derivacion, usuario)
    cerrar(derivacion, bono, ResultadoDerivacion.ANULADA, usuario=usuario, ahora=ahora, motivo=motivo)
    anotar(derivacion, AccionGestion.ANULADA, usuario=usuario, ahora=ahora, texto=motivo)
    return derivacion


def _exigir_administrador(usuario: Any) -> None:
    if not manda_en_todas(usuario):
        raise ValidationError("Esto solo lo hace un administrador.")


def _exigir_que_reciba(asesor: Any) -> None:
    nombre = nombre_de(asesor)
    if not asesores().filter(pk=asesor.pk).exists():
        raise ValidationError({"asesor": f"{nombre} no es asesor de ventas, o su cuenta está inactiva: elija otro."})
    # Con su fila bloqueada: dos reasignaciones a la vez no pasan de su tope.
    fila = Asesor.objects.select_for_update().filter(usuario=asesor).first()
    if fila is None:
        return
    if not fila.recibe:
        raise ValidationError({"asesor": f"{nombre} está en pausa: no recibe derivaciones. Elija otro."})
    if fila.tope is not None and Derivacion.objects.abiertas().filter(asesor=asesor).count() >= fila.tope:
        tope = contar(fila.tope, "derivación abierta", "derivaciones abiertas")
        raise ValidationError({"asesor": f"{nombre} ya tiene {tope}, que es su máximo: elija otro o súbaselo."})


# --- El cliente no quiere más ofertas --------------------------------------------------------------------------------
def detener(cliente: Cliente, usuario: Any, ahora: datetime) -> None:
    """Detiene lo que estaba en cola de un cliente que retiró su autorización (véase `clientes.contacto.AL_RETIRAR`).

    Si él viene, se le atiende igual; a los pendientes vuelve cuando dé otra autorización (véase la revisión diaria).
    """
    abiertas = Derivacion.objects.abiertas().exclude(estado=EstadoDerivacion.DETENIDA).filter(cliente=cliente)
    detenidas = list(abiertas.select_for_update().order_by("pk"))
    for derivacion in detenidas:
        derivacion.estado, derivacion.volver_el = EstadoDerivacion.DETENIDA, None
        guardar(derivacion, usuario=usuario, motivo="El cliente retiró su autorización")
    texto = "El cliente pidió que no se le ofrezca más: no se le busca; si él viene, se le atiende"
    anotar_varias((una.pk for una in detenidas), AccionGestion.DETENIDA, ahora=ahora, usuario=usuario, texto=texto)


__all__ = [
    "aceptar",
    "anotar_resultado",
    "anular",
    "aplazar",
    "avisar_lo_derivado",
    "contactar",
    "contacto_en_curso",
    "detener",
    "exigir_sin_pqr",
    "reasignar",
    "rechazar",
    "revisar_derivaciones",
    "ultimo_aplazo",
]
