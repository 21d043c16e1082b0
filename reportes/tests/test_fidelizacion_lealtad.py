"""Los clientes leales y su bonificación, contados a mano. HOY es el 16/03/2026.

Cliente  Vinculado    Franja        Bonificaciones
Ana      15/03/2016   más de 10     aceptada el 16/02/2026 por 6 meses: la disfruta
Beto     16/03/2016   10 justos     no es de ninguna franja
Caro     17/03/2011   más de 10     una anulada: como si no tuviera (llega a 15 mañana)
Dora     15/03/2011   más de 15     una rechazada y, de otro programa, una que espera
Elsa     01/01/2001   más de 25     aceptada el 10/03/2025 por 6 meses: ya no la disfruta
Fidel    01/01/1990   más de 30     ninguna
Gil      01/01/1990   inactivo
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone

from bonificaciones.tests.fabricas import FabricaBonificacion
from clientes.tests.fabricas import AHORA, HOY, FabricaCliente

from .tablas import abiertas, cifras

pytestmark = pytest.mark.django_db
CLAVE = "fidelizacion-lealtad"
TODAS = ("clientes", "con", "sin", "cobertura", "esperan", "aceptaron", "disfrutan")


@pytest.fixture
def gente() -> dict[str, Any]:
    vinculados = {
        "ana": date(2016, 3, 15), "beto": date(2016, 3, 16), "caro": date(2011, 3, 17), "dora": date(2011, 3, 15),
        "elsa": date(2001, 1, 1), "fidel": date(1990, 1, 1),
    }  # fmt: skip
    gente = {nombre: FabricaCliente(nombre=nombre, fecha_vinculacion=dia) for nombre, dia in vinculados.items()}
    FabricaCliente(nombre="gil", fecha_vinculacion=date(1990, 1, 1), estado="inactivo", inactivo_desde=HOY)

    def aceptada(quien: str, cuando: datetime) -> None:
        FabricaBonificacion(
            cliente=gente[quien], estado="aceptada", cerrada_el=timezone.make_aware(cuando), meses=6,
            aceptada_por="telefono", evidencia="Grabación 1",
        )  # fmt: skip

    aceptada("ana", datetime(2026, 2, 16, 9))
    aceptada("elsa", datetime(2025, 3, 10, 9))
    FabricaBonificacion(cliente=gente["caro"], estado="anulada", cerrada_el=AHORA)
    FabricaBonificacion(cliente=gente["dora"], estado="rechazada", cerrada_el=AHORA)
    FabricaBonificacion(cliente=gente["dora"])
    return {nombre: uno.pk for nombre, uno in gente.items()}


def test_cuantos_llevan_cada_tiempo_y_cuantos_tienen_bonificacion(gente: dict[str, Any]) -> None:
    assert cifras(CLAVE, *TODAS) == {
        10: (2, 1, 1, 50, 0, 1, 1),
        15: (1, 1, 0, 100, 1, 0, 0),
        25: (1, 1, 0, 100, 0, 1, 0),
        30: (1, 0, 1, 0, 0, 0, 0),
        "total": (5, 3, 2, 60, 1, 2, 1),
    }


def test_los_que_faltan_son_esos(gente: dict[str, Any]) -> None:
    assert abiertas(CLAVE, "sin") == {gente["caro"], gente["fidel"]}
    assert abiertas(CLAVE, "clientes", 10) == {gente["ana"], gente["caro"]}


def test_al_dia_siguiente_del_aniversario_se_cambia_de_franja(gente: dict[str, Any]) -> None:
    manana = date(2026, 3, 17)
    assert gente["beto"] in abiertas(CLAVE, "clientes", 10, hoy=manana)
    assert gente["caro"] in abiertas(CLAVE, "clientes", 10, hoy=manana), "quien cumple quince justos sigue en la suya"
    assert gente["caro"] in abiertas(CLAVE, "clientes", 15, hoy=date(2026, 3, 18))
