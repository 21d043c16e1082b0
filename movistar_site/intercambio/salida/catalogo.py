"""`servicios.json`: tipos, servicios con su historia de precios, y promociones. Son cientos de registros."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from movistar_site.comun.salida import Cuenta
from servicios.models import PrecioServicio
from servicios.recursos import atributos_de

from ..entidades import ENTIDADES
from .documento import documento, objeto, ordenado, registro, simple, sin_vacios

_TROZO = 500


def escribir_servicios(hoy: date, base: str, cuenta: Cuenta) -> Iterator[bytes]:
    """`servicios.json`, leído de la base `base`."""
    tipos = ENTIDADES["tipos"].consulta().prefetch_related("atributos")
    precios = Prefetch("precios", PrecioServicio.objects.order_by("vigente_desde"))
    catalogo: Any = ENTIDADES["servicios"].consulta()
    servicios = catalogo.con_precio(hoy).select_related("tipo").prefetch_related(precios, "componentes")
    promociones = ENTIDADES["promociones"].consulta().prefetch_related("servicios")
    return documento(
        {
            "tipos": tandas(tipos.using(base), _tipo, cuenta),
            "servicios": tandas(servicios.using(base), _servicio, cuenta),
            "promociones": tandas(promociones.using(base), _promocion, cuenta),
        }
    )


def tandas(consulta: Any, escribir: Callable[[Any], dict[str, Any]], cuenta: Cuenta) -> Iterator[list[str]]:
    """Los registros de una consulta corta, escritos uno por uno."""
    for instancia in consulta.iterator(chunk_size=_TROZO):
        cuenta.registros += 1
        yield [registro(instancia.codigo, objeto(escribir(instancia)))]


def _tipo(tipo: Any) -> dict[str, Any]:
    return sin_vacios(
        ("activo", "aplica_sap", "orden"),
        nombre=tipo.nombre, descripcion=tipo.descripcion, red=tipo.red, modalidad=tipo.modalidad,
        es_paquete=tipo.es_paquete, componentes_minimos=tipo.componentes_minimos, aplica_sap=tipo.aplica_sap,
        activo=tipo.activo, orden=tipo.orden,
        atributos=[{clave: simple(valor) for clave, valor in atributo.items()} for atributo in atributos_de(tipo)],
    )  # fmt: skip


def _servicio(servicio: Any) -> dict[str, Any]:
    return sin_vacios(
        nombre=servicio.nombre, tipo=servicio.tipo.nombre, descripcion=servicio.descripcion,
        precio=_texto_pesos(servicio.precio_vigente), periodicidad=servicio.periodicidad,
        caracteristicas=ordenado(servicio.caracteristicas),
        componentes=sorted(pieza.codigo for pieza in servicio.componentes.all()),
        estado=servicio.estado, retirado_el=servicio.retirado_el,
        precios=[{"desde": precio.vigente_desde.isoformat(), "valor": _texto_pesos(precio.valor)}
                 for precio in servicio.precios.all()],
    )  # fmt: skip


def _texto_pesos(valor: Decimal | None) -> str | None:
    return None if valor is None else f"{valor:.2f}"


def _promocion(promocion: Any) -> dict[str, Any]:
    return sin_vacios(
        ("activa", "cupo") if promocion.cupo is not None else ("activa",),
        nombre=promocion.nombre, descripcion=promocion.descripcion, beneficio=promocion.beneficio,
        cantidad=promocion.cantidad, duracion_meses=promocion.duracion_meses, vigente_desde=promocion.vigente_desde,
        vigente_hasta=promocion.vigente_hasta, servicios=sorted(s.codigo for s in promocion.servicios.all()),
        categorias=promocion.categorias, meses_minimos=promocion.meses_minimos, condiciones=promocion.condiciones,
        cupo=promocion.cupo, exclusiva=promocion.exclusiva, activa=promocion.activa,
    )  # fmt: skip
