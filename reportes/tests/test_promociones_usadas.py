"""El uso de las promociones, con siete contratos contados a mano. HOY es el 16/03/2026; el período, doce meses.

    Nº  Promoción           Empezó       Estado                   Cliente
    1   NAVIDAD (cupo 5)    10/12/2025   activo                   Ana
    2   NAVIDAD             11/12/2025   terminado el 10/03/2026  Ana
    3   NAVIDAD             10/12/2024   activo                   Beto     (fuera del período)
    4   NAVIDAD             10/12/2025   suspendido               Caro
    5   FIBRA (sin cupo)    01/03/2026   activo                   Caro
    6   FIBRA               01/03/2026   terminado el 02/03/2026  Ana
    7   —                   01/03/2026   activo                   Ana

NAVIDAD se ha dado 4 veces: queda 1.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from clientes.tests.fabricas import HOY, FabricaCliente, FabricaContrato, FabricaMunicipio
from reportes.marco import REPORTES, Agrupado
from servicios.models import Promocion
from servicios.tests.fabricas import FabricaPromocion

from .tablas import abiertas, cifras

pytestmark = pytest.mark.django_db
CLAVE = "promociones"
TODAS = ("firmados", "clientes", "activos", "usadas", "queda")


@pytest.fixture
def escena() -> dict[str, Any]:
    Promocion.objects.all().delete()
    navidad, fibra = FabricaPromocion(nombre="Navidad", cupo=5), FabricaPromocion(nombre="Fibra", cupo=None)
    ana, beto = FabricaCliente(), FabricaCliente()
    caro = FabricaCliente(municipio=FabricaMunicipio(codigo="98001"))
    casos: list[tuple[Any, Any, date, dict[str, Any]]] = [
        (navidad, ana, date(2025, 12, 10), {}),
        (navidad, ana, date(2025, 12, 11), {"estado": "terminado", "fecha_fin": date(2026, 3, 10)}),
        (navidad, beto, date(2024, 12, 10), {}),
        (navidad, caro, date(2025, 12, 10), {"estado": "suspendido"}),
        (fibra, caro, date(2026, 3, 1), {}),
        (fibra, ana, date(2026, 3, 1), {"estado": "terminado", "fecha_fin": date(2026, 3, 2)}),
        (None, ana, date(2026, 3, 1), {}),
    ]
    hechos = {
        n: FabricaContrato(promocion=promocion, cliente=cliente, fecha_inicio=inicio, **mas).pk
        for n, (promocion, cliente, inicio, mas) in enumerate(casos, start=1)
    }
    return {"navidad": navidad.pk, "fibra": fibra.pk, "ana": ana.pk, "caro": caro.pk, **hechos}


def test_cuanto_se_usa_cada_promocion_y_cuanto_cupo_queda(escena: dict[str, Any]) -> None:
    assert cifras(CLAVE, *TODAS) == {
        escena["navidad"]: (3, 2, 2, 4, 1),
        escena["fibra"]: (2, 2, 1, 2, None),
        "total": (5, 2, 3, 6, None),
    }
    assert abiertas(CLAVE, "firmados", escena["navidad"]) == {escena[n] for n in (1, 2, 4)}
    assert abiertas(CLAVE, "clientes") == {escena["ana"], escena["caro"]}


def test_el_cupo_que_queda_no_depende_de_los_filtros(escena: dict[str, Any]) -> None:
    hallado = cifras(CLAVE, *TODAS, municipio="98001", departamento="98")
    assert hallado[escena["navidad"]] == (1, 1, 0, 1, 1)


def test_comparado_lo_activo_es_lo_que_prestaba_el_servicio_un_mes_antes(escena: dict[str, Any]) -> None:
    """El 16/02/2026 prestaban servicio el 1, el 2 y el 3; el 4 estaba suspendido sin anotación, y cuenta."""
    reporte = REPORTES[CLAVE]
    assert isinstance(reporte, Agrupado)
    total = reporte.tabla(reporte.pedir({"comparar": "on"}, hoy=HOY)).total
    assert total.antes is not None
    assert (total.antes["activos"], total.antes["firmados"]) == (4, 1)
