"""Quién puede tener una promoción y por qué no: la regla pura y los hechos que mira.

La misma regla decide al firmar un contrato (`operaciones.crear_contrato`) y al decir qué puede tener hoy un cliente.
Lo que otra aplicación exige —los segmentos de la fidelización— se anota en `AL_DAR_PROMOCION`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from movistar_site.comun.opciones import Categoria
from movistar_site.comun.valores import formatear_fecha
from servicios.models import Promocion, VigenciaPromocion

from . import reglas
from .models import Cliente, Contrato, EstadoCliente

AL_DAR_PROMOCION: list[Callable[[Promocion, Cliente, date], str]] = []
"""Lo que otras aplicaciones exigen al dar una promoción a un cliente un día: el reparo, o vacío si nada lo impide."""


@dataclass(frozen=True)
class Tenida:
    """Una promoción que el cliente tiene en un contrato en pie."""

    nombre: str
    contrato: str
    exclusiva: bool


@dataclass(frozen=True)
class HechosDelCliente:
    """Lo que de un cliente decide qué promociones puede tener. `meses`: los cumplidos con el operador."""

    activo: bool
    categoria: str
    meses: int
    # Clave de la promoción → cómo la tiene.
    tiene: Mapping[int, Tenida] = field(default_factory=dict)


@dataclass(frozen=True)
class HechosDePromocion:
    """Una promoción, cuántos contratos la llevan o llevaron y sobre qué servicios vale. Sin ninguno, sobre todos."""

    promocion: Promocion
    usadas: int = 0
    servicios: Collection[int] = ()


def reparos(una: HechosDePromocion, cliente: HechosDelCliente, *, dia: date) -> list[str]:
    """Por qué el cliente no puede tener la promoción el día `dia`, cada razón dicha a continuación de su nombre.

    Vacía, puede. No mira sobre qué servicio (`reparo_de_servicio`) ni lo que exigen otras aplicaciones.
    """
    promocion = una.promocion
    faltas = []
    if promocion.vigencia(dia) != VigenciaPromocion.VIGENTE:
        faltas.append(f"no está vigente el {formatear_fecha(dia)}.")
    if not cliente.activo:
        faltas.append("es para clientes activos; este está inactivo.")
    if promocion.categorias and cliente.categoria not in promocion.categorias:
        validas = reglas.enumerar([Categoria(c).label.lower() for c in promocion.categorias])
        faltas.append(f"es para clientes de categoría {validas}; este es {Categoria(cliente.categoria).label.lower()}.")
    if cliente.meses < promocion.meses_minimos:
        faltas.append(
            f"pide {reglas.en_palabras(promocion.meses_minimos)} de permanencia y el cliente lleva"
            f" {reglas.en_palabras(cliente.meses)}."
        )
    if promocion.cupo is not None and una.usadas >= promocion.cupo:
        veces = "1 vez" if promocion.cupo == 1 else f"{promocion.cupo} veces"
        faltas.append(f"ya se dio {veces}: no le queda cupo.")
    return faltas + _por_las_que_tiene(promocion, cliente)


def _por_las_que_tiene(promocion: Promocion, cliente: HechosDelCliente) -> list[str]:
    """Una vez por cliente; una exclusiva no se suma con ninguna, ni ninguna con ella, en sus contratos en pie."""
    propia = cliente.tiene.get(promocion.pk)
    if propia is not None:
        return [f"ya la tiene en el contrato {propia.contrato}."]
    otras = list(cliente.tiene.values())
    if promocion.exclusiva and otras:
        return [f"no se suma con otras y el cliente tiene «{otras[0].nombre}» en el contrato {otras[0].contrato}."]
    if exclusiva := next((una for una in otras if una.exclusiva), None):
        return [f"no se suma: el cliente tiene «{exclusiva.nombre}», exclusiva, en el contrato {exclusiva.contrato}."]
    return []


def reparo_de_servicio(una: HechosDePromocion, servicio: Any) -> str:
    """Por qué la promoción no vale sobre ese servicio; vacío si vale."""
    return f"no vale para {servicio}." if una.servicios and servicio.pk not in una.servicios else ""


# --- Los hechos, leídos ----------------------------------------------------------------------------------------------
def hechos_de(cliente: Cliente, *, dia: date, normas: Mapping[str, Any]) -> HechosDelCliente:
    """Los hechos de un cliente el día `dia`. Una consulta."""
    return _hechos(cliente, tenidas([cliente.pk]).get(cliente.pk, {}), dia, normas)


def _hechos(cliente: Cliente, tiene: Mapping[int, Tenida], dia: date, normas: Mapping[str, Any]) -> HechosDelCliente:
    return HechosDelCliente(
        activo=cliente.estado == EstadoCliente.ACTIVO,
        categoria=reglas.categoria_de(cliente, dia, normas),
        meses=reglas.meses_cumplidos(cliente.fecha_vinculacion, dia),
        tiene=tiene,
    )


def tenidas(clientes: Collection[int]) -> dict[int, dict[int, Tenida]]:
    """Cliente → promoción → cómo la tiene, de los contratos en pie con promoción de esos clientes. Una consulta."""
    filas = (
        Contrato.objects.vigentes()
        .filter(cliente__in=clientes, promocion__isnull=False)
        .order_by("pk")
        .values_list("cliente_id", "promocion_id", "promocion__nombre", "numero", "promocion__exclusiva")
    )
    halladas: dict[int, dict[int, Tenida]] = defaultdict(dict)
    for cliente, promocion, nombre, numero, exclusiva in filas:
        halladas[cliente].setdefault(promocion, Tenida(nombre, numero, exclusiva))
    return dict(halladas)
