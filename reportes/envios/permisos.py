"""Quién puede programar el envío de un reporte y a quiénes les puede llegar."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower

from movistar_site.comun.models import Usuario, nombre_de
from movistar_site.comun.valores import citar

from ..marco import Lista, Reporte
from ..marco.registro import puede_llevar

DESTINATARIOS = 10
"""A cuántas direcciones llega un envío, como mucho."""
VER_TODOS, CAMBIAR_TODOS = "reportes.view_envio", "reportes.change_envio"
_SEPARADORES = re.compile(r"[\s,;]+")
_PELIGROSOS = set("\"'<>()[]\\:")
"""Lo que una dirección corriente no lleva y en un encabezado podría decir otra cosa."""


def por_que_no(usuario: Any, reporte: Reporte) -> str:
    """Por qué la cuenta no puede enviar ese reporte, en una frase; vacío si puede."""
    if not (usuario.is_active and usuario.is_staff):
        return f"La cuenta de {nombre_de(usuario)} ya no está activa."
    if not reporte.permitido(usuario):
        return f"{nombre_de(usuario)} no tiene permiso para ver «{reporte.titulo}»."
    if not puede_llevar(usuario, reporte):
        return f"{nombre_de(usuario)} no tiene permiso para exportar «{reporte.titulo}», que lleva datos de personas."
    return ""


def leer_destinatarios(texto: str | Iterable[str]) -> list[str]:
    """Las direcciones escritas en un texto, separadas por comas, espacios o renglones, sin repetir.

    Lanza ValidationError si no hay ninguna, si son más de DESTINATARIOS o si alguna no es una dirección de correo.
    """
    junto = texto if isinstance(texto, str) else " ".join(texto)
    unicas = {una.lower(): una for una in _SEPARADORES.split(junto) if una}
    if not unicas:
        raise ValidationError("Escriba al menos una dirección de correo.")
    if len(unicas) > DESTINATARIOS:
        raise ValidationError(f"Son {len(unicas)} direcciones: un envío llega a {DESTINATARIOS} como mucho.")
    if malas := [una for una in unicas.values() if not _es_direccion(una)]:
        raise ValidationError(
            f"No {'es una dirección' if len(malas) == 1 else 'son direcciones'} de correo, como ana@example.co: "
            f"{', '.join(map(citar, malas))}."
        )
    return list(unicas.values())


def _es_direccion(texto: str) -> bool:
    if not texto.isprintable() or _PELIGROSOS & set(texto):
        return False
    try:
        validate_email(texto)
    except ValidationError:
        return False
    return True


def sin_derecho(reporte: Reporte, destinatarios: Collection[str]) -> list[str]:
    """De esas direcciones, a las que el reporte no puede llegar.

    Un reporte de cifras puede ir a cualquiera. Una lista lleva datos de personas: solo a cuentas activas del panel que
    puedan verla y exportarla por sí mismas.
    """
    if not isinstance(reporte, Lista):
        return []
    cuentas = Usuario.objects.filter(is_active=True, is_staff=True).annotate(correo=Lower("email"))
    buscadas = {una.lower() for una in destinatarios}
    pueden = {una.correo for una in cuentas.filter(correo__in=buscadas) if not por_que_no(una, reporte)}
    return [una for una in destinatarios if una.lower() not in pueden]


def exigir_destinatarios(reporte: Reporte, destinatarios: Collection[str]) -> None:
    """Lanza ValidationError, con las que sobran, si el reporte no puede llegar a alguna de esas direcciones."""
    if sobran := sin_derecho(reporte, destinatarios):
        raise ValidationError(
            f"«{reporte.titulo}» lleva datos de personas: solo se envía a cuentas activas del panel que puedan verlo y "
            f"exportarlo. {'No lo es' if len(sobran) == 1 else 'No lo son'}: {', '.join(sobran)}."
        )
