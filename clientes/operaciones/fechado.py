"""Ponerle plazo a las PQR que no lo tienen: las de antes del reloj y las que llegaron sin él.

Un plazo que ya está fijado no se toca. No se inventa el CUN: es de la constancia que se entrega al radicar y estas no
la tuvieron; el número interno las identifica.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from movistar_site.comun.lotes import Firma, Tabla

from ..plazos import TIPO_SUGERENCIA
from ..relojes import Relojes

TANDA = 5_000
MOTIVO = "Se fijó su plazo con las reglas del día en que se radicó"


@dataclass
class Fechadas:
    """Cuántas recibieron su plazo, y cuántas quedaron sin él porque el calendario no llega a su fecha."""

    con_plazo: int = 0
    sin_calendario: int = 0


def fechar_plazos(modelo: Any, relojes: Relojes, *, firma: Firma | None = None, using: str = "default") -> Fechadas:
    """Fija el plazo de cada PQR de `modelo` que no lo tiene, y si le aplica el silencio según el servicio contratado.

    Va por tandas, cada una en su transacción y con sus filas bloqueadas; repetirla no cambia nada. `firma`: quién lo
    pide, si debe quedar en la historia de cada caso. `modelo` puede ser el de una migración, y entonces no la hay.
    """
    fechadas, tabla = Fechadas(), Tabla(modelo, using)
    pendientes = modelo._base_manager.using(using).filter(vence_el__isnull=True).exclude(tipo=TIPO_SUGERENCIA)
    sin_silencio = _servicios_sin_silencio(modelo, using)
    ultima = 0
    while True:
        with transaction.atomic(using=using):
            # Quien la responda o la corrija a la vez espera; así nadie le fija otro plazo entre leer y escribir.
            tanda = list(
                pendientes.filter(pk__gt=ultima)
                .order_by("pk")
                .select_for_update(of=("self",))
                .values_list("pk", "tipo", "fecha", "contrato__servicio_id")[:TANDA]
            )
            if not tanda:
                return fechadas
            ultima = tanda[-1][0]
            listas = [
                (pk, vence, servicio not in sin_silencio)
                for pk, tipo, fecha, servicio in tanda
                if (vence := relojes.vencimiento(tipo, fecha)) is not None
            ]
            _escribir(tabla, listas, firma)
        fechadas.con_plazo += len(listas)
        fechadas.sin_calendario += len(tanda) - len(listas)


def _servicios_sin_silencio(modelo: Any, using: str) -> frozenset[Any]:
    """Los servicios de un tipo al que no le aplica el silencio positivo."""
    contrato = modelo._meta.get_field("contrato").related_model
    servicio = contrato._meta.get_field("servicio").related_model
    sin_el = servicio._base_manager.using(using).filter(tipo__aplica_sap=False)
    return frozenset(sin_el.values_list("pk", flat=True))


def _escribir(tabla: Tabla, listas: Sequence[tuple[Any, date, bool]], firma: Firma | None) -> None:
    if not listas:
        return
    claves, vencen, aplica = (list(columna) for columna in zip(*listas, strict=True))
    puestos = {"primer_plazo": vencen, "vence_el": vencen, "aplica_sap": aplica}
    if firma is not None:
        puestos["actualizado_en"] = [firma.momento] * len(claves)
        tabla.anotar_sin_historia(claves)
    campos = [tabla.campo(nombre) for nombre in puestos]
    columnas = [tabla.adaptar(campo, valores) for campo, valores in zip(campos, puestos.values(), strict=True)]
    tabla.cambiar(campos, columnas, claves)
    if firma is not None:
        tabla.anotar("~", claves, firma)
