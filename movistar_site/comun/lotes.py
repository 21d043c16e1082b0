"""Escribir muchos registros de una vez, cada uno con su fila de historia.

`bulk_create` y compañía no pasan por la historia: aquí van juntas, a nombre de quien firma el lote. No valida: eso lo
hace antes quien llama. Cada función escribe en la transacción abierta por quien llama.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from simple_history.utils import bulk_create_with_history, bulk_update_with_history


@dataclass(frozen=True)
class Firma:
    """Quién escribe un lote, cuándo, por qué y desde dónde: lo que queda en cada fila de su historia."""

    momento: datetime
    usuario: Any = None
    motivo: str = ""
    origen: str = ""


def insertar(modelo: type[models.Model], instancias: Sequence[Any], *, firma: Firma) -> None:
    """Inserta registros nuevos con su historia; a cada instancia le queda puesta su clave."""
    for nueva in bulk_create_with_history(
        list(instancias), modelo, default_user=firma.usuario, default_date=firma.momento
    ):
        assert nueva.pk is not None  # noqa: S101


def actualizar(modelo: type[models.Model], instancias: Sequence[Any], *, campos: Collection[str], firma: Firma) -> None:
    """Guarda `campos` (y lo que de ellos se deriva) de registros que ya existen, con su historia."""
    bulk_update_with_history(
        list(instancias), modelo, list(campos), default_user=firma.usuario, default_date=firma.momento
    )


def borrar(modelo: type[models.Model], claves: Sequence[Any], *, firma: Firma) -> None:
    """Borra registros por su clave y deja en la historia cómo estaban."""
    raise NotImplementedError


def insertar_filas(modelo: type[models.Model], campos: Sequence[str], filas: Sequence[tuple[Any, ...]]) -> None:
    """Inserta filas sin historia ni instancias; `campos` dice qué trae cada posición."""
    raise NotImplementedError
