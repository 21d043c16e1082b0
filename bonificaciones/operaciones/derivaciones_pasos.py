"""Lo que comparten los pasos de una derivación: tomarla bloqueada, anotar cada paso y cerrarla con su bonificación."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from clientes.models import Cliente, Contacto
from clientes.operaciones.comunes import guardar, momento, releer
from movistar_site.comun.models import nombre_de

from ..models import (
    AccionGestion,
    Bonificacion,
    Derivacion,
    EstadoBonificacion,
    EstadoDerivacion,
    GestionDerivacion,
    ResultadoDerivacion,
)

PERMISO_DE_MOVER = "bonificaciones.change_derivacion"
PERMISO_DE_TODAS = "bonificaciones.change_asesor"
"""Quien mantiene a los asesores ve y mueve las derivaciones de todos; un asesor, solo las suyas."""


def manda_en_todas(usuario: Any) -> bool:
    """Si la cuenta puede mover cualquier derivación: un administrador."""
    return bool(usuario is not None and usuario.has_perm(PERMISO_DE_MOVER) and usuario.has_perm(PERMISO_DE_TODAS))


def puede_llevar(derivacion: Derivacion, usuario: Any) -> bool:
    """Si la cuenta puede mover esa derivación: es suya, o manda en todas."""
    if manda_en_todas(usuario):
        return True
    suya = derivacion.asesor_id is not None and derivacion.asesor_id == getattr(usuario, "pk", None)
    return suya and bool(usuario.has_perm(PERMISO_DE_MOVER))


def tomar(derivacion: Derivacion, usuario: Any) -> Bonificacion:
    """Bloquea la derivación como está ahora, con su cliente y su bonificación, para que esa cuenta la mueva.

    Primero el cliente, como hacen el contacto, el retiro y la fusión: así dos operaciones nunca se esperan una a otra.
    Lanza ValidationError si ya se cerró o si la cuenta no es la del asesor que la tiene ni la de un administrador.
    """
    Cliente.objects.select_for_update().filter(pk=derivacion.cliente_id).first()
    releer(derivacion)
    if derivacion.estado == EstadoDerivacion.CERRADA:
        cuando = f" el {momento(derivacion.cerrada_el)}" if derivacion.cerrada_el else ""
        raise ValidationError(f"La derivación ya se cerró{cuando}: {derivacion.get_resultado_display().lower()}.")
    if not puede_llevar(derivacion, usuario):
        raise ValidationError(_de_otro(derivacion))
    bono = Bonificacion.objects.select_for_update().get(pk=derivacion.bonificacion_id)
    if bono.estado != EstadoBonificacion.ASIGNADA:
        raise ValidationError(f"La bonificación ya está {bono.get_estado_display().lower()}: no se puede mover.")
    return bono


def _de_otro(derivacion: Derivacion) -> str:
    if derivacion.asesor is None:
        return "La derivación todavía no tiene asesor: un administrador puede asignársela."
    return f"La derivación la tiene {nombre_de(derivacion.asesor)}: solo esa persona o un administrador puede moverla."


def anotar(
    derivacion: Derivacion,
    accion: AccionGestion,
    *,
    usuario: Any,
    ahora: datetime,
    texto: str = "",
    contacto: Contacto | None = None,
) -> GestionDerivacion:
    """Deja dicho un paso: qué, cuándo, quién y por qué."""
    return GestionDerivacion.objects.create(
        derivacion=derivacion,
        accion=accion,
        contacto=contacto,
        texto=texto,
        hecha_el=ahora,
        hecha_por_nombre=nombre_de(usuario)[:150],
    )


def anotar_varias(
    claves: Iterable[int], accion: AccionGestion, *, ahora: datetime, usuario: Any = None, texto: str = ""
) -> None:
    """El mismo paso en muchas derivaciones, de una vez."""
    quien = nombre_de(usuario)[:150]
    GestionDerivacion.objects.bulk_create(
        GestionDerivacion(derivacion_id=clave, accion=accion, texto=texto, hecha_el=ahora, hecha_por_nombre=quien)
        for clave in claves
    )


def cerrar(
    derivacion: Derivacion,
    bono: Bonificacion,
    resultado: ResultadoDerivacion,
    *,
    usuario: Any,
    ahora: datetime,
    motivo: str,
) -> None:
    """Cierra la derivación y, con lo mismo, su bonificación. Las dos ya bloqueadas."""
    derivacion.estado, derivacion.resultado = EstadoDerivacion.CERRADA, resultado
    derivacion.cerrada_el, derivacion.motivo, derivacion.volver_el = ahora, motivo, None
    bono.estado = EstadoBonificacion(resultado.value)
    bono.cerrada_el, bono.cerrada_por_nombre, bono.motivo = ahora, nombre_de(usuario)[:150], motivo
    guardar(bono, usuario=usuario, motivo=motivo)
    guardar(derivacion, usuario=usuario, motivo=motivo)
