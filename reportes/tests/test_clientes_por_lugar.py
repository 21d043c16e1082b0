"""Clientes por lugar, con un puñado de clientes contados a mano. HOY es el 16/03/2026.

El período es 2026 hasta hoy y el anterior, 2025 hasta el 16/03/2025.

    Quién   Dónde            Vinculado    Hoy                         Contratos en pie    Empezados en 2026
    Ana     Pueblo A (98)    10/01/2026   activa                      dos                 los dos
    Beto    Pueblo A (98)    01/02/2025   activo                      uno                 ninguno
    Caro    Pueblo B (98)    01/05/2020   activa                      uno suspendido      ninguno
    Dora    Pueblo C (96)    01/03/2026   activa                      ninguno             uno, pendiente: no cuenta
    Elsa    Pueblo C (96)    01/01/2010   inactiva el 20/02/2026      ninguno             ninguno
    Fidel   sin municipio    16/03/2026   activo                      uno                 uno
    Gil     sin municipio    31/12/2025   activo                      ninguno             uno, ya terminado
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from clientes.tests.fabricas import HOY, FabricaCliente, FabricaContrato, FabricaDepartamento, FabricaMunicipio
from reportes.marco import REPORTES, Agrupado, Fila, Tabla

pytestmark = pytest.mark.django_db
CIFRAS = ("clientes", "nuevos", "nuevos_antes", "bajas", "lineas", "altas")
ESTE_ANIO = {"periodo": "anio"}


def reporte() -> Agrupado:
    uno = REPORTES["clientes-por-lugar"]
    assert isinstance(uno, Agrupado)
    return uno


def tabla(**parametros: str) -> Tabla:
    pedido = reporte().pedir({**ESTE_ANIO, **parametros}, hoy=HOY)
    assert not pedido.conjunto.form.errors
    return reporte().tabla(pedido)


def de(fila: Fila) -> tuple[Any, ...]:
    return tuple(fila.valores[nombre] for nombre in CIFRAS)


@pytest.fixture(autouse=True)
def _clientes() -> None:
    uno = FabricaDepartamento(codigo="98", nombre="Uno")
    otro = FabricaDepartamento(codigo="96", nombre="Otro")
    a, b = (FabricaMunicipio(codigo=f"9800{n}", nombre=f"Pueblo {n}", departamento=uno) for n in (1, 2))
    c = FabricaMunicipio(codigo="96001", nombre="Pueblo C", departamento=otro)
    FabricaMunicipio(codigo="96002", nombre="Pueblo sin nadie", departamento=otro)
    ana = FabricaCliente(municipio=a, fecha_vinculacion=date(2026, 1, 10))
    beto = FabricaCliente(municipio=a, fecha_vinculacion=date(2025, 2, 1))
    caro = FabricaCliente(municipio=b, fecha_vinculacion=date(2020, 5, 1))
    dora = FabricaCliente(municipio=c, fecha_vinculacion=date(2026, 3, 1))
    FabricaCliente(municipio=c, fecha_vinculacion=date(2010, 1, 1), estado="inactivo", inactivo_desde=date(2026, 2, 20))
    fidel = FabricaCliente(municipio=None, fecha_vinculacion=HOY)
    gil = FabricaCliente(municipio=None, fecha_vinculacion=date(2025, 12, 31))
    for dia in (date(2026, 1, 10), date(2026, 2, 1)):
        FabricaContrato(cliente=ana, fecha_inicio=dia)
    FabricaContrato(cliente=beto, fecha_inicio=date(2025, 2, 1))
    FabricaContrato(cliente=caro, fecha_inicio=date(2021, 1, 1), estado="suspendido")
    FabricaContrato(cliente=dora, fecha_inicio=date(2026, 3, 5), estado="pendiente")
    FabricaContrato(cliente=fidel, fecha_inicio=HOY)
    FabricaContrato(cliente=gil, fecha_inicio=date(2026, 1, 2), estado="terminado", fecha_fin=date(2026, 3, 1))


def test_una_fila_por_departamento_y_la_de_los_que_no_tienen_municipio() -> None:
    una = tabla()
    assert {fila.valores["departamento"]: de(fila) for fila in una.filas} == {
        "Uno": (3, 1, 1, 0, 4, 2),
        "Otro": (1, 1, 0, 1, 0, 0),
        "Sin municipio": (2, 1, 0, 0, 1, 2),
    }
    assert de(una.total) == (6, 3, 1, 1, 5, 4)


def test_y_por_municipio_sin_los_que_no_tienen_nada() -> None:
    assert {fila.valores["municipio"]: de(fila) for fila in tabla(por="municipio").filas} == {
        "Pueblo 1": (2, 1, 1, 0, 3, 2),
        "Pueblo 2": (1, 0, 0, 0, 1, 0),
        "Pueblo C": (1, 1, 0, 1, 0, 0),
        "Sin municipio": (2, 1, 0, 0, 1, 2),
    }


def test_dice_donde_crece() -> None:
    uno, otro, nadie = sorted(tabla().filas, key=lambda fila: ["98", "96", None].index(fila.clave))
    # «Uno» tenía 2 clientes al empezar el año y ganó 1: 50 %. «Otro» tenía 1, ganó 1 y perdió 1: nada.
    assert [fila.valores["crecimiento"] for fila in (uno, otro, nadie)] == [Decimal(50), Decimal(0), Decimal(100)]
    # Los nuevos: 1 y antes 1; los otros dos no tenían ninguno antes, y no se sabe cuánto más son.
    assert [fila.valores["variacion"] for fila in (uno, otro, nadie)] == [Decimal(0), None, None]
    assert tabla().total.valores["variacion"] == Decimal(200)
    assert round(uno.valores["lineas_por_cliente"], 2) == Decimal("1.33")


def test_de_un_periodo_que_paso_cuenta_los_clientes_que_habia_al_terminar() -> None:
    # Al 31/12/2025: Ana y Dora no habían llegado, Fidel tampoco; Elsa seguía.
    una = tabla(periodo="anio_pasado")
    assert {fila.valores["departamento"]: de(fila) for fila in una.filas} == {
        "Uno": (2, 1, 0, 0, 2, 1),
        "Otro": (1, 0, 0, 0, 0, 0),
        "Sin municipio": (1, 1, 0, 0, 0, 0),
    }


def test_la_fila_de_un_departamento_lleva_a_sus_municipios_con_los_demas_filtros() -> None:
    enlaces = {fila.clave: fila.enlace for fila in tabla(categoria="nuevo").filas}
    assert "por=municipio" in enlaces["98"]
    assert "departamento=98" in enlaces["98"]
    assert "categoria=nuevo" in enlaces["98"]
    assert "periodo=anio" in enlaces["98"]
    assert enlaces[None] == ""


def test_filtrado_por_departamento_quedan_sus_municipios_y_nadie_mas() -> None:
    una = tabla(por="municipio", departamento="96")
    assert [fila.valores["municipio"] for fila in una.filas] == ["Pueblo C"]
    assert de(una.total) == (1, 1, 0, 1, 0, 0)


@pytest.mark.parametrize("texto", ["", "9", "980", "9a", "٩٨", "98' OR 1=1", "9" * 99])
def test_un_departamento_que_no_puede_ser_se_rechaza(texto: str) -> None:
    dimension = reporte().dimension(reporte().pedir({}, hoy=HOY))
    with pytest.raises(ValueError, match="no es el código DANE"):
        dimension.de_texto(texto)
