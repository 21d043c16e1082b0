"""Lo que se escribe en el catálogo. Cada función valida, guarda en una transacción y deja historia.

Todas lanzan ValidationError, con una frase por campo, si algo no se puede; entonces no queda nada escrito.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.models import model_to_dict

from movistar_site.comun import operaciones as comunes
from movistar_site.comun.auditoria import auditar
from movistar_site.comun.valores import formatear_pesos

from . import reglas
from .atributos import leer_caracteristicas
from .models import AtributoTipo, EstadoServicio, PrecioServicio, Promocion, Servicio, TipoServicio


def _exigir_motivo(motivo: str) -> None:
    if not motivo.strip():
        raise ValidationError({"motivo": "Escriba el motivo: queda en la historia."})


def _bloquear_tipo(pk: Any) -> None:
    """Quien guarda un servicio y quien cambia los atributos de su tipo van de uno en uno."""
    TipoServicio.objects.select_for_update().filter(pk=pk).first()


# --- Tipos -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def guardar_tipo(
    tipo: TipoServicio, *, usuario: Any, atributos: Sequence[AtributoTipo] | None = None, motivo: str = ""
) -> TipoServicio:
    """Guarda un tipo y, si se dan, deja en él exactamente esos `atributos` (véase `fijar_atributos`)."""
    if tipo.pk:
        _bloquear_tipo(tipo.pk)
    comunes.guardar(tipo, usuario=usuario, motivo=motivo)
    if atributos is not None:
        fijar_atributos(tipo, atributos=atributos, usuario=usuario, motivo=motivo)
    return tipo


@transaction.atomic
def fijar_atributos(tipo: TipoServicio, *, atributos: Sequence[AtributoTipo], usuario: Any, motivo: str = "") -> None:
    """Deja en el tipo exactamente esos atributos: crea los nuevos, cambia los que ya estaban y borra los que faltan.

    El orden es el de la lista. Se rechaza entera si algún servicio del tipo dejaría de cumplir, o si se quita o se
    cambia de clave un atributo que algún servicio usa.
    """
    _bloquear_tipo(tipo.pk)
    for orden, atributo in enumerate(atributos, start=1):
        atributo.tipo, atributo.orden = tipo, orden
        atributo.full_clean(validate_unique=False, validate_constraints=False)
    reglas.validar_atributos(tipo, atributos)
    previos = {atributo.pk: atributo for atributo in tipo.atributos.all()}
    with auditar(usuario=usuario, motivo=motivo):
        for pk in previos.keys() - {atributo.pk for atributo in atributos}:
            previos[pk].delete()
        for atributo in atributos:
            if atributo.pk is None or model_to_dict(atributo) != model_to_dict(previos[atributo.pk]):
                atributo.full_clean()
                atributo.save()
    with auditar(usuario=usuario, motivo=motivo or f"Cambiaron los atributos de «{tipo}»"):
        _releer_servicios(tipo, atributos)


def _releer_servicios(tipo: TipoServicio, atributos: Sequence[AtributoTipo]) -> None:
    """Un cambio de clase de dato que los servicios cumplen puede cambiar cómo se guarda (300 → «300»)."""
    definiciones = [atributo.definicion() for atributo in atributos]
    for servicio in tipo.servicios.all():
        leidas, _ = leer_caracteristicas(definiciones, servicio.caracteristicas)
        if json.dumps(leidas) != json.dumps(servicio.caracteristicas):
            servicio.caracteristicas = leidas
            servicio.save()


def desactivar_tipo(tipo: TipoServicio, *, usuario: Any, motivo: str = "") -> TipoServicio:
    """El tipo deja de recibir servicios nuevos; los que tiene se siguen vendiendo."""
    return _fijar_activo(tipo, "activo", False, usuario=usuario, motivo=motivo)


def activar_tipo(tipo: TipoServicio, *, usuario: Any, motivo: str = "") -> TipoServicio:
    """El tipo vuelve a recibir servicios nuevos."""
    return _fijar_activo(tipo, "activo", True, usuario=usuario, motivo=motivo)


@transaction.atomic
def _fijar_activo(registro: Any, campo: str, valor: bool, *, usuario: Any, motivo: str) -> Any:
    registro = type(registro).objects.select_for_update().get(pk=registro.pk)
    if getattr(registro, campo) == valor:
        raise ValidationError(f"«{registro}» ya está {campo if valor else f'in{campo}'}.")
    setattr(registro, campo, valor)
    return comunes.guardar(registro, usuario=usuario, motivo=motivo)


# --- Servicios -------------------------------------------------------------------------------------------------------
@transaction.atomic
def guardar_servicio(
    servicio: Servicio,
    *,
    usuario: Any,
    hoy: date,
    precio: Decimal | None = None,
    componentes: Collection[Servicio] | None = None,
    motivo: str = "",
) -> Servicio:
    """Guarda un servicio con sus características y, si se dan, sus componentes y su precio desde `hoy`.

    `componentes`: los servicios que forman el paquete; None deja los que tenga. `precio`: None deja los precios como
    están, y uno igual al vigente no crea otro.
    """
    if servicio.tipo_id:
        _bloquear_tipo(servicio.tipo_id)
        if componentes is None:
            componentes = list(servicio.componentes.select_related("tipo")) if servicio.pk else []
        servicio.full_clean()
        reglas.validar_componentes(servicio, componentes)
    comunes.guardar(servicio, usuario=usuario, motivo=motivo)
    if componentes is not None:
        with auditar(usuario=usuario, motivo=motivo):
            servicio.componentes.set(componentes)
    if precio is not None and precio != servicio.precio_en(hoy):
        cambiar_precio(servicio, valor=precio, desde=hoy, usuario=usuario, hoy=hoy, motivo=motivo)
    return servicio


@transaction.atomic
def cambiar_precio(
    servicio: Servicio, *, valor: Decimal, desde: date, usuario: Any, hoy: date, motivo: str = ""
) -> PrecioServicio:
    """Fija el precio del servicio desde una fecha; los contratos firmados conservan el suyo.

    - `desde` puede ser hoy o una fecha futura. Una fecha pasada solo se admite para el primer precio del servicio:
      reescribir lo que ya rigió cambiaría lo que se le dijo a quien contrató.
    - Si ya hay un precio con esa misma fecha se corrige, y la historia guarda el anterior.
    - Se rechaza un valor igual al que ya regiría ese día, y cualquier precio de un servicio retirado.
    """
    servicio = Servicio.objects.select_for_update(of=("self",)).get(pk=servicio.pk)
    if servicio.estado == EstadoServicio.RETIRADO:
        raise ValidationError(f"«{servicio}» está retirado: ya no cambia de precio.")
    precios = {precio.vigente_desde: precio for precio in servicio.precios.all()}
    if precios and desde < hoy:
        raise ValidationError({"desde": "El precio nuevo rige desde hoy o desde una fecha futura."})
    fila = precios.get(desde) or PrecioServicio(servicio=servicio, vigente_desde=desde)
    if servicio.precio_en(desde) == valor:
        raise ValidationError({"valor": f"Ese día el precio ya es {formatear_pesos(valor)}."})
    fila.valor = valor
    return _guardar_precio(fila, usuario=usuario, motivo=motivo)


def _guardar_precio(fila: PrecioServicio, *, usuario: Any, motivo: str) -> PrecioServicio:
    try:
        return comunes.guardar(fila, usuario=usuario, motivo=motivo)
    except ValidationError as error:
        # Quien cambia un precio conoce «desde», no el nombre de la columna.
        faltas = error.error_dict
        raise ValidationError(
            {{"vigente_desde": "desde"}.get(campo, campo): e for campo, e in faltas.items()}
        ) from error


@transaction.atomic
def retirar_servicio(servicio: Servicio, *, fecha: date, hoy: date, usuario: Any, motivo: str) -> Servicio:
    """El servicio deja de venderse desde `fecha` (hoy o antes); los contratos que lo tienen siguen igual.

    Se rechaza si es parte de un paquete activo, y lo nombra.
    """
    servicio = Servicio.objects.select_for_update(of=("self",)).get(pk=servicio.pk)
    _exigir_motivo(motivo)
    reglas.validar_retiro(servicio, fecha=fecha, hoy=hoy)
    servicio.estado, servicio.retirado_el = EstadoServicio.RETIRADO, fecha
    return comunes.guardar(servicio, usuario=usuario, motivo=motivo)


@transaction.atomic
def reactivar_servicio(servicio: Servicio, *, usuario: Any, motivo: str) -> Servicio:
    """El servicio vuelve a venderse. Se rechaza si su tipo está inactivo o si alguno de sus componentes se retiró."""
    servicio = Servicio.objects.select_for_update(of=("self",)).get(pk=servicio.pk)
    _exigir_motivo(motivo)
    if servicio.estado == EstadoServicio.ACTIVO:
        raise ValidationError(f"«{servicio}» ya está activo.")
    if not servicio.tipo.activo:
        raise ValidationError(f"«{servicio}» no se puede reactivar: su tipo, «{servicio.tipo}», está inactivo.")
    servicio.estado, servicio.retirado_el = EstadoServicio.ACTIVO, None
    reglas.validar_componentes(servicio, list(servicio.componentes.select_related("tipo")))
    return comunes.guardar(servicio, usuario=usuario, motivo=motivo)


@transaction.atomic
def borrar_servicio(servicio: Servicio, *, usuario: Any, motivo: str = "") -> None:
    """Borra un servicio que no está en ningún contrato, paquete ni promoción; si lo está, dice cuál."""
    reglas.validar_borrado(servicio)
    comunes.borrar(servicio, usuario=usuario, motivo=motivo)


# --- Promociones -----------------------------------------------------------------------------------------------------
@transaction.atomic
def guardar_promocion(
    promocion: Promocion, *, usuario: Any, servicios: Collection[Servicio] | None = None, motivo: str = ""
) -> Promocion:
    """Guarda una promoción y, si se dan, los `servicios` sobre los que vale (ninguno: todo el catálogo)."""
    promocion.full_clean()
    if servicios is not None:
        reglas.validar_servicios_de_promocion(promocion, servicios)
    comunes.guardar(promocion, usuario=usuario, motivo=motivo)
    if servicios is not None:
        with auditar(usuario=usuario, motivo=motivo):
            promocion.servicios.set(servicios)
    return promocion


def desactivar_promocion(promocion: Promocion, *, usuario: Any, motivo: str = "") -> Promocion:
    """La promoción deja de ofrecerse; quien ya la tiene la conserva."""
    return _fijar_activo(promocion, "activa", False, usuario=usuario, motivo=motivo)


def activar_promocion(promocion: Promocion, *, usuario: Any, motivo: str = "") -> Promocion:
    """La promoción vuelve a ofrecerse dentro de su vigencia."""
    return _fijar_activo(promocion, "activa", True, usuario=usuario, motivo=motivo)
