"""Guardar un cliente, su categoría a mano, y retirarlo o traerlo de vuelta."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from movistar_site.comun.opciones import Categoria
from movistar_site.comun.valores import formatear_fecha

from .. import reglas
from ..models import Cliente, EstadoCliente, TipoPersona
from .comunes import exigir_con_datos, exigir_motivo, guardar, rechazar_cambios, releer

CAMPOS_CON_OPERACION = ("estado", "inactivo_desde")
DE_TEXTO = ("nombre", "apellido", "direccion", "motivo_categoria")
CONTRATOS_QUE_SE_NOMBRAN = 5


def limpiar_cliente(cliente: Cliente) -> None:
    """Deja los textos como se guardan: sin espacios de sobra y el correo en minúsculas."""
    for campo in DE_TEXTO:
        setattr(cliente, campo, reglas.limpiar_texto(getattr(cliente, campo)))
    cliente.email = (cliente.email or "").strip().lower()
    cliente.notas = (cliente.notas or "").strip()
    if cliente.tipo_persona == TipoPersona.JURIDICA:
        cliente.apellido = ""  # la razón social va entera en el nombre


@transaction.atomic
def guardar_cliente(cliente: Cliente, *, usuario: Any, hoy: date, motivo: str = "") -> Cliente:
    """Crea o cambia un cliente.

    La vinculación no es futura ni anterior a 1900; el documento y los teléfonos quedan normalizados, el correo en
    minúsculas y los textos sin espacios de sobra. El estado no se cambia por aquí. Un dato que estaba por completar y
    se escribe deja de estarlo. Lanza ValidationError con todas las faltas, una frase por campo.
    """
    limpiar_cliente(cliente)
    actual = rechazar_cambios(
        cliente, CAMPOS_CON_OPERACION, "«{campo}» no se cambia al guardar: use Desactivar o Reactivar."
    )
    if actual is not None:
        exigir_con_datos(actual)
    # Una versión restaurada trae también lo que entonces estaba por completar.
    if actual is not None and cliente.pendientes == actual.pendientes:
        cliente.pendientes = reglas.pendientes_tras_editar(vars(cliente), vars(actual))
    faltas: dict[str, Any] = {}
    try:
        cliente.full_clean()
    except ValidationError as error:
        faltas = error.update_error_dict(faltas)
    if isinstance(cliente.fecha_vinculacion, date) and "fecha_vinculacion" not in faltas:
        try:
            reglas.validar_vinculacion(cliente.fecha_vinculacion, hoy)
        except ValidationError as error:
            faltas = error.update_error_dict(faltas)
    if faltas:
        raise ValidationError(faltas)
    return guardar(cliente, usuario=usuario, motivo=motivo)


@transaction.atomic
def asignar_categoria(cliente: Cliente, *, categoria: str, motivo: str, usuario: Any) -> Cliente:
    """Fija a mano la categoría de un cliente, con su motivo, hasta que se libere.

    Lanza ValidationError si falta el motivo, si la categoría no existe o si ya la tiene asignada con ese motivo.
    """
    motivo = exigir_motivo(motivo, "Para asignar la categoría a mano escriba el motivo.")
    if categoria not in Categoria.values:
        raise ValidationError({"categoria": "Elija entre nuevo, regular y leal."})
    releer(cliente)
    exigir_con_datos(cliente)
    if (cliente.categoria_asignada, cliente.motivo_categoria) == (categoria, motivo):
        raise ValidationError(f"El cliente ya tiene asignada la categoría {Categoria(categoria).label}.")
    cliente.categoria_asignada, cliente.motivo_categoria = categoria, motivo
    return guardar(cliente, usuario=usuario, motivo=motivo)


@transaction.atomic
def liberar_categoria(cliente: Cliente, *, usuario: Any, motivo: str = "") -> Cliente:
    """Devuelve al cliente la categoría que le da su permanencia. Lanza ValidationError si no tenía una a mano."""
    releer(cliente)
    exigir_con_datos(cliente)
    if not cliente.categoria_asignada:
        raise ValidationError("El cliente no tiene una categoría asignada a mano: ya la da su permanencia.")
    cliente.categoria_asignada = cliente.motivo_categoria = ""
    return guardar(cliente, usuario=usuario, motivo=motivo or "Categoría liberada: vuelve a darla la permanencia")


@transaction.atomic
def desactivar_cliente(cliente: Cliente, *, fecha: date, motivo: str, usuario: Any, hoy: date) -> Cliente:
    """El cliente deja de serlo desde `fecha`: conserva su historia y no recibe contratos nuevos.

    Lanza ValidationError si tiene contratos sin terminar (dice cuáles), si ya estaba inactivo, si falta el motivo o si
    la fecha es futura o anterior a su vinculación.
    """
    motivo = exigir_motivo(motivo)
    releer(cliente)
    if cliente.estado == EstadoCliente.INACTIVO:
        raise ValidationError("El cliente ya está inactivo.")
    if fecha > hoy:
        raise ValidationError({"fecha": "La fecha no puede ser futura."})
    if fecha < cliente.fecha_vinculacion:
        raise ValidationError(
            {"fecha": f"El cliente se vinculó el {formatear_fecha(cliente.fecha_vinculacion)}: no puede ser antes."}
        )
    _rechazar_con_contratos(cliente)
    cliente.estado, cliente.inactivo_desde = EstadoCliente.INACTIVO, fecha
    return guardar(cliente, usuario=usuario, motivo=motivo)


def _rechazar_con_contratos(cliente: Cliente) -> None:
    contratos = [
        f"{contrato.numero} ({contrato.get_estado_display().lower()})"
        for contrato in cliente.contratos.vigentes().order_by("id").only("numero", "estado")  # type: ignore[attr-defined]
    ]
    if contratos:
        cuantos = "un contrato sin terminar" if len(contratos) == 1 else f"{len(contratos)} contratos sin terminar"
        orden = "Termínelo primero." if len(contratos) == 1 else "Termínelos primero."
        raise ValidationError(
            f"El cliente tiene {cuantos}: {reglas.enumerar(contratos, CONTRATOS_QUE_SE_NOMBRAN)}. {orden}"
        )


@transaction.atomic
def reactivar_cliente(cliente: Cliente, *, usuario: Any, motivo: str = "") -> Cliente:
    """Un cliente inactivo vuelve a serlo, con la misma fecha de vinculación. Lanza ValidationError si está activo."""
    releer(cliente)
    if cliente.estado == EstadoCliente.ACTIVO:
        raise ValidationError("El cliente ya está activo.")
    exigir_con_datos(cliente)
    cliente.estado, cliente.inactivo_desde = EstadoCliente.ACTIVO, None
    return guardar(cliente, usuario=usuario, motivo=motivo)
