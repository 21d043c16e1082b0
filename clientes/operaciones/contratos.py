"""Contratar un servicio y llevar el contrato por sus estados."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from movistar_site.comun import operaciones
from movistar_site.comun.parametros import parametros
from movistar_site.comun.valores import formatear_fecha
from servicios.models import EstadoServicio, Promocion, Servicio

from .. import numeracion, promociones, reglas
from ..models import Cliente, Contrato, EstadoCliente, EstadoContrato
from .comunes import guardar, rechazar_cambios, releer
from .contratos_pasos import comprobar_paso
from .contratos_planes import anular_programado
from .contratos_suspension import cerrar_suspension

FIRMADO = ("numero", "cliente", "servicio", "precio", "periodicidad", "promocion", "estado", "fecha_fin")


# --- Contratar -------------------------------------------------------------------------------------------------------
@transaction.atomic
def crear_contrato(
    *,
    cliente: Cliente,
    servicio: Servicio,
    fecha_inicio: date,
    usuario: Any,
    hoy: date,
    precio: Decimal | None = None,
    promocion: Promocion | None = None,
    permanencia_meses: int = 0,
    anexo_permanencia: str = "",
    activar: bool = False,
) -> Contrato:
    """Firma un contrato con las condiciones de hoy del servicio; un cambio posterior del catálogo no lo toca.

    `precio`: pesos por período; sin él, el que rija en `fecha_inicio`. `activar`: empieza a prestarse de una vez.
    Lanza ValidationError, con todas las faltas, si el cliente está inactivo, el servicio no se vende, no hay precio,
    la fecha no tiene sentido, la permanencia no cabe en la regulación o la promoción no le vale.
    """
    cliente = _bloquear_cliente(cliente)
    faltas: dict[str, Any] = {}
    for comprobar in (
        lambda: _exigir_cliente(cliente, fecha_inicio),
        lambda: _exigir_servicio(servicio),
        lambda: _exigir_fecha(fecha_inicio, hoy, activar),
        lambda: _exigir_promocion(promocion, cliente, servicio, min(fecha_inicio, hoy)),
    ):
        try:
            comprobar()
        except ValidationError as error:
            faltas = error.update_error_dict(faltas)
    if precio is None and "servicio" not in faltas:
        precio = servicio.precio_en(fecha_inicio)
        if precio is None:
            faltas["precio"] = [
                f"«{servicio}» no tiene precio que rija el {formatear_fecha(fecha_inicio)}: escríbalo o fíjelo en el"
                " catálogo."
            ]
    if faltas or precio is None:
        raise ValidationError(faltas)
    contrato = Contrato(
        cliente=cliente,
        servicio=servicio,
        fecha_inicio=fecha_inicio,
        precio=precio,
        promocion=promocion,
        permanencia_meses=permanencia_meses or 0,
        anexo_permanencia=reglas.limpiar_texto(anexo_permanencia),
        estado=EstadoContrato.ACTIVO if activar else EstadoContrato.PENDIENTE,
    )
    contrato.fijar_condiciones(servicio)
    # Antes de gastar un número: un formulario que no pasa no deja huecos en la serie.
    contrato.full_clean(exclude={"numero"})
    contrato.numero = numeracion.siguiente(numeracion.CONTRATOS)
    return guardar(contrato, usuario=usuario)


def _bloquear_cliente(cliente: Cliente) -> Cliente:
    actual = Cliente.objects.select_for_update().filter(pk=cliente.pk).first()
    if actual is None:
        raise ValidationError({"cliente": "El cliente ya no existe: alguien lo borró o lo fusionó con otro."})
    return actual


def _exigir_cliente(cliente: Cliente, fecha_inicio: date) -> None:
    if cliente.estado != EstadoCliente.ACTIVO:
        raise ValidationError({"cliente": "El cliente está inactivo: reactívelo antes de contratar."})
    if fecha_inicio < cliente.fecha_vinculacion:
        raise ValidationError(
            {
                "fecha_inicio": f"El cliente se vinculó el {formatear_fecha(cliente.fecha_vinculacion)}: el contrato no"
                " puede empezar antes."
            }
        )


def _exigir_servicio(servicio: Servicio) -> None:
    if servicio.estado != EstadoServicio.ACTIVO:
        raise ValidationError({"servicio": f"«{servicio}» está retirado: ya no se vende."})


def _exigir_fecha(fecha_inicio: date, hoy: date, activar: bool) -> None:
    if fecha_inicio > hoy + timedelta(days=reglas.DIAS_DE_ANTICIPACION):
        raise ValidationError({"fecha_inicio": "El contrato empieza dentro de más de un año: revise la fecha."})
    if activar and fecha_inicio > hoy:
        raise ValidationError({"fecha_inicio": _aun_no_empieza(fecha_inicio)})


def _aun_no_empieza(fecha_inicio: date) -> str:
    return f"El contrato empieza el {formatear_fecha(fecha_inicio)}: no se puede activar antes."


def _exigir_promocion(promocion: Promocion | None, cliente: Cliente, servicio: Servicio, dia: date) -> None:
    """La promoción rige el día en que se firma, cubre el servicio, le vale al cliente y le queda cupo."""
    if promocion is None:
        return
    # Bloqueada, como ya lo está el cliente: dos ventas a la vez no pasan del cupo ni suman con una exclusiva.
    promocion = Promocion.objects.select_for_update().get(pk=promocion.pk)
    if faltas := _reparos(promocion, cliente, servicio, dia):
        raise ValidationError({"promocion": faltas})


def _reparos(promocion: Promocion, cliente: Cliente, servicio: Servicio, dia: date) -> list[str]:
    una = promociones.HechosDePromocion(
        promocion,
        usadas=promocion.contratos.count() if promocion.cupo is not None else 0,  # type: ignore[attr-defined]
        servicios=set(promocion.servicios.values_list("pk", flat=True)),
    )
    suyos = promociones.hechos_de(cliente, dia=dia, normas=parametros(dia))
    faltas = [promociones.reparo_de_servicio(una, servicio), *promociones.reparos(una, suyos, dia=dia)]
    faltas += [exigir(promocion, cliente, dia) for exigir in promociones.AL_DAR_PROMOCION]
    return [f"«{promocion}» {reparo}" for reparo in faltas if reparo]


@transaction.atomic
def corregir_contrato(contrato: Contrato, *, usuario: Any, hoy: date, motivo: str = "") -> Contrato:
    """Guarda lo que de un contrato se puede corregir: el anexo y, mientras está pendiente, su inicio y permanencia.

    Lanza ValidationError si se toca lo firmado (cliente, servicio, precio, promoción…) o un contrato terminado.
    """
    actual = rechazar_cambios(contrato, FIRMADO, "«{campo}» quedó firmado: cambie el plan o haga otro contrato.")
    contrato.anexo_permanencia = reglas.limpiar_texto(contrato.anexo_permanencia)
    if actual is None:
        return guardar(contrato, usuario=usuario, motivo=motivo)  # se restaura uno borrado
    if actual.estado == EstadoContrato.TERMINADO:
        raise ValidationError("El contrato está terminado: ya no cambia.")
    if actual.estado == EstadoContrato.PENDIENTE:
        if isinstance(contrato.fecha_inicio, date):
            _exigir_cliente(contrato.cliente, contrato.fecha_inicio)
            _exigir_fecha(contrato.fecha_inicio, hoy, False)
    else:
        rechazar_cambios(
            contrato, ("fecha_inicio", "permanencia_meses"), "«{campo}» ya no cambia: el contrato empezó a prestarse."
        )
    return guardar(contrato, usuario=usuario, motivo=motivo)


@transaction.atomic
def borrar_contrato(contrato: Contrato, *, usuario: Any, motivo: str = "") -> None:
    """Borra un contrato que no llegó a prestarse.

    Lanza ValidationError si ya se prestó (se termina y se conserva) o si una interacción lo menciona.
    """
    releer(contrato)
    if frase := por_que_no_se_borra(contrato):
        raise ValidationError(frase)
    operaciones.borrar(contrato, usuario=usuario, motivo=motivo)


def por_que_no_se_borra(contrato: Contrato) -> str:
    """La frase que dice por qué un contrato no se puede borrar; vacía si se puede."""
    if contrato.estado == EstadoContrato.PENDIENTE:
        return ""
    salida = "" if contrato.estado == EstadoContrato.TERMINADO else " Puede terminarlo."
    return (
        f"El contrato {contrato.numero} está {contrato.get_estado_display().lower()}: lo que se prestó se"
        f" conserva y no se borra.{salida}"
    )


# --- Estados ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def activar_contrato(contrato: Contrato, *, usuario: Any, hoy: date, motivo: str = "") -> Contrato:
    """Un contrato pendiente empieza a prestarse.

    Lanza ValidationError si no está pendiente o si aún no llega su fecha de inicio.
    """
    if comprobar_paso(contrato, EstadoContrato.ACTIVO) == EstadoContrato.SUSPENDIDO:
        raise ValidationError(f"El contrato {contrato.numero} está suspendido: no se activa, se reanuda.")
    if contrato.fecha_inicio > hoy:
        raise ValidationError(_aun_no_empieza(contrato.fecha_inicio))
    contrato.estado = EstadoContrato.ACTIVO
    return guardar(contrato, usuario=usuario, motivo=motivo)


@transaction.atomic
def terminar_contrato(contrato: Contrato, *, fecha: date, usuario: Any, hoy: date, motivo: str = "") -> Contrato:
    """El contrato termina desde `fecha`. El cliente no tiene que dar razones (CRC, Resolución 5050 de 2016).

    Un contrato pendiente que no llegó a empezar termina el mismo día en que iba a hacerlo: no estuvo en pie ninguno.
    La permanencia que le quede no lo impide. Se cierra su suspensión en curso y se anula su cambio de plan programado.
    Lanza ValidationError si ya terminó, o si la fecha es futura o anterior al inicio.
    """
    comprobar_paso(contrato, EstadoContrato.TERMINADO)
    if fecha > hoy:
        raise ValidationError({"fecha": "La fecha no puede ser futura: termínelo el día en que deja de prestarse."})
    if fecha < contrato.fecha_inicio:
        if contrato.fecha_inicio <= hoy:
            inicio = formatear_fecha(contrato.fecha_inicio)
            raise ValidationError({"fecha": f"El contrato empezó el {inicio}: no puede terminar antes."})
        fecha = contrato.fecha_inicio
    cerrar_suspension(contrato, dia=fecha, usuario=usuario, motivo=motivo or "El contrato terminó")
    anular_programado(contrato, usuario=usuario, motivo="El contrato terminó")
    contrato.estado, contrato.fecha_fin = EstadoContrato.TERMINADO, fecha
    return guardar(contrato, usuario=usuario, motivo=motivo)
