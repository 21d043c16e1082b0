"""Clientes por categoría y por permanencia, con un puñado de clientes contados a mano.

HOY es el 16/03/2026. Nuevo es quien lleva menos de 3 años (vinculado después del 16/03/2023); regular, de 3 a 10
inclusive; leal, más de 10 (vinculado antes del 16/03/2016).

    Quién   Vinculado    Categoría hoy            Contratos en pie hoy            Al mes
    Ana     17/03/2023   nuevo                    uno de 30.000 y uno de 45.000   75.000
    Beto    16/03/2023   regular                  uno anual de 120.000            10.000
    Caro    16/03/2016   regular (10 exactos)     uno suspendido de 60.000        60.000
    Dora    15/03/2016   leal                     ninguno (uno pendiente)              0
    Elsa    01/03/2026   leal, puesta a mano      uno de recarga de 20.000        20.000
    Fidel   01/01/2000   (inactivo el 01/02/2026) ninguno
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clientes.tests.fabricas import HOY, FabricaCambioPlan, FabricaCliente, FabricaContrato
from movistar_site.comun.models import Parametro
from reportes.marco import REPORTES, TOTAL, Agrupado, Tabla

pytestmark = pytest.mark.django_db


def tabla(clave: str, **parametros: str) -> Tabla:
    reporte = REPORTES[clave]
    assert isinstance(reporte, Agrupado)
    pedido = reporte.pedir(parametros, hoy=HOY)
    assert not pedido.conjunto.form.errors
    return reporte.tabla(pedido)


def cifras(una: Tabla, *nombres: str) -> dict[Any, tuple[Any, ...]]:
    filas = {fila.clave: fila for fila in una.filas} | {"total": una.total}
    return {clave: tuple(fila.valores[nombre] for nombre in nombres) for clave, fila in filas.items()}


@pytest.fixture
def clientes() -> dict[str, Any]:
    ana = FabricaCliente(nombre="Ana", fecha_vinculacion=date(2023, 3, 17))
    beto = FabricaCliente(nombre="Beto", fecha_vinculacion=date(2023, 3, 16))
    caro = FabricaCliente(nombre="Caro", fecha_vinculacion=date(2016, 3, 16))
    dora = FabricaCliente(nombre="Dora", fecha_vinculacion=date(2016, 3, 15))
    elsa = FabricaCliente(
        nombre="Elsa", fecha_vinculacion=date(2026, 3, 1), categoria_asignada="leal", motivo_categoria="Viene de otra"
    )
    FabricaCliente(
        nombre="Fidel", fecha_vinculacion=date(2000, 1, 1), estado="inactivo", inactivo_desde=date(2026, 2, 1)
    )
    FabricaContrato(cliente=ana, precio=30_000, fecha_inicio=date(2025, 6, 1))
    FabricaContrato(cliente=ana, precio=45_000, fecha_inicio=date(2026, 3, 1))
    FabricaContrato(cliente=beto, precio=120_000, periodicidad="anual", fecha_inicio=date(2024, 1, 1))
    FabricaContrato(cliente=caro, precio=60_000, estado="suspendido", fecha_inicio=date(2020, 1, 1))
    FabricaContrato(cliente=dora, precio=99_000, estado="pendiente", fecha_inicio=date(2026, 3, 10))
    FabricaContrato(
        cliente=dora, precio=99_000, estado="terminado", fecha_inicio=date(2017, 1, 1), fecha_fin=date(2026, 3, 1)
    )
    FabricaContrato(cliente=elsa, precio=20_000, periodicidad="recarga", fecha_inicio=date(2026, 3, 5))
    return {"ana": ana, "beto": beto, "caro": caro, "dora": dora, "elsa": elsa}


def test_cuenta_los_de_hoy_con_sus_lineas_y_lo_que_facturan(clientes: dict[str, Any]) -> None:
    hoy = tabla("clientes-por-categoria")
    assert cifras(hoy, "clientes", "a_mano", "lineas", "facturacion", "por_cliente") == {
        "nuevo": (1, 0, 2, Decimal(75_000), Decimal(75_000)),
        "regular": (2, 0, 2, Decimal(70_000), Decimal(35_000)),
        "leal": (2, 1, 1, Decimal(20_000), Decimal(10_000)),
        "total": (5, 1, 5, Decimal(165_000), Decimal(33_000)),
    }
    assert cifras(hoy, "participacion")["regular"] == (Decimal(40),)
    assert [fila.valores["permanencia"] for fila in hoy.filas] == [
        "Menos de 3 años", "Desde 3 años y hasta 10 años", "Más de 10 años",
    ]  # fmt: skip


def test_un_dia_pasado_cuenta_a_los_de_entonces_con_la_categoria_que_tenian(clientes: dict[str, Any]) -> None:
    # El 15/01/2026 Ana, Beto (no cumplía 3 años) y su contrato de 30.000 y el anual; Caro y Dora, regulares: todavía no
    # pasaban de 10 años. Elsa no era cliente; Fidel, leal, sí. Dora pagaba sus 99.000.
    assert cifras(tabla("clientes-por-categoria", al="2026-01-15"), "clientes", "lineas", "facturacion") == {
        "nuevo": (2, 2, Decimal(40_000)),
        "regular": (2, 2, Decimal(159_000)),
        "leal": (1, 0, Decimal(0)),
        "total": (5, 4, Decimal(199_000)),
    }


def test_un_dia_pasado_factura_el_plan_de_entonces(clientes: dict[str, Any]) -> None:
    contrato = clientes["ana"].contratos.get(precio=30_000)
    # Empezó en 18.000 al mes, pasó a 25.000 el 01/10/2025 y a los 30.000 de ahora el 01/02/2026.
    for dia, antes, despues in ((date(2025, 10, 1), 18_000, 25_000), (date(2026, 2, 1), 25_000, 30_000)):
        FabricaCambioPlan(
            contrato=contrato, estado="aplicado", efectivo_el=dia, precio_anterior=antes, precio_nuevo=despues
        )
    FabricaCambioPlan(contrato=contrato, efectivo_el=date(2026, 4, 1), precio_anterior=1, precio_nuevo=2)
    for dia, pesos in (("2025-09-30", 18_000), ("2025-10-01", 25_000), ("2026-01-31", 25_000), ("2026-02-01", 30_000)):
        fila = cifras(tabla("clientes-por-categoria", al=dia), "facturacion")["nuevo"]
        assert fila == (Decimal(pesos + 10_000),), dia  # con el anual de Beto, que aún era nuevo


def test_los_limites_de_la_categoria_son_los_que_regian_ese_dia(clientes: dict[str, Any]) -> None:
    Parametro.objects.create(clave="meses_regular", valor="1", vigente_desde=date(2026, 2, 1), norma="Acta 1")
    assert cifras(tabla("clientes-por-categoria"), "clientes")["nuevo"] == (0,)
    assert cifras(tabla("clientes-por-categoria", al="2026-01-15"), "clientes")["nuevo"] == (2,)
    assert tabla("clientes-por-categoria").filas[0].valores["permanencia"] == "Menos de 1 mes"


def test_la_permanencia_va_por_anios_cumplidos(clientes: dict[str, Any]) -> None:
    # Ana lleva 2 años (cumple 3 mañana), Beto 3, Caro 10, Dora 10 y un día, Elsa quince días.
    hoy = cifras(tabla("clientes-por-permanencia"), "clientes", "lineas", "facturacion")
    assert hoy == {
        0: (1, 1, Decimal(20_000)),
        1: (0, 0, 0),
        2: (1, 2, Decimal(75_000)),
        3: (1, 1, Decimal(10_000)),
        5: (0, 0, 0),
        10: (2, 1, Decimal(60_000)),
        15: (0, 0, 0),
        20: (0, 0, 0),
        "total": (5, 5, Decimal(165_000)),
    }
    entonces = cifras(tabla("clientes-por-permanencia", al="2026-01-15"), "clientes")
    assert {clave: cuantos for clave, (cuantos,) in entonces.items() if cuantos} == {2: 2, 5: 2, 20: 1, "total": 5}


def test_la_cuenta_llevada_dice_lo_mismo_que_contar(clientes: dict[str, Any]) -> None:
    for clave in ("clientes-por-categoria", "clientes-por-permanencia"):
        reporte = REPORTES[clave]
        assert isinstance(reporte, Agrupado)
        pedido = reporte.pedir({}, hoy=HOY)
        dimension = reporte.dimension(pedido)
        for nombre in ("clientes", "a_mano"):
            if (medida := reporte.cifra(nombre)) is None:
                continue
            llevadas = medida.resumen(pedido, dimension)  # type: ignore[union-attr, misc]
            assert llevadas is not None
            for fila in (*reporte.tabla(pedido).filas, reporte.tabla(pedido).total):
                filas = reporte.filas_de(pedido, medida, fila.clave)  # type: ignore[arg-type]
                assert llevadas.get(fila.clave, 0) == filas.count(), (clave, nombre, fila.clave is TOTAL)


def test_con_mas_clientes_no_hace_mas_consultas(clientes: dict[str, Any]) -> None:
    with CaptureQueriesContext(connection) as antes:
        tabla("clientes-por-categoria", al="2026-01-15")
    for n in range(12):
        FabricaContrato(cliente=FabricaCliente(fecha_vinculacion=date(2010 + n, 1, 1)), fecha_inicio=date(2025, 1, 1))
    with CaptureQueriesContext(connection) as despues:
        tabla("clientes-por-categoria", al="2026-01-15")
    assert len(despues) == len(antes)


@pytest.mark.parametrize(
    ("clave", "texto"),
    [
        ("clientes-por-categoria", "oro"),
        ("clientes-por-categoria", "-"),
        ("clientes-por-permanencia", "4"),
        ("clientes-por-permanencia", "²"),
        ("clientes-por-permanencia", "9" * 5_000),
        ("clientes-por-permanencia", "-"),
    ],
)
def test_una_fila_que_no_existe_se_rechaza(clave: str, texto: str) -> None:
    reporte = REPORTES[clave]
    assert isinstance(reporte, Agrupado)
    with pytest.raises(ValueError, match="no es una"):
        reporte.dimension(reporte.pedir({}, hoy=HOY)).de_texto(texto)
