"""El catálogo de ejemplo llevado a la base con los modelos, y las ofertas que hay en ella."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from movistar_site.comun.auditoria import auditar
from servicios.models import PrecioServicio, Promocion, Servicio, TipoServicio

from .catalogo import PROMOCIONES, SERVICIOS, ServicioEjemplo
from .ofertas import PESO_DESCONOCIDO, PESO_POR_CODIGO, Oferta, Promesa, ambito_de, es_para_empresas
from .textos import MOVIL


@transaction.atomic
def cargar_catalogo_de_ejemplo() -> int:
    """Guarda los 30 servicios y las cinco promociones si el catálogo está vacío; devuelve cuántos servicios añadió.

    Lanza ValueError si falta alguno de los siete tipos base, que un administrador pudo borrar.
    """
    if Servicio.objects.exists():
        return 0
    tipos = {tipo.codigo: tipo for tipo in TipoServicio.objects.all()}
    if faltan := sorted({servicio.tipo for servicio in SERVICIOS} - set(tipos)):
        raise ValueError(
            f"Al catálogo le faltan los tipos {', '.join(faltan)}: créelos o registre sus propios servicios."
        )
    with auditar(motivo="Catálogo de ejemplo", origen="datos_demo"):
        creados = {servicio.codigo: _crear_servicio(servicio, tipos[servicio.tipo]) for servicio in SERVICIOS}
        for servicio in SERVICIOS:
            creados[servicio.codigo].componentes.set(creados[codigo] for codigo in servicio.componentes)
        for codigo, datos in PROMOCIONES.items():
            _crear_promocion(codigo, dict(datos), creados)
    return len(creados)


def _crear_servicio(ejemplo: ServicioEjemplo, tipo: TipoServicio) -> Servicio:
    servicio = Servicio(
        codigo=ejemplo.codigo,
        nombre=ejemplo.nombre,
        tipo=tipo,
        descripcion=ejemplo.descripcion,
        caracteristicas=ejemplo.caracteristicas,
        periodicidad=ejemplo.periodicidad,
        estado="retirado" if ejemplo.retirado_el else "activo",
        retirado_el=date.fromisoformat(ejemplo.retirado_el) if ejemplo.retirado_el else None,
    )
    servicio.full_clean()
    servicio.save()
    for desde, valor in ejemplo.precios.items():
        precio = PrecioServicio(servicio=servicio, valor=Decimal(valor), vigente_desde=date.fromisoformat(desde))
        precio.full_clean()
        precio.save()
    return servicio


def _crear_promocion(codigo: str, datos: dict[str, Any], servicios: dict[str, Servicio]) -> None:
    propios = datos.pop("servicios")
    hasta = datos.pop("vigente_hasta", None)
    promocion = Promocion(
        **datos | {"cantidad": Decimal(datos["cantidad"]), "vigente_desde": date.fromisoformat(datos["vigente_desde"])},
        codigo=codigo,
        vigente_hasta=date.fromisoformat(hasta) if hasta else None,
    )
    promocion.full_clean()
    promocion.save()
    promocion.servicios.set(servicios[propio] for propio in propios)


def ofertas_en_base() -> list[Oferta]:
    """Todo lo que el catálogo vende o vendió y tiene algún precio, en el orden de su código."""
    precios: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for servicio, desde, valor in PrecioServicio.objects.order_by("vigente_desde").values_list(
        "servicio_id", "vigente_desde", "valor"
    ):
        precios[servicio].append((desde.isoformat(), f"{valor:.2f}"))
    promesas = _promesas()
    return [
        Oferta(
            referencia=servicio.pk,
            ambito=ambito_de(servicio.tipo.codigo, servicio.tipo.red),
            es_movil=servicio.tipo.red == MOVIL,
            periodicidad=servicio.periodicidad,
            fechas=tuple(desde for desde, _ in precios[servicio.pk]),
            valores=tuple(valor for _, valor in precios[servicio.pk]),
            retirado_el=servicio.retirado_el.isoformat() if servicio.retirado_el else "",
            # Como texto: va tal cual a la columna, igual que lo escribiría JSONField.
            condiciones=json.dumps({"servicio": servicio.nombre, "caracteristicas": servicio.caracteristicas}),
            peso=PESO_POR_CODIGO.get(servicio.codigo, PESO_DESCONOCIDO),
            para_empresas=es_para_empresas(servicio.codigo),
            promesas=tuple(promesas[servicio.pk]),
        )
        for servicio in Servicio.objects.select_related("tipo").order_by("codigo")
        if precios[servicio.pk]
    ]


def _promesas() -> dict[int, list[Promesa]]:
    """Por servicio, las promociones que se pueden dar a cualquiera."""
    por_servicio: dict[int, list[Promesa]] = defaultdict(list)
    sin_exigencias = Promocion.objects.filter(Q(categorias=[]), cupo__isnull=True, meses_minimos=0).order_by("codigo")
    for promocion in sin_exigencias.prefetch_related("servicios"):
        hasta = promocion.vigente_hasta.isoformat() if promocion.vigente_hasta else ""
        promesa = Promesa(promocion.pk, promocion.vigente_desde.isoformat(), hasta)
        for servicio in promocion.servicios.all():
            por_servicio[servicio.pk].append(promesa)
    return por_servicio
