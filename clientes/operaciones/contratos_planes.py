"""Cambiar el plan de un contrato, hoy o al final del período, sin perder de vista lo que había."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from movistar_site.comun.models import nombre_de
from movistar_site.comun.parametros import parametros
from movistar_site.comun.valores import formatear_fecha
from servicios.models import EstadoServicio, Servicio

from .. import periodos, reglas
from ..models import CambioPlan, Contrato, EstadoCambio, EstadoCliente, EstadoContrato
from .comunes import guardar, releer

HOY = "hoy"
FIN_DE_PERIODO = "fin_de_periodo"
CUANDO = {HOY: "Desde hoy", FIN_DE_PERIODO: "Al terminar el período de cobro"}


@transaction.atomic
def cambiar_plan(
    contrato: Contrato,
    *,
    servicio: Servicio,
    cuando: str,
    usuario: Any,
    hoy: date,
    precio: Decimal | None = None,
    motivo: str = "",
) -> CambioPlan:
    """El contrato pasa a otro servicio, con el precio y las condiciones que este ofrece.

    `cuando`: «hoy», o «fin_de_periodo», el corte de cobro siguiente (`periodos.fin_de_periodo`); entonces queda
    programado con las condiciones de hoy, que son las que el cliente aceptó. `precio`: pesos por período; sin él, el
    que rija el día en que empieza. La fecha de inicio, el corte de cobro y la permanencia del contrato no cambian; la
    promoción se conserva solo si también vale para el servicio nuevo.

    Entre un tipo y otro —de internet a un paquete, de prepago a pospago— se cambia; de la red fija a la móvil o al
    revés, no: la permanencia y las condiciones son de otra red y se firma otro contrato.

    Lanza ValidationError, diciendo la regla, si el contrato no está activo o ya tiene un cambio programado, el cliente
    está inactivo, el servicio no se vende, es de otra red o no tiene precio, la permanencia del contrato no cabe en el
    servicio nuevo, o el cambio no cambia nada.
    """
    releer(contrato)
    _exigir_contrato(contrato)
    _exigir_servicio(contrato, servicio)
    efectivo_el = _dia_del_cambio(contrato, cuando, hoy)
    if precio is None and (precio := servicio.precio_en(efectivo_el)) is None:
        raise ValidationError(
            {"precio": f"«{servicio}» no tiene precio que rija el {formatear_fecha(efectivo_el)}: escríbalo."}
        )
    cambio = CambioPlan(
        contrato=contrato,
        efectivo_el=efectivo_el,
        servicio_nuevo=servicio,
        precio_nuevo=precio,
        periodicidad_nueva=servicio.periodicidad,
        condiciones_nuevas=_condiciones_de(servicio),
        motivo=reglas.limpiar_texto(motivo),
        pedido_por_nombre=nombre_de(usuario)[:150],
    )
    _fotografiar(cambio, contrato)
    if not _cambia_algo(cambio):
        raise ValidationError({"servicio": f"El contrato ya es de «{servicio}», con ese precio y esas condiciones."})
    guardar(cambio, usuario=usuario, motivo=cambio.motivo)
    if cuando == HOY:
        aplicar_cambio(cambio, hoy=hoy, usuario=usuario)
        contrato.refresh_from_db()
    return cambio


@transaction.atomic
def aplicar_cambio(cambio: CambioPlan, *, hoy: date, usuario: Any) -> CambioPlan:
    """Pone en el contrato lo que el cambio dice, si su día ya llegó. Repetirla no hace nada.

    Vale aunque el contrato esté suspendido (se reanudará con el plan nuevo) o el servicio se haya retirado después: es
    lo que el cliente aceptó. Si el contrato terminó, el cambio queda anulado. Lanza ValidationError si está anulado o
    si aún no es su día.
    """
    # Primero el contrato y después el cambio, como `cambiar_plan`: dos a la vez se esperan y no se traban.
    contrato = _contrato_de(cambio)
    releer(cambio)
    if cambio.estado == EstadoCambio.APLICADO:
        return cambio
    if cambio.estado == EstadoCambio.ANULADO:
        raise ValidationError("El cambio de plan se anuló: ya no se aplica.")
    if cambio.efectivo_el > hoy:
        raise ValidationError(
            f"El cambio de plan rige desde el {formatear_fecha(cambio.efectivo_el)}: aún no es su día."
        )
    if contrato.estado == EstadoContrato.TERMINADO:
        return _anular(cambio, usuario=usuario, motivo="El contrato terminó antes del cambio")
    _fotografiar(cambio, contrato)
    cambio.estado = EstadoCambio.APLICADO
    guardar(cambio, usuario=usuario, motivo=cambio.motivo)
    contrato.servicio, contrato.precio = cambio.servicio_nuevo, cambio.precio_nuevo
    contrato.periodicidad, contrato.condiciones = cambio.periodicidad_nueva, cambio.condiciones_nuevas
    if contrato.promocion is not None and not _vale_para(contrato.promocion, cambio.servicio_nuevo):
        contrato.promocion = None
    guardar(contrato, usuario=usuario, motivo=f"Cambio de plan. {cambio.motivo}".strip())
    cambio.contrato = contrato
    return cambio


@transaction.atomic
def anular_cambio(cambio: CambioPlan, *, usuario: Any, motivo: str = "") -> CambioPlan:
    """Un cambio de plan programado ya no se hará. Lanza ValidationError si ya se aplicó o se anuló."""
    _contrato_de(cambio)
    releer(cambio)
    if cambio.estado != EstadoCambio.PROGRAMADO:
        raise ValidationError(
            f"El cambio de plan ya está {cambio.get_estado_display().lower()}: solo se anula uno programado."
        )
    return _anular(cambio, usuario=usuario, motivo=motivo)


def anular_programado(contrato: Contrato, *, usuario: Any, motivo: str) -> None:
    """Anula el cambio de plan que el contrato tenga programado, si tiene alguno."""
    programado = (
        CambioPlan.objects.select_for_update().filter(contrato=contrato, estado=EstadoCambio.PROGRAMADO).first()
    )
    if programado is not None:
        _anular(programado, usuario=usuario, motivo=motivo)


def _contrato_de(cambio: CambioPlan) -> Contrato:
    """El contrato del cambio como está ahora, bloqueado."""
    contrato = Contrato.objects.select_for_update().filter(pk=cambio.contrato_id).first()
    if contrato is None:
        raise ValidationError("El contrato ya no existe: alguien lo borró.")
    return contrato


def _anular(cambio: CambioPlan, *, usuario: Any, motivo: str) -> CambioPlan:
    cambio.estado = EstadoCambio.ANULADO
    return guardar(cambio, usuario=usuario, motivo=motivo)


# --- Las reglas ------------------------------------------------------------------------------------------------------
def _exigir_contrato(contrato: Contrato) -> None:
    if contrato.estado != EstadoContrato.ACTIVO:
        raise ValidationError(
            f"El contrato {contrato.numero} está {contrato.get_estado_display().lower()}: el plan se cambia en uno"
            " activo."
        )
    if contrato.cliente.estado != EstadoCliente.ACTIVO:
        raise ValidationError(f"{contrato.cliente} está inactivo: reactívelo antes de cambiar el plan.")
    programado = CambioPlan.objects.filter(contrato=contrato, estado=EstadoCambio.PROGRAMADO).first()
    if programado is not None:
        raise ValidationError(
            f"El contrato {contrato.numero} ya tiene un cambio de plan programado para el"
            f" {formatear_fecha(programado.efectivo_el)}: anúlelo antes."
        )


def _exigir_servicio(contrato: Contrato, servicio: Servicio) -> None:
    if servicio.estado != EstadoServicio.ACTIVO:
        raise ValidationError({"servicio": f"«{servicio}» está retirado: ya no se vende."})
    red_nueva, red = servicio.tipo.get_red_display().lower(), contrato.servicio.tipo.get_red_display().lower()
    if servicio.tipo.red != contrato.servicio.tipo.red:
        raise ValidationError(
            {
                "servicio": f"«{servicio}» es de la red {red_nueva} y el contrato {contrato.numero}, de la {red}: no es"
                " un cambio de plan. La permanencia es otra en cada red (CRC, Resoluciones 4444 de 2014 y 5050 de"
                " 2016): termine este contrato y firme uno nuevo."
            }
        )
    reglas.validar_permanencia(
        Contrato(
            servicio=servicio,
            fecha_inicio=contrato.fecha_inicio,
            permanencia_meses=contrato.permanencia_meses,
            anexo_permanencia=contrato.anexo_permanencia,
        ),
        parametros(contrato.fecha_inicio),
    )


def _dia_del_cambio(contrato: Contrato, cuando: str, hoy: date) -> date:
    if cuando not in CUANDO:
        raise ValidationError({"cuando": "Elija si el plan cambia hoy o al terminar el período de cobro."})
    if cuando == HOY:
        return hoy
    try:
        return periodos.fin_de_periodo(contrato.fecha_inicio, contrato.periodicidad, hoy)
    except ValueError as error:
        raise ValidationError({"cuando": f"{error} Cambie el plan desde hoy."}) from error


def _condiciones_de(servicio: Servicio) -> dict[str, Any]:
    firmado = Contrato(servicio=servicio)
    firmado.fijar_condiciones(servicio)
    return dict(firmado.condiciones)


def _fotografiar(cambio: CambioPlan, contrato: Contrato) -> None:
    """Anota en el cambio lo que el contrato tiene: es lo que quedará a la vista como anterior."""
    cambio.servicio_anterior, cambio.precio_anterior = contrato.servicio, contrato.precio
    cambio.periodicidad_anterior, cambio.condiciones_anteriores = contrato.periodicidad, contrato.condiciones


def _cambia_algo(cambio: CambioPlan) -> bool:
    antes = (cambio.servicio_anterior, cambio.precio_anterior, cambio.periodicidad_anterior)
    despues = (cambio.servicio_nuevo, cambio.precio_nuevo, cambio.periodicidad_nueva)
    return antes != despues or cambio.condiciones_anteriores != cambio.condiciones_nuevas


def _vale_para(promocion: Any, servicio: Servicio) -> bool:
    servicios = set(promocion.servicios.values_list("pk", flat=True))
    return not servicios or servicio.pk in servicios
