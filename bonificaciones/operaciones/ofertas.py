"""Presentar una oferta a un cliente y anotar qué contestó: las dos cosas cuentan para las siguientes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clientes.models import (
    CON_PLAZO,
    Cliente,
    Contacto,
    Contrato,
    EstadoCliente,
    FinalidadContacto,
    Interaccion,
    ResultadoContacto,
)
from clientes.operaciones.comunes import exigir_motivo, guardar, momento, releer
from clientes.operaciones.contactos import abrir_contacto, cerrar_contacto, puede_cerrar
from movistar_site.comun.models import nombre_de
from servicios.models import EstadoServicio, Promocion, Servicio, VigenciaPromocion

from ..models import EstadoOferta, Oferta, ReglaOferta

_SIRVEN = (ResultadoContacto.EN_CURSO, ResultadoContacto.EFECTIVO)


@transaction.atomic
def presentar_oferta(
    *,
    cliente: Cliente,
    titulo: str,
    porque: str,
    canal: str,
    usuario: Any,
    ahora: datetime,
    regla: ReglaOferta | None = None,
    servicio: Servicio | None = None,
    promocion: Promocion | None = None,
    contacto: Contacto | None = None,
    entrante: bool = False,
) -> Oferta:
    """Anota que al cliente se le ofreció algo, dentro de un contacto con él.

    Es comercial, así que pasa por la puerta (Ley 2300 de 2023): usa `contacto` o el que la misma persona tiene hoy con
    él y, si no hay ninguno, lo abre. `entrante`: el cliente vino o llamó, y eso es lícito siempre.

    Lanza ValidationError, con una frase, si está inactivo, si tiene una PQR abierta, si ya tiene el servicio o este no
    se vende, si la promoción no rige, si eso mismo espera su respuesta o si la puerta no deja contactarlo.
    """
    releer(cliente)
    _exigir_que_se_pueda(cliente)
    _exigir_lo_ofrecido(cliente, servicio, promocion, hoy=timezone.localdate(ahora))
    _exigir_que_no_espere(cliente, regla, servicio, titulo)
    if contacto is not None:
        _exigir_contacto(contacto, cliente, ahora)
    else:
        contacto = _contacto_de_hoy(cliente, canal, usuario, ahora) or abrir_contacto(
            cliente=cliente, canal=canal, finalidad=FinalidadContacto.COMERCIAL.value, usuario=usuario, ahora=ahora,
            asunto=titulo, entrante=entrante,
        )  # fmt: skip
    nueva = Oferta(
        cliente=cliente,
        regla=regla,
        servicio=servicio,
        promocion=promocion,
        titulo=titulo.strip()[:200],
        porque=porque.strip(),
        canal=contacto.canal,
        presentada_el=ahora,
        contacto=contacto,
        hecha_por=usuario if getattr(usuario, "pk", None) else None,
        hecha_por_nombre=nombre_de(usuario)[:150],
    )
    return guardar(nueva, usuario=usuario)


def _exigir_que_se_pueda(cliente: Cliente) -> None:
    if cliente.estado != EstadoCliente.ACTIVO:
        raise ValidationError("El cliente está inactivo: no se le ofrece nada.")
    abiertas = Interaccion.objects.abiertas().filter(cliente=cliente, tipo__in=CON_PLAZO)
    if una := abiertas.order_by("fecha", "id").first():
        raise ValidationError(
            f"El cliente tiene abierta la PQR {una.numero}: primero se le responde, después se le ofrece."
        )


def _exigir_lo_ofrecido(cliente: Cliente, servicio: Servicio | None, promocion: Promocion | None, *, hoy: Any) -> None:
    if servicio is not None:
        if servicio.estado != EstadoServicio.ACTIVO:
            raise ValidationError(f"«{servicio.nombre}» está retirado: ya no se vende.")
        if Contrato.objects.vigentes().filter(cliente=cliente, servicio=servicio).exists():
            raise ValidationError(f"El cliente ya tiene «{servicio.nombre}».")
    if promocion is not None and promocion.vigencia(hoy) != VigenciaPromocion.VIGENTE:
        raise ValidationError(f"La promoción «{promocion.nombre}» no está vigente.")


def _exigir_que_no_espere(cliente: Cliente, regla: ReglaOferta | None, servicio: Servicio | None, titulo: str) -> None:
    """Dos veces el mismo botón, o dos personas: la segunda encuentra la oferta de la primera."""
    mismas = Oferta.objects.filter(cliente=cliente, estado=EstadoOferta.PRESENTADA)
    iguales = mismas.filter(regla=regla, servicio=servicio) if regla or servicio else mismas.filter(titulo=titulo[:200])
    if una := iguales.first():
        raise ValidationError(f"Esa oferta ya se le presentó el {momento(una.presentada_el)} y espera su respuesta.")


def _exigir_contacto(contacto: Contacto, cliente: Cliente, ahora: datetime) -> None:
    if contacto.cliente_id != cliente.pk:
        raise ValidationError("El contacto es de otro cliente.")
    if contacto.dia != timezone.localdate(ahora) or contacto.resultado not in _SIRVEN:
        raise ValidationError("El contacto ya terminó: abra uno nuevo para ofrecerle algo.")
    if not contacto.entrante and contacto.finalidad != FinalidadContacto.COMERCIAL:
        raise ValidationError("En un contacto de servicio no se ofrece nada: abra uno comercial.")


def _contacto_de_hoy(cliente: Cliente, canal: str, usuario: Any, ahora: datetime) -> Contacto | None:
    """El que esa persona tiene hoy con el cliente por ese canal, si en él se puede ofrecer."""
    de_hoy = Contacto.objects.filter(
        cliente=cliente, canal=canal, hecho_por_id=getattr(usuario, "pk", None), dia=timezone.localdate(ahora),
        finalidad=FinalidadContacto.COMERCIAL, resultado__in=_SIRVEN,
    )  # fmt: skip
    return de_hoy.first() if getattr(usuario, "pk", None) else None


@transaction.atomic
def responder_oferta(oferta: Oferta, *, aceptada: bool, motivo: str, usuario: Any, ahora: datetime) -> Oferta:
    """Anota qué contestó el cliente. Un «no» lleva su motivo; el contacto en que se le ofreció queda como efectivo.

    Aceptar una oferta no crea el contrato: eso lo firma el cliente. Lanza ValidationError si ya respondió o si falta el
    motivo de no querer.
    """
    releer(oferta)
    if oferta.estado != EstadoOferta.PRESENTADA:
        cuando = momento(oferta.respondida_el) if oferta.respondida_el else ""
        raise ValidationError(f"El cliente ya respondió esa oferta el {cuando}: {oferta.get_estado_display().lower()}.")
    if ahora < oferta.presentada_el:
        raise ValidationError(f"La oferta se le presentó el {momento(oferta.presentada_el)}: no pudo responder antes.")
    oferta.motivo = (
        " ".join((motivo or "").split()) if aceptada else exigir_motivo(motivo, "Escriba por qué no quiso la oferta.")
    )
    oferta.estado = EstadoOferta.ACEPTADA if aceptada else EstadoOferta.RECHAZADA
    oferta.respondida_el = ahora
    guardar(oferta, usuario=usuario, motivo=oferta.motivo)
    _cerrar_el_contacto(oferta, usuario, ahora)
    return oferta


def _cerrar_el_contacto(oferta: Oferta, usuario: Any, ahora: datetime) -> None:
    contacto = oferta.contacto
    if contacto is None or contacto.resultado != ResultadoContacto.EN_CURSO or not puede_cerrar(contacto, usuario):
        return
    cerrar_contacto(contacto, resultado=ResultadoContacto.EFECTIVO.value, usuario=usuario, ahora=ahora,
                    nota=f"{oferta.titulo}: {oferta.get_estado_display().lower()}")  # fmt: skip


__all__ = ["presentar_oferta", "responder_oferta"]
