"""Suspender y reanudar un contrato: quién, cuándo, por qué y hasta cuándo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from movistar_site.comun.models import nombre_de
from movistar_site.comun.parametros import normas, parametros
from movistar_site.comun.valores import contar, formatear_fecha

from .. import consultas_contratos, periodos, reglas
from ..models import ClaseSuspension, Contrato, EstadoContrato, Suspension
from .comunes import exigir_motivo, guardar
from .contratos_pasos import comprobar_paso


@transaction.atomic
def suspender_contrato(
    contrato: Contrato,
    *,
    clase: str,
    motivo: str,
    usuario: Any,
    hoy: date,
    hasta_prevista: date | None = None,
) -> Contrato:
    """Un contrato activo deja de prestarse desde hoy y hasta que se reanude.

    A petición del cliente dura como mucho `meses_suspension` meses de cada año calendario, contando las anteriores que
    el mismo contrato tuvo ese año por su petición, y hay que decir hasta cuándo (el día en que se reanuda). Cómo se
    suma: cada suspensión gasta 30 días por mes completo —tenga los que tenga— y uno por día suelto, y el cupo son 30
    días por mes; la que pasa de un año a otro gasta de cada uno lo que en él dura (`periodos.dias_de_suspension`). Una
    que se reanuda antes gasta solo lo que duró.

    Por mora no se suspende mientras una PQR abierta discuta una suma (`consultas_contratos.disputas_de_cobro`).

    Lanza ValidationError si no está activo, si falta el motivo o la clase, si el día previsto no es posterior a hoy, o
    si una de esas reglas lo impide: dice cuál, y del cupo, cuántos días quedan.
    """
    motivo = exigir_motivo(motivo)
    if clase not in ClaseSuspension.values:
        raise ValidationError({"clase": "Elija por qué se suspende: a petición del cliente, por mora o por seguridad."})
    comprobar_paso(contrato, EstadoContrato.SUSPENDIDO)
    if hasta_prevista is not None and hasta_prevista <= hoy:
        raise ValidationError({"hasta_prevista": "El contrato se reanuda después de hoy: escriba un día posterior."})
    if clase == ClaseSuspension.PETICION:
        _exigir_cupo(contrato, hoy, hasta_prevista)
    elif clase == ClaseSuspension.MORA:
        _exigir_sin_disputa(contrato)
    # Un archivo pudo activarlo sin reanudarlo: la que quedó abierta ya no corre.
    cerrar_suspension(contrato, dia=hoy, usuario=usuario, motivo="El contrato ya se prestaba")
    suspension = Suspension(
        contrato=contrato,
        clase=clase,
        desde=hoy,
        hasta_prevista=hasta_prevista,
        motivo=motivo,
        registrada_por_nombre=nombre_de(usuario)[:150],
    )
    guardar(suspension, usuario=usuario, motivo=motivo)
    contrato.estado = EstadoContrato.SUSPENDIDO
    return guardar(contrato, usuario=usuario, motivo=motivo)


@transaction.atomic
def reanudar_contrato(contrato: Contrato, *, usuario: Any, hoy: date, motivo: str = "") -> Contrato:
    """Un contrato suspendido vuelve a prestarse desde hoy, y su suspensión queda cerrada.

    Los que se suspendieron en otro sistema no tienen suspensión anotada y se reanudan igual. Lanza ValidationError si
    no está suspendido.
    """
    if comprobar_paso(contrato, EstadoContrato.ACTIVO) == EstadoContrato.PENDIENTE:
        raise ValidationError(f"El contrato {contrato.numero} está pendiente: no se reanuda, se activa.")
    cerrar_suspension(contrato, dia=hoy, usuario=usuario, motivo=motivo)
    contrato.estado = EstadoContrato.ACTIVO
    return guardar(contrato, usuario=usuario, motivo=motivo)


def cerrar_suspension(contrato: Contrato, *, dia: date, usuario: Any, motivo: str = "") -> None:
    """Pone fin a la suspensión en curso del contrato, si la hay; nunca antes de que empezara."""
    en_curso = Suspension.objects.select_for_update().en_curso().filter(contrato=contrato).first()  # type: ignore[attr-defined]
    if en_curso is not None:
        en_curso.hasta = max(dia, en_curso.desde)
        guardar(en_curso, usuario=usuario, motivo=motivo)


# --- Las reglas ------------------------------------------------------------------------------------------------------
def _exigir_cupo(contrato: Contrato, hoy: date, hasta: date | None) -> None:
    meses = int(parametros(hoy)["meses_suspension"])
    cupo = meses * periodos.DIAS_DEL_MES
    gastados = consultas_contratos.dias_suspendidos(contrato)
    quedan = max(0, cupo - gastados.get(hoy.year, 0))
    le_quedan = f"Le quedan {contar(quedan, 'día', 'días')} en {hoy.year}"
    norma = normas(hoy)["meses_suspension"]
    maximo = f"a petición se suspende como mucho {reglas.en_palabras(meses)} al año ({norma})"
    if not quedan:
        raise ValidationError(
            f"El contrato {contrato.numero} ya usó en {hoy.year} el tiempo de suspensión del cliente: {maximo} y no le"
            " quedan días."
        )
    limite = periodos.hasta_donde_cabe(hoy, quedan, cupo)
    if hasta is None:
        raise ValidationError(
            {"hasta_prevista": f"Escriba hasta cuándo: {maximo}. {le_quedan}, hasta el {formatear_fecha(limite)}."}
        )
    if not _cabe(hoy, hasta, cupo, gastados):
        raise ValidationError(
            {
                "hasta_prevista": f"Hasta el {formatear_fecha(hasta)} no cabe: {maximo}. {le_quedan}, hasta el"
                f" {formatear_fecha(limite)}."
            }
        )


def _cabe(desde: date, hasta: date, cupo: int, gastados: Mapping[int, int]) -> bool:
    return all(dias + gastados.get(anio, 0) <= cupo for anio, dias in periodos.por_anio(desde, hasta))


def _exigir_sin_disputa(contrato: Contrato) -> None:
    disputa = consultas_contratos.disputas_de_cobro(contrato).first()
    if disputa is not None:
        raise ValidationError(
            f"El contrato {contrato.numero} no se suspende por mora: {consultas_contratos.nombrar(disputa)} discute una"
            " suma y está sin responder. Mientras esté abierta no se suspende por esa suma"
            " (Ley 1341 de 2009, artículo 54; CRC, Resolución 5050 de 2016, título II, capítulo 1)."
        )
