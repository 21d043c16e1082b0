"""Con qué tarjetas empieza cada papel. Quien quiera otras, las elige; una que su cuenta no pueda ver no se muestra."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .tarjeta import CIFRAS, Tarjeta, permitidas

ADMINISTRADOR = (
    "clientes-activos", "contratos-activos", "facturacion-mensual", "interacciones-sin-responder",
    "contratos-altas", "contratos-bajas", "clientes-nuevos", "reclamaciones",
    "altas-y-bajas", "servicios-populares", "interacciones-en-el-tiempo", "clientes-por-categoria",
)  # fmt: skip
POR_PAPEL: dict[str, tuple[str, ...]] = {
    "Administrador": ADMINISTRADOR,
    "Agente de atención": (
        "interacciones-sin-responder", "interacciones-recibidas", "reclamaciones", "clientes-activos",
        "mis-casos", "ultimas-sin-responder", "interacciones-en-el-tiempo", "clientes-por-categoria",
    ),
    "Asesor de ventas": (
        "bonificaciones-aceptadas", "derivaciones-vencidas", "contratos-altas", "clientes-activos",
        "clientes-por-llamar", "servicios-populares", "altas-y-bajas", "clientes-por-departamento",
    ),
    "Analista": (
        "clientes-activos", "clientes-nuevos", "clientes-diez-anios", "servicios-ofrecidos",
        "contratos-activos", "contratos-altas", "contratos-bajas", "facturacion-mensual",
        "interacciones-recibidas", "reclamaciones", "interacciones-sin-responder", "bonificaciones-aceptadas",
        "altas-y-bajas", "servicios-populares", "clientes-por-categoria", "clientes-por-departamento",
        "interacciones-en-el-tiempo", "clientes-en-el-tiempo",
    ),
}  # fmt: skip
MAXIMO_SIN_PAPEL = {CIFRAS: 8}
MAXIMO_DE_BLOQUES = 4


def de_inicio(usuario: Any) -> list[Tarjeta]:
    """Las de su papel; con varios, las de todos, sin repetir. Con un papel hecho en el panel, las primeras que vea."""
    propias = permitidas(usuario)
    papeles = ["Administrador"] if usuario.is_superuser else _papeles(usuario)
    if not papeles:
        return _las_primeras(propias)
    por_clave = {una.clave: una for una in propias}
    claves = dict.fromkeys(clave for papel in papeles for clave in POR_PAPEL[papel])
    return [por_clave[clave] for clave in claves if clave in por_clave]


def _papeles(usuario: Any) -> list[str]:
    suyos = set(usuario.groups.order_by().values_list("name", flat=True))
    return [papel for papel in POR_PAPEL if papel in suyos]


def _las_primeras(tarjetas: Iterable[Tarjeta]) -> list[Tarjeta]:
    cuantas: dict[str, int] = {}
    elegidas = []
    for una in tarjetas:
        cuantas[una.zona] = cuantas.get(una.zona, 0) + 1
        if cuantas[una.zona] <= MAXIMO_SIN_PAPEL.get(una.zona, MAXIMO_DE_BLOQUES):
            elegidas.append(una)
    return elegidas
