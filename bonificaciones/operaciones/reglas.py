"""Las reglas de oferta: se guardan revisadas, se activan y se desactivan. Lo que ya ofrecieron no cambia."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from clientes.operaciones.comunes import guardar, releer
from servicios.models import TipoServicio

from ..models import AccionRegla, ReglaOferta
from ..ofertas.reglas import revisar_condiciones


@transaction.atomic
def guardar_regla(regla: ReglaOferta, *, usuario: Any, motivo: str = "") -> ReglaOferta:
    """Guarda una regla con sus condiciones revisadas y sin lo que su acción no usa.

    Lanza ValidationError, una frase por falta, si una condición nombra un hecho que no existe o le pide algo que no es
    de su clase, o si la regla no dice qué ofrece.
    """
    tipos = dict(TipoServicio.objects.values_list("codigo", "nombre"))
    try:
        regla.condiciones = revisar_condiciones(regla.condiciones, tipos=tipos)
    except ValidationError as error:
        raise ValidationError({"condiciones": error.messages}) from error
    if regla.accion != AccionRegla.SERVICIO:
        regla.servicio = regla.tipo = None
    if regla.accion != AccionRegla.PROMOCION:
        regla.promocion = None
    if regla.accion != AccionRegla.BENEFICIO:
        regla.beneficio = ""
    if falta := _falta(regla):
        raise ValidationError(falta)
    if regla.servicio is not None and regla.tipo is not None and regla.servicio.tipo_id != regla.tipo_id:
        raise ValidationError(
            {"servicio": f"«{regla.servicio.nombre}» no es de tipo {regla.tipo}: deje uno de los dos."}
        )
    return guardar(regla, usuario=usuario, motivo=motivo)


def _falta(regla: ReglaOferta) -> dict[str, str]:
    if regla.accion == AccionRegla.SERVICIO and regla.servicio is None and regla.tipo is None:
        return {"tipo": "Elija el tipo de servicio que ofrece, o un servicio."}
    if regla.accion == AccionRegla.PROMOCION and regla.promocion is None:
        return {"promocion": "Elija la promoción que ofrece."}
    if regla.accion == AccionRegla.BENEFICIO and not regla.beneficio.strip():
        return {"beneficio": "Escriba el beneficio que ofrece."}
    return {}


@transaction.atomic
def activar_regla(regla: ReglaOferta, *, activa: bool, usuario: Any, motivo: str = "") -> ReglaOferta:
    """La regla se mira, o deja de mirarse. Lanza ValidationError si ya está así."""
    releer(regla)
    if regla.activa == activa:
        raise ValidationError(f"«{regla.nombre}» ya está {'activa' if activa else 'inactiva'}.")
    regla.activa = activa
    return guardar(regla, usuario=usuario, motivo=motivo)


__all__ = ["activar_regla", "guardar_regla"]
