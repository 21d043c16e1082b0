"""Lo que apunta a un cliente, de cualquier modelo que exista o llegue a existir."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models

from movistar_site.comun.usos import relaciones

from .models import Cliente


def llaves() -> Iterator[models.ForeignKey[Any, Any]]:
    """Las llaves foráneas hacia un cliente, también las de tablas intermedias; las de la historia no cambian."""
    for relacion in relaciones(Cliente):
        if not hasattr(relacion.related_model, "history_id"):
            yield relacion.field  # type: ignore[misc]


def nombre_de_llave(llave: models.ForeignKey[Any, Any]) -> str:
    """Cómo se guarda en `Fusion.movidos`: «clientes.contrato.cliente»."""
    return f"{llave.model._meta.label_lower}.{llave.name}"
