"""Las reclamaciones por cada mil líneas, contadas a mano. HOY es el 16/03/2026; el período, este año.

    Líneas        Empezó       Terminó        Al 31/12  31/01  28/02  16/03
    fibra, 4      01/01/2025   —                     4      4      4      4
    móvil, 1      01/01/2025   20/02/2026            1      1      0      0
    móvil, 2      10/02/2026   —                     0      0      2      2
    móvil, 1      01/02/2026   pendiente: no cuenta
    En total                                         5      5      6      6

Líneas medias: enero, 5; febrero, 5,5; marzo, 6; de los tres, 5,5. De fibra, 4; de móvil, entre 1, 1,5 y 2, 1,5.

Reclamaciones: en enero, una de fibra; en febrero, una de fibra y una de móvil; en marzo, una sin contrato. Por mil:
enero, 1 / 5 = 200; febrero, 2 / 5,5 = 363,64; marzo, 1 / 6 = 166,67. Al mes: 4 / 5,5 / 3 = 242,42; de fibra,
2 / 4 / 3 = 166,67; de móvil, 1 / 1,5 / 3 = 222,22.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from clientes.models import Contrato
from clientes.tests.fabricas import HOY, FabricaContrato, FabricaInteraccion, FabricaMotivo
from reportes.marco import REPORTES, TOTAL, Agrupado, Medida, Tabla
from servicios.models import TipoServicio
from servicios.tests.fabricas import FabricaServicio, FabricaTipo

ENERO, FEBRERO, MARZO = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
MIL = Decimal(1_000)


def reporte() -> Agrupado:
    uno = REPORTES["reclamaciones-por-mil"]
    assert isinstance(uno, Agrupado)
    return uno


def tabla(**parametros: Any) -> Tabla:
    pedido = reporte().pedir({"periodo": "anio", **parametros}, hoy=HOY)
    assert not pedido.conjunto.form.errors
    return reporte().tabla(pedido)


def cifras(una: Tabla, *nombres: str) -> dict[Any, tuple[Any, ...]]:
    filas = {fila.clave: fila for fila in una.filas} | {"total": una.total}
    return {clave: tuple(fila.valores[nombre] for nombre in nombres) for clave, fila in filas.items()}


def redondas(una: Tabla) -> dict[Any, Any]:
    return {clave: None if valor is None else round(valor, 2) for clave, (valor,) in cifras(una, "por_mil").items()}


def reclamo(cuando: str, contrato: Contrato | None = None, **otros: Any) -> None:
    quien = {"cliente": contrato.cliente} if contrato else {}
    fecha = timezone.make_aware(datetime.fromisoformat(cuando))
    FabricaInteraccion(**{"tipo": "reclamacion", **otros}, fecha=fecha, contrato=contrato, **quien)


@pytest.fixture
def tipos(db: None) -> tuple[TipoServicio, TipoServicio]:
    fibra, movil = FabricaTipo(nombre="Fibra"), FabricaTipo(nombre="Móvil", red="movil")
    de_fibra, de_movil = FabricaServicio(tipo=fibra), FabricaServicio(tipo=movil)
    una, *_ = (FabricaContrato(servicio=de_fibra) for _ in range(1))
    for _ in range(3):
        FabricaContrato(servicio=de_fibra)
    FabricaContrato(servicio=de_movil, estado="terminado", fecha_fin=date(2026, 2, 20))
    otra = FabricaContrato(servicio=de_movil, fecha_inicio=date(2026, 2, 10))
    FabricaContrato(servicio=de_movil, fecha_inicio=date(2026, 2, 10))
    FabricaContrato(servicio=de_movil, fecha_inicio=FEBRERO, estado="pendiente")
    reclamo("2026-01-31 23:59:59.999999", una)  # en UTC ya es febrero
    reclamo("2026-02-01 00:00", una)
    reclamo("2026-02-15 12:00", otra, motivo=FabricaMotivo(codigo="cobro"))
    reclamo("2026-03-16 23:00")
    reclamo("2025-12-31 23:00", una)
    reclamo("2026-02-02 10:00", una, tipo="consulta")
    return fibra, movil


@pytest.mark.usefixtures("tipos")
def test_por_mes() -> None:
    una = tabla()
    assert cifras(una, "reclamaciones", "lineas", "medias") == {
        ENERO: (1, 5, 5),
        FEBRERO: (2, 6, Decimal("5.5")),
        MARZO: (1, 6, 6),
        "total": (4, 6, Decimal("5.5")),
    }
    assert redondas(una) == {
        ENERO: 200, FEBRERO: Decimal("363.64"), MARZO: Decimal("166.67"), "total": Decimal("242.42"),
    }  # fmt: skip


def test_por_tipo_de_servicio(tipos: tuple[TipoServicio, TipoServicio]) -> None:
    fibra, movil = (tipo.pk for tipo in tipos)
    una = tabla(por="tipo")
    assert cifras(una, "reclamaciones", "lineas", "medias") == {
        fibra: (2, 4, 4),
        movil: (1, 2, Decimal("1.5")),
        None: (1, 0, None),
        "total": (4, 6, Decimal("5.5")),
    }
    assert redondas(una) == {
        fibra: Decimal("166.67"), movil: Decimal("222.22"), None: None, "total": Decimal("242.42"),
    }  # fmt: skip


def test_el_motivo_elige_reclamaciones_y_no_lineas(tipos: tuple[TipoServicio, TipoServicio]) -> None:
    motivo = FabricaMotivo._meta.model.objects.get(codigo="cobro")
    assert cifras(tabla(motivo=[motivo.pk]), "reclamaciones", "lineas")["total"] == (1, 6)
    assert cifras(tabla(motivo=[motivo.pk], tipo=[tipos[1].pk]), "reclamaciones", "lineas")["total"] == (1, 2)
    assert cifras(tabla(red="fija"), "reclamaciones", "lineas")["total"] == (2, 4)


@pytest.mark.usefixtures("tipos")
def test_cada_mes_abre_los_contratos_que_entonces_estaban_en_pie() -> None:
    pedido = reporte().pedir({"periodo": "anio"}, hoy=HOY)
    lineas = reporte().cifra("lineas")
    assert isinstance(lineas, Medida)
    assert reporte().filas_de(pedido, lineas, ENERO).count() == 5
    assert reporte().filas_de(pedido, lineas, TOTAL).count() == 6
    assert reporte().filas_de(pedido, lineas, date(2030, 1, 1)).count() == 0


def test_sin_nada_no_falla(db: None) -> None:
    for por in ("mes", "tipo"):
        una = tabla(por=por, periodo="todo")
        assert una.filas == []
        assert una.total.valores["por_mil"] is None
    reclamo("2026-03-16 10:00")
    assert cifras(tabla(), "reclamaciones", "lineas", "por_mil")["total"] == (1, 0, None)
