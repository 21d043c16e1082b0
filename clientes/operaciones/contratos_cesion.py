"""Ceder un contrato: otro cliente lo recibe como está."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from movistar_site.comun.parametros import parametros
from movistar_site.comun.valores import formatear_fecha
from servicios.models import Red

from .. import consultas_contratos, numeracion, periodos, reglas
from ..models import (
    CambioPlan,
    ClaseSuspension,
    Cliente,
    Contrato,
    EstadoCambio,
    EstadoCliente,
    EstadoContrato,
    Suspension,
)
from .comunes import guardar, releer
from .contratos import terminar_contrato

POR_QUE_NO_SE_CEDE = {
    ClaseSuspension.MORA: "está suspendido por falta de pago: se cede cuando esté al día y se reanude",
    ClaseSuspension.SEGURIDAD: "está suspendido por fraude o seguridad: se cede cuando eso se aclare y se reanude",
}


@transaction.atomic
def ceder_contrato(
    contrato: Contrato,
    *,
    a: Cliente,
    fecha: date,
    usuario: Any,
    hoy: date,
    conserva_antiguedad: bool,
    motivo: str = "",
) -> Contrato:
    """El contrato de un titular termina y otro firma uno igual: mismo servicio, precio, condiciones y promoción.

    El nuevo empieza activo el día `fecha`, en que termina el anterior, y lo recuerda en `cedido_de`. Le queda la
    permanencia que faltaba, en meses completos (los días sueltos se perdonan: nunca se alarga). Un cambio de plan
    programado se anula. El servicio puede estar retirado: no es una venta nueva.

    `conserva_antiguedad`: si quien recibe toma también la antigüedad de quien cede; entonces su fecha de vinculación
    pasa a ser la más antigua de las dos, con el motivo en su historia. Si no, cada uno conserva la suya. El valor que
    se propone es el parámetro `cesion_conserva_antiguedad`.

    Devuelve el contrato nuevo. Lanza ValidationError si es el mismo titular, quien recibe está inactivo, el contrato no
    se presta, está suspendido por mora o seguridad (o no se sabe por qué), tiene una PQR abierta, o la fecha es futura,
    anterior a su inicio, a su último cambio de plan o a la vinculación de quien recibe.
    """
    releer(contrato)
    if a.pk == contrato.cliente_id:
        raise ValidationError({"a": f"El contrato {contrato.numero} ya es de {a}: elija a otro cliente."})
    nuevo_titular, anterior = _bloquear(a, contrato.cliente)
    _exigir_que_se_preste(contrato)
    _exigir_sin_pqr(contrato)
    vinculacion = nuevo_titular.fecha_vinculacion
    if conserva_antiguedad:
        vinculacion = min(vinculacion, anterior.fecha_vinculacion)
    _exigir_titular(nuevo_titular, vinculacion, fecha)
    _exigir_fecha(contrato, fecha, hoy)
    meses = _permanencia_que_queda(contrato, fecha)
    terminar_contrato(
        contrato, fecha=fecha, usuario=usuario, hoy=hoy, motivo=_frase(f"Cedido a {nuevo_titular}", motivo)
    )
    if vinculacion != nuevo_titular.fecha_vinculacion:
        nuevo_titular.fecha_vinculacion = vinculacion
        recibe = f"Recibe la antigüedad de {anterior} con el contrato {contrato.numero}"
        guardar(nuevo_titular, usuario=usuario, motivo=_frase(recibe, motivo))
    nuevo = Contrato(
        cliente=nuevo_titular,
        servicio=contrato.servicio,
        estado=EstadoContrato.ACTIVO,
        fecha_inicio=fecha,
        precio=contrato.precio,
        periodicidad=contrato.periodicidad,
        condiciones=contrato.condiciones,
        permanencia_meses=meses,
        anexo_permanencia=contrato.anexo_permanencia if meses else "",
        promocion=contrato.promocion,
        cedido_de=contrato,
    )
    nuevo.full_clean(exclude={"numero"})
    nuevo.numero = numeracion.siguiente(numeracion.CONTRATOS)
    return guardar(nuevo, usuario=usuario, motivo=_frase(f"Cedido por {anterior}, contrato {contrato.numero}", motivo))


def _bloquear(a: Cliente, titular: Cliente) -> tuple[Cliente, Cliente]:
    """Los dos clientes como están ahora, bloqueados siempre en el mismo orden."""
    hallados = {
        uno.pk: uno for uno in Cliente.objects.select_for_update().filter(pk__in=(a.pk, titular.pk)).order_by("pk")
    }
    if a.pk not in hallados:
        raise ValidationError({"a": "El cliente que recibe ya no existe: alguien lo borró."})
    return hallados[a.pk], hallados[titular.pk]


def _frase(hecho: str, motivo: str) -> str:
    return ". ".join(filter(None, (hecho, reglas.limpiar_texto(motivo))))


# --- Las reglas ------------------------------------------------------------------------------------------------------
def _exigir_que_se_preste(contrato: Contrato) -> None:
    if contrato.estado in (EstadoContrato.PENDIENTE, EstadoContrato.TERMINADO):
        raise ValidationError(
            f"El contrato {contrato.numero} está {contrato.get_estado_display().lower()}: solo se cede uno que se"
            " presta."
        )
    if contrato.estado != EstadoContrato.SUSPENDIDO:
        return
    suspension = Suspension.objects.en_curso().filter(contrato=contrato).first()
    if suspension is None:
        raise ValidationError(
            f"El contrato {contrato.numero} está suspendido y no consta por qué: reanúdelo antes de cederlo."
        )
    if por_que := POR_QUE_NO_SE_CEDE.get(ClaseSuspension(suspension.clase)):
        raise ValidationError(f"El contrato {contrato.numero} no se cede: {por_que}.")


def _exigir_sin_pqr(contrato: Contrato) -> None:
    abierta = consultas_contratos.pqr_abiertas(contrato).first()
    if abierta is not None:
        raise ValidationError(
            f"El contrato {contrato.numero} no se cede: {consultas_contratos.nombrar(abierta)} está sin responder y la"
            " respuesta se le debe a quien hoy es su titular (Ley 1341 de 2009, artículo 54). Respóndala antes."
        )


def _exigir_titular(titular: Cliente, vinculacion: date, fecha: date) -> None:
    if titular.estado != EstadoCliente.ACTIVO:
        raise ValidationError({"a": f"{titular} está inactivo: reactívelo antes de que reciba un contrato."})
    if fecha < vinculacion:
        raise ValidationError(
            {"fecha": f"{titular} se vinculó el {formatear_fecha(vinculacion)}: no puede recibir el contrato antes."}
        )


def _exigir_fecha(contrato: Contrato, fecha: date, hoy: date) -> None:
    if fecha > hoy:
        raise ValidationError({"fecha": "La fecha no puede ser futura: cédalo el día en que cambia de titular."})
    if fecha < contrato.fecha_inicio:
        raise ValidationError(
            {"fecha": f"El contrato empezó el {formatear_fecha(contrato.fecha_inicio)}: no se puede ceder antes."}
        )
    aplicados = CambioPlan.objects.filter(contrato=contrato, estado=EstadoCambio.APLICADO)
    ultimo = aplicados.aggregate(dia=Max("efectivo_el"))["dia"]
    if ultimo is not None and fecha < ultimo:
        raise ValidationError(
            {"fecha": f"El plan cambió el {formatear_fecha(ultimo)}: con lo que tiene hoy no se puede ceder antes."}
        )


def _permanencia_que_queda(contrato: Contrato, fecha: date) -> int:
    if not contrato.permanencia_meses or contrato.servicio.tipo.red == Red.MOVIL:
        return 0
    quedan = periodos.meses_que_faltan(contrato.fecha_inicio, contrato.permanencia_meses, fecha)
    return min(quedan, int(parametros(fecha)["meses_permanencia_fija"]))
