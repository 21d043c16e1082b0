"""La constancia de cada importación y cada exportación: quién, qué, con qué filtro y cuántos registros."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model


def registrar(usuario: Any, mensaje: str, *, modelo: type[Model] | None = None, que: str = "Intercambio") -> None:
    """Deja la constancia a nombre de `usuario`; sin cuenta (una orden de consola) no hay a nombre de quién."""
    if usuario is None or usuario.pk is None:
        return
    LogEntry.objects.create(
        user_id=usuario.pk,
        content_type=ContentType.objects.get_for_model(modelo) if modelo else None,
        object_repr=que[:200],
        action_flag=CHANGE,
        change_message=mensaje,
    )
