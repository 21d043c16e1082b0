"""Las bonificaciones asignadas, con cuatro contadas a mano. HOY es el 16/03/2026; el período, doce meses.

Nº  Asignada     Departamento   Da            Años  En qué va
1   10/02/2026   98             porcentaje    12    aceptada el 16/02: 7.000 × 6 = 42.000
2   10/02/2026   —              porcentaje    12    rechazada
3   02/03/2026   98             datos extra   20    esperando
4   10/02/2024   98             porcentaje    11    aceptada: fuera del período
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from bonificaciones.tests.fabricas import FabricaBonificacion, FabricaPrograma
from clientes.tests.fabricas import FabricaCliente, FabricaMunicipio

from .tablas import abiertas, cifras

pytestmark = pytest.mark.django_db
CLAVE = "fidelizacion-bonificaciones"
CUENTAS = ("asignadas", "esperan", "aceptadas", "rechazadas")


@pytest.fixture
def escena() -> dict[int, Any]:
    pueblo = FabricaMunicipio(codigo="98001")
    gigas = FabricaPrograma(beneficio="datos_extra", cantidad=5)
    cuando = timezone.make_aware(datetime(2026, 2, 16, 9))
    prueba = {"aceptada_por": "telefono", "evidencia": "Grabación 1", "estado": "aceptada", "cerrada_el": cuando}

    def bono(dia: date, municipio: Any, anios: int, **mas: Any) -> Any:
        cliente = FabricaCliente(fecha_vinculacion=date(2000, 1, 1), municipio=municipio)
        return FabricaBonificacion(cliente=cliente, otorgada_el=dia, anios=anios, **mas).pk

    return {
        1: bono(date(2026, 2, 10), pueblo, 12, costo_mensual=Decimal(7_000), **prueba),
        2: bono(date(2026, 2, 10), None, 12, estado="rechazada", cerrada_el=cuando),
        3: bono(date(2026, 3, 2), pueblo, 20, programa=gigas),
        4: bono(date(2024, 2, 10), pueblo, 11, costo_mensual=Decimal(7_000), **prueba),
    }


def test_por_mes(escena: dict[int, Any]) -> None:
    assert cifras(CLAVE, *CUENTAS, "al_mes", "comprometido") == {
        date(2026, 2, 1): (2, 0, 1, 1, 7_000, 42_000),
        date(2026, 3, 1): (1, 1, 0, 0, 0, 0),
        "total": (3, 1, 1, 1, 7_000, 42_000),
    }
    assert abiertas(CLAVE, "asignadas", date(2026, 2, 1)) == {escena[1], escena[2]}


def test_por_lugar_por_lo_que_dan_y_por_los_anios(escena: dict[int, Any]) -> None:
    por_lugar = cifras(CLAVE, *CUENTAS, por="departamento")
    assert por_lugar == {"98": (2, 1, 1, 0), None: (1, 0, 0, 1), "total": (3, 1, 1, 1)}
    assert abiertas(CLAVE, "asignadas", None, por="departamento") == {escena[2]}
    por_beneficio = cifras(CLAVE, *CUENTAS, por="beneficio")
    assert por_beneficio == {"porcentaje": (2, 0, 1, 1), "datos_extra": (1, 1, 0, 0), "total": (3, 1, 1, 1)}
    assert cifras(CLAVE, "asignadas", por="anios") == {12: (2,), 20: (1,), "total": (3,)}
