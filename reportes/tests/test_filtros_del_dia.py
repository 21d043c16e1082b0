"""Un filtro que depende del día usa el del pedido y no el reloj: un envío atrasado mira el día que le tocaba."""

from __future__ import annotations

from datetime import date

import pytest

from clientes.tests import fabricas
from reportes.marco import REPORTES, Agrupado


@pytest.mark.django_db
def test_la_categoria_de_un_cliente_es_la_del_dia_en_que_se_mira() -> None:
    fabricas.FabricaContrato(cliente=fabricas.FabricaCliente(fecha_vinculacion=date(2015, 1, 10)), estado="activo")
    reporte = REPORTES["popularidad"]
    assert isinstance(reporte, Agrupado)

    def leales(hoy: date) -> int:
        return int(reporte.tabla(reporte.pedir({"categoria": "leal"}, hoy=hoy)).total.valores["activos"])

    # Leal es quien pasó de diez años: no lo era en 2016, y en 2026 sí.
    assert leales(date(2016, 3, 16)) == 0
    assert leales(date(2026, 3, 16)) == 1
