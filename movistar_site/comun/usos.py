"""Quién usa un registro, contado sin traerlo: un servicio puede tener un millón de contratos."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import CASCADE, PROTECT, RESTRICT, ForeignObjectRel, Model

from .resumenes import ModeloResumen

LIMITE_DE_USOS = 1_000
"""Hasta aquí se cuenta; más allá se dice «más de 1.000»."""


@dataclass(frozen=True)
class Uso:
    """Cuántos registros de un modelo apuntan a otro; `desborda` si son más de los contados."""

    modelo: type[Model]
    cuenta: int
    desborda: bool = False

    def __str__(self) -> str:
        """«3 contratos», «1 promoción» o «más de 1.000 contratos»."""
        opciones = self.modelo._meta
        nombre = opciones.verbose_name if self.cuenta == 1 else opciones.verbose_name_plural
        return f"más de {LIMITE_DE_USOS:,} {nombre}".replace(",", ".") if self.desborda else f"{self.cuenta} {nombre}"


def usos_que_impiden_borrar(registro: Model) -> list[Uso]:
    """Los registros por los que `registro` no se puede borrar, de más a menos; vacía si nada lo usa."""
    return _contar(registro, (PROTECT, RESTRICT))


def se_borran_con(registro: Model) -> list[Uso]:
    """Lo que se borra junto con `registro` porque es parte de él (los precios de un servicio, por ejemplo)."""
    return [uso for uso in _contar(registro, (CASCADE,)) if not hasattr(uso.modelo, "history_id")]


def frase_de(registro: Model, usos: list[Uso]) -> str:
    """«Fibra 300» no se puede borrar: lo usan 3 contratos y 1 promoción."""
    partes = [str(uso) for uso in usos]
    lista = " y ".join([", ".join(partes[:-1]), partes[-1]] if len(partes) > 1 else partes)
    verbo = "lo usa" if sum(uso.cuenta for uso in usos) == 1 else "lo usan"
    return f"«{registro}» no se puede borrar: {verbo} {lista}."


def _contar(registro: Model, politicas: tuple[object, ...]) -> list[Uso]:
    usos = []
    for relacion in relaciones(registro):
        if getattr(relacion, "on_delete", None) not in politicas:
            continue
        filas = relacion.related_model._base_manager.filter(**{relacion.field.name: registro})
        cuenta = filas.order_by().values("pk")[: LIMITE_DE_USOS + 1].count()
        if cuenta:
            usos.append(Uso(relacion.related_model, min(cuenta, LIMITE_DE_USOS), cuenta > LIMITE_DE_USOS))
    return sorted(usos, key=lambda uso: (-uso.cuenta, uso.modelo._meta.label))


def relaciones(registro: Model | type[Model]) -> Iterator[ForeignObjectRel]:
    """Las llaves de otros modelos que apuntan al de `registro`. Las cuentas que la base lleva sola no lo usan."""
    for relacion in registro._meta.get_fields(include_hidden=True):
        apunta = relacion.auto_created and not relacion.concrete and (relacion.one_to_one or relacion.one_to_many)
        if apunta and not issubclass(relacion.related_model, ModeloResumen):  # type: ignore[arg-type]
            yield relacion  # type: ignore[misc]
