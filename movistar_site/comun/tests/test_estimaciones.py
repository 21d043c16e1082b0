"""Una tabla recién llenada se busca por su índice."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clientes.models import Cliente
from movistar_site.comun.estimaciones import VECES, Creciente

pytestmark = pytest.mark.django_db


def _averiguadas(tabla: Creciente, *crecidas: int) -> int:
    with CaptureQueriesContext(
        connection,
    ) as consultas:
        for filas in crecidas:
            tabla.crecio(filas)
    return sum("ANALYZE" in consulta["sql"] for consulta in consultas)


def test_se_averigua_al_comienzo_y_cada_vez_que_crece_otro_tanto() -> None:
    con_historia = 2 if connection.vendor == "postgresql" else 0
    tabla = Creciente(Cliente)
    assert _averiguadas(tabla, 10) == con_historia
    assert _averiguadas(tabla, 10, 10) == 0
    assert _averiguadas(tabla, 10 * VECES) == con_historia
