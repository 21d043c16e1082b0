"""Cómo recibe derivaciones cada asesor: sus municipios, su tope y su pausa."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from clientes.models import Municipio
from clientes.operaciones.comunes import guardar
from movistar_site.comun.models import nombre_de

from ..derivaciones.reparto import asesores
from ..models import Asesor


@transaction.atomic
def guardar_asesor(
    asesor: Asesor, *, usuario: Any, municipios: Iterable[Municipio] | None = None, motivo: str = ""
) -> Asesor:
    """Guarda cómo recibe un asesor. `municipios`: None los deja como están.

    Lo que ya tiene sigue siendo suyo; si queda en pausa, la revisión diaria se lo pasa a otros. Lanza ValidationError
    si la cuenta no es de un asesor de ventas o está inactiva.
    """
    if asesor.usuario_id and not asesores().filter(pk=asesor.usuario_id).exists():
        nombre = nombre_de(asesor.usuario)
        raise ValidationError({"usuario": f"{nombre} no es asesor de ventas, o su cuenta está inactiva."})
    guardado = guardar(asesor, usuario=usuario, motivo=motivo)
    if municipios is not None:
        guardado.municipios.set(municipios)
    return guardado
