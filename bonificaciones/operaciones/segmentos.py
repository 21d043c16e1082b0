"""Guardar, activar y borrar segmentos."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict

from movistar_site.comun import operaciones as comunes
from movistar_site.comun.auditoria import auditar
from movistar_site.comun.models import nombre_de
from servicios.models import Promocion

from ..models import Segmento
from ..segmentos import limpiar, vistas_en_lista

SIN_FILTROS = "Ponga al menos un filtro: sin ninguno, el segmento serían todos los clientes."


@transaction.atomic
def guardar_segmento(
    segmento: Segmento,
    *,
    filtros: QueryDict | str,
    hoy: date,
    usuario: Any,
    promociones: Collection[Promocion] | None = None,
    motivo: str = "",
) -> Segmento:
    """Guarda un segmento con sus filtros y, si se dan, las `promociones` que valen solo para él.

    Lanza ValidationError, con una frase por campo o por filtro, si el nombre falta o se repite, si no hay ningún filtro
    o si alguno no se entiende.
    """
    segmento.filtros = limpiar(filtros, hoy=hoy)
    if not segmento.filtros:
        raise ValidationError(SIN_FILTROS)
    if segmento.pk is None:
        segmento.creado_por_nombre = nombre_de(usuario)
    comunes.guardar(segmento, usuario=usuario, motivo=motivo)
    if promociones is not None:
        with auditar(usuario=usuario, motivo=motivo):
            segmento.promociones.set(promociones)
    return segmento


def desactivar_segmento(segmento: Segmento, *, usuario: Any, motivo: str = "") -> Segmento:
    """Deja de ofrecerse para programas y promociones nuevos; los que ya lo usan siguen igual."""
    return _fijar_activo(segmento, False, usuario=usuario, motivo=motivo)


def activar_segmento(segmento: Segmento, *, usuario: Any, motivo: str = "") -> Segmento:
    """Vuelve a ofrecerse."""
    return _fijar_activo(segmento, True, usuario=usuario, motivo=motivo)


@transaction.atomic
def _fijar_activo(segmento: Segmento, activo: bool, *, usuario: Any, motivo: str) -> Segmento:
    segmento = Segmento.objects.select_for_update().get(pk=segmento.pk)
    if segmento.activo == activo:
        raise ValidationError(f"«{segmento}» ya está {'activo' if activo else 'inactivo'}.")
    segmento.activo = activo
    return comunes.guardar(segmento, usuario=usuario, motivo=motivo)


@transaction.atomic
def borrar_segmento(segmento: Segmento, *, usuario: Any, motivo: str = "") -> None:
    """Borra un segmento que ningún programa ni promoción usa. Lanza ValidationError con lo que lo usa."""
    if frase := por_que_no_se_borra(segmento):
        raise ValidationError(frase)
    comunes.borrar(segmento, usuario=usuario, motivo=motivo)


def por_que_no_se_borra(segmento: Segmento) -> str:
    """La frase de las promociones que lo impiden: sin él valdrían para todos. De los programas responde la base."""
    codigos = list(segmento.promociones.order_by("codigo").values_list("codigo", flat=True))
    if not codigos:
        return ""
    vale = "la promoción {} vale solo para él" if len(codigos) == 1 else "las promociones {} valen solo para él"
    return f"«{segmento}» no se puede borrar: {vale.format(vistas_en_lista(codigos))}. Puede desactivarlo."
