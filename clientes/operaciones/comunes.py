"""Lo que comparten las operaciones sobre clientes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from movistar_site.comun import operaciones
from movistar_site.comun.valores import formatear_fecha

from ..models import Cliente, EstadoInteraccion, Interaccion

M = TypeVar("M", bound=models.Model)


def releer(registro: M) -> M:
    """Trae el registro como está ahora y lo bloquea hasta el fin de la transacción.

    La decisión se toma sobre lo que hay en la base y no sobre lo que se leyó hace un rato: dos personas que aprietan
    el mismo botón a la vez reciben una el cambio y otra la frase. Se refresca el mismo objeto que llegó.
    """
    gestor = type(registro)._base_manager
    try:
        registro.refresh_from_db(from_queryset=gestor.select_for_update())
    except type(registro).DoesNotExist as error:  # type: ignore[attr-defined]
        raise ValidationError("El registro ya no existe: alguien lo borró.") from error
    return registro


def exigir_motivo(motivo: str, frase: str = "Escriba el motivo: queda en la historia.") -> str:
    """El motivo sin espacios de sobra. Lanza ValidationError sobre `motivo` si falta."""
    if not (limpio := " ".join((motivo or "").split())):
        raise ValidationError({"motivo": frase})
    return limpio


def rechazar_cambios(registro: M, campos: Iterable[str], frase: str) -> M | None:
    """Rechaza cambiar `campos` en un registro que ya existe: se firmaron, o tienen su propia operación.

    Devuelve cómo está en la base, bloqueado, o None si es nuevo. `frase` lleva `{campo}` con el nombre visible.
    """
    actual = type(registro)._base_manager.select_for_update().filter(pk=registro.pk).first() if registro.pk else None
    if actual is None:
        return None
    faltas = [
        frase.format(campo=registro._meta.get_field(campo).verbose_name)  # type: ignore[union-attr]
        for campo in campos
        if getattr(actual, _columna(registro, campo)) != getattr(registro, _columna(registro, campo))
    ]
    if faltas:
        raise ValidationError(faltas)
    return actual


def _columna(registro: models.Model, campo: str) -> str:
    return registro._meta.get_field(campo).attname  # type: ignore[union-attr]


def guardar(registro: M, *, usuario: Any, motivo: str = "") -> M:
    """Valida, guarda y deja historia (véase `comun.operaciones.guardar`)."""
    return operaciones.guardar(registro, usuario=usuario, motivo=motivo)


def momento(instante: datetime) -> str:
    """Un instante como se dice en una frase, a la hora de Bogotá: «16/03/2026 10:30»."""
    return f"{timezone.localtime(instante):%d/%m/%Y %H:%M}"


def exigir_con_datos(cliente: Cliente) -> None:
    """Lanza ValidationError si los datos personales del cliente se suprimieron: desde entonces su ficha no cambia."""
    if cliente.anonimizado_el is not None:
        dia = formatear_fecha(cliente.anonimizado_el)
        raise ValidationError(f"Los datos personales de este cliente se suprimieron el {dia}: su ficha ya no cambia.")


def rechazar_respondida(interaccion: Interaccion) -> None:
    """Lanza ValidationError si la interacción ya se respondió."""
    if interaccion.estado == EstadoInteraccion.RESPONDIDA:
        raise ValidationError(f"La interacción {interaccion.numero} ya se respondió.")
