"""Los ajustes de la atención: canales, motivos, equipos y plantillas. Lo que está en uso se retira, no se borra.

Nada de esto mueve el plazo ni el equipo de lo ya radicado.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from movistar_site.comun.auditoria import auditar
from movistar_site.comun.usos import LIMITE_DE_USOS
from movistar_site.comun.valores import contar

from .. import canales
from ..models import CanalAtencion, Equipo, Interaccion, MotivoInteraccion, PlantillaRespuesta
from .comunes import exigir_motivo, guardar, rechazar_cambios, releer

_CODIGO_FIJO = "El «{campo}» va en los archivos y en la historia, y ya no cambia: retire este y cree otro."


# --- Motivos y canales -----------------------------------------------------------------------------------------------
@transaction.atomic
def guardar_motivo(registro: MotivoInteraccion, *, usuario: Any, motivo: str = "") -> MotivoInteraccion:
    """Guarda un motivo de las interacciones. Lanza ValidationError si cambia su código o su equipo está inactivo."""
    rechazar_cambios(registro, ("codigo",), _CODIGO_FIJO)
    if registro.equipo is not None and not registro.equipo.activo:
        raise ValidationError({"equipo": f"El equipo «{registro.equipo}» está inactivo: elija otro o actívelo."})
    return guardar(registro, usuario=usuario, motivo=motivo)


@transaction.atomic
def guardar_canal(canal: CanalAtencion, *, usuario: Any, motivo: str = "") -> CanalAtencion:
    """Guarda un canal de atención. Lanza ValidationError si cambia su código."""
    rechazar_cambios(canal, ("codigo",), _CODIGO_FIJO)
    guardar(canal, usuario=usuario, motivo=motivo)
    canales.olvidar()
    return canal


def retirar_motivo(
    registro: MotivoInteraccion, *, fecha: date, motivo: str, usuario: Any, hoy: date
) -> MotivoInteraccion:
    """El motivo deja de ofrecerse después de `fecha`; los casos que lo llevan lo conservan."""
    return _retirar(registro, fecha=fecha, motivo=motivo, usuario=usuario, hoy=hoy)


def reactivar_motivo(registro: MotivoInteraccion, *, motivo: str, usuario: Any, hoy: date) -> MotivoInteraccion:
    """El motivo vuelve a ofrecerse. Lanza ValidationError si ya rige."""
    return _reactivar(registro, motivo=motivo, usuario=usuario, hoy=hoy)


def retirar_canal(canal: CanalAtencion, *, fecha: date, motivo: str, usuario: Any, hoy: date) -> CanalAtencion:
    """Por el canal se recibe hasta `fecha`. Lanza ValidationError si es el último: sin canales no se puede radicar."""
    if not CanalAtencion.objects.vigentes(max(fecha, hoy)).exclude(pk=canal.pk).exists():
        raise ValidationError("Es el único canal vigente: sin él no se podría radicar nada.")
    canal = _retirar(canal, fecha=fecha, motivo=motivo, usuario=usuario, hoy=hoy)
    canales.olvidar()
    return canal


def reactivar_canal(canal: CanalAtencion, *, motivo: str, usuario: Any, hoy: date) -> CanalAtencion:
    """Se vuelve a recibir por el canal. Lanza ValidationError si ya rige."""
    canal = _reactivar(canal, motivo=motivo, usuario=usuario, hoy=hoy)
    canales.olvidar()
    return canal


@transaction.atomic
def _retirar(registro: Any, *, fecha: date, motivo: str, usuario: Any, hoy: date) -> Any:
    motivo = exigir_motivo(motivo)
    releer(registro)
    if registro.vigente_hasta is not None and registro.vigente_hasta < hoy:
        raise ValidationError(f"«{registro}» ya está retirado desde el {registro.vigente_hasta:%d/%m/%Y}.")
    if fecha < registro.vigente_desde:
        raise ValidationError({"fecha": f"Rige desde el {registro.vigente_desde:%d/%m/%Y}: no puede terminar antes."})
    registro.vigente_hasta = fecha
    return guardar(registro, usuario=usuario, motivo=motivo)


@transaction.atomic
def _reactivar(registro: Any, *, motivo: str, usuario: Any, hoy: date) -> Any:
    motivo = exigir_motivo(motivo)
    releer(registro)
    if registro.vigente_hasta is None:
        raise ValidationError(f"«{registro}» no está retirado.")
    registro.vigente_hasta = None
    return guardar(registro, usuario=usuario, motivo=motivo)


@transaction.atomic
def borrar_canal(canal: CanalAtencion, *, usuario: Any, motivo: str = "") -> None:
    """Borra un canal por el que nada ha llegado. Lanza ValidationError si alguna interacción lo lleva.

    Las interacciones guardan su código, no una llave: por eso no lo impide la base.
    """
    releer(canal)
    if por_que := por_que_no_se_borra_canal(canal):
        raise ValidationError(por_que)
    with auditar(usuario=usuario, motivo=motivo):
        canal.delete()
    canales.olvidar()


def por_que_no_se_borra_canal(canal: CanalAtencion) -> str:
    """La frase que lo dice, o nada si se puede."""
    for campo in ("canal", "canal_respuesta"):
        if Interaccion.objects.filter(**{campo: canal.codigo}).order_by().exists():
            return f"«{canal}» no se puede borrar: hay interacciones de ese canal. Retírelo y dejará de ofrecerse."
    return ""


# --- Equipos ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def guardar_equipo(
    equipo: Equipo, *, usuario: Any, miembros: Collection[Any] | None = None, motivo: str = ""
) -> Equipo:
    """Guarda un equipo y, si se dan, deja en él exactamente esos miembros."""
    with auditar(usuario=usuario, motivo=motivo):
        guardar(equipo, usuario=usuario, motivo=motivo)
        if miembros is not None:
            equipo.miembros.set(miembros)
    return equipo


@transaction.atomic
def desactivar_equipo(equipo: Equipo, *, motivo: str, usuario: Any) -> Equipo:
    """El equipo deja de recibir casos. Lanza ValidationError si algún motivo va a él o si tiene casos sin responder."""
    motivo = exigir_motivo(motivo)
    releer(equipo)
    if not equipo.activo:
        raise ValidationError(f"«{equipo}» ya está inactivo.")
    if suyos := list(MotivoInteraccion.objects.filter(equipo=equipo).values_list("nombre", flat=True)):
        raise ValidationError(f"«{equipo}» atiende {_motivos(suyos)}: páselos antes a otro equipo.")
    abiertos = Interaccion.objects.abiertas().filter(equipo=equipo).order_by()[: LIMITE_DE_USOS + 1].count()
    if abiertos:
        raise ValidationError(f"«{equipo}» tiene {_casos(abiertos)} sin responder: asígnelos antes a otro equipo.")
    equipo.activo = False
    return guardar(equipo, usuario=usuario, motivo=motivo)


@transaction.atomic
def activar_equipo(equipo: Equipo, *, usuario: Any, motivo: str = "") -> Equipo:
    """El equipo vuelve a recibir casos. Lanza ValidationError si ya está activo."""
    releer(equipo)
    if equipo.activo:
        raise ValidationError(f"«{equipo}» ya está activo.")
    equipo.activo = True
    return guardar(equipo, usuario=usuario, motivo=motivo)


def _motivos(nombres: list[str]) -> str:
    return f"el motivo «{nombres[0]}»" if len(nombres) == 1 else f"{len(nombres)} motivos, como «{nombres[0]}»"


def _casos(cuantos: int) -> str:
    if cuantos > LIMITE_DE_USOS:
        return "más de 1.000 casos"
    return contar(cuantos, "caso", "casos")


# --- Plantillas ------------------------------------------------------------------------------------------------------
@transaction.atomic
def guardar_plantilla(plantilla: PlantillaRespuesta, *, usuario: Any, motivo: str = "") -> PlantillaRespuesta:
    """Guarda una plantilla de respuesta. Lanza ValidationError si pide completar algo que no se sabe."""
    plantilla.texto = (plantilla.texto or "").replace("\r\n", "\n").strip()
    return guardar(plantilla, usuario=usuario, motivo=motivo)


@transaction.atomic
def activar_plantilla(plantilla: PlantillaRespuesta, *, usuario: Any, activa: bool, motivo: str = "") -> Any:
    """La plantilla se ofrece al responder, o deja de ofrecerse. Lanza ValidationError si ya está así."""
    releer(plantilla)
    if plantilla.activa == activa:
        raise ValidationError(f"«{plantilla}» ya está {'activa' if activa else 'inactiva'}.")
    plantilla.activa = activa
    return guardar(plantilla, usuario=usuario, motivo=motivo)
