"""Un operador pequeño y entero para probar los reportes: el de `datos_demo`, con un poco de todo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.core.management import call_command
from django.db import transaction

HOY = date(2026, 3, 16)


@contextmanager
def operador(bloqueo: Any, *, clientes: int = 150, hoy: date = HOY) -> Iterator[None]:
    """La base con los datos inventados mientras dura el módulo; después, como estaba."""
    with bloqueo.unblock(), transaction.atomic():
        call_command("datos_demo", clientes=clientes, hoy=hoy.isoformat(), verbosity=0)
        yield
        transaction.set_rollback(True)
