"""Cuántos servicios se ofrecen, de qué tipo, en qué estado y entre qué precios, con cifras hechas a mano."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from reportes.listas.servicios import SERVICIOS
from reportes.marco import REPORTES, Agrupado, Medida
from servicios.models import Servicio, TipoServicio
from servicios.tests.fabricas import FabricaPrecio, FabricaServicio, FabricaTipo

pytestmark = pytest.mark.django_db
HOY = date(2026, 3, 16)
OFRECIDOS = REPORTES["servicios-ofrecidos"]
assert isinstance(OFRECIDOS, Agrupado)


@pytest.fixture(autouse=True)
def _catalogo(db: None) -> None:
    """Dos tipos y cinco servicios, registrados el 01/03/2026.

    | servicio | tipo | estado | precios |
    |---|---|---|---|
    | F1 | Fibra | a la venta | 70.000 desde 2024, 80.000 desde el 01/03/2026 |
    | F2 | Fibra | a la venta | 100.000 desde 2025 |
    | F3 | Fibra | retirado el 01/02/2026 | 50.000 desde 2024 |
    | M1 | Móvil | a la venta | 15.000 desde 2025 |
    | M2 | Móvil | a la venta | sin precio |
    """
    fibra = FabricaTipo(nombre="Fibra de prueba")
    movil = FabricaTipo(nombre="Móvil de prueba", red="movil", modalidad="prepago")
    f1, f2, m1 = (FabricaServicio(nombre=nombre, tipo=tipo) for nombre, tipo in
                  (("F1", fibra), ("F2", fibra), ("M1", movil)))  # fmt: skip
    f3 = FabricaServicio(nombre="F3", tipo=fibra, estado="retirado", retirado_el=date(2026, 2, 1))
    FabricaServicio(nombre="M2", tipo=movil)
    for servicio, valor, desde in (
        (f1, 70_000, date(2024, 1, 1)), (f1, 80_000, date(2026, 3, 1)), (f2, 100_000, date(2025, 1, 1)),
        (f3, 50_000, date(2024, 1, 1)), (m1, 15_000, date(2025, 1, 1)),
    ):  # fmt: skip
        FabricaPrecio(servicio=servicio, valor=Decimal(valor), vigente_desde=desde)
    Servicio.objects.update(creado_en=datetime(2026, 3, 1, 12, tzinfo=UTC))


def tabla(por: str = "tipo", **parametros: Any) -> dict[str, dict[str, Any]]:
    hecha = OFRECIDOS.tabla(OFRECIDOS.pedir({"por": por, **parametros}, hoy=HOY))
    return {str(fila.valores[por]): fila.valores for fila in hecha.filas} | {"Total": hecha.total.valores}


def _dice(valores: dict[str, Any], *nombres: str) -> tuple[Any, ...]:
    return tuple(valores[nombre] for nombre in nombres)


def test_por_tipo_y_estado_con_sus_precios() -> None:
    hoy = tabla()
    assert list(hoy) == ["Fibra de prueba", "Móvil de prueba", "Total"]  # los tipos sin servicios se callan
    cuentas = ("servicios", "a_la_venta", "retirados", "sin_precio")
    assert _dice(hoy["Fibra de prueba"], *cuentas) == (3, 2, 1, 0)
    assert _dice(hoy["Móvil de prueba"], *cuentas) == (2, 2, 0, 1)
    assert _dice(hoy["Total"], *cuentas) == (5, 4, 1, 1)
    precios = ("menor", "mayor", "promedio")
    # El del retirado no cuenta: F1 a 80.000 y F2 a 100.000. En total, (80.000 + 100.000 + 15.000) / 3.
    assert _dice(hoy["Fibra de prueba"], *precios) == (80_000, 100_000, 90_000)
    assert _dice(hoy["Móvil de prueba"], *precios) == (15_000, 15_000, 15_000)
    assert _dice(hoy["Total"], *precios) == (15_000, 100_000, 65_000)


def test_como_estaba_el_catalogo_un_dia() -> None:
    # El 01/01/2026 F3 se vendía, F1 valía 70.000 y M2 no existía: ni registrado ni con precio.
    enero = tabla(al="2026-01-01")
    cuentas = ("servicios", "a_la_venta", "retirados", "menor", "mayor")
    assert _dice(enero["Fibra de prueba"], *cuentas) == (3, 3, 0, 50_000, 100_000)
    assert _dice(enero["Total"], *cuentas) == (4, 4, 0, 15_000, 100_000)
    # El día en que se retira ya no se vende.
    assert tabla(al="2026-02-01")["Fibra de prueba"]["retirados"] == 1
    # En 2024 solo estaban F1 y F3.
    assert tabla(al="2024-06-01")["Total"]["servicios"] == 2


def test_por_estado_por_rango_de_precio_y_por_red() -> None:
    assert {nombre: valores["servicios"] for nombre, valores in tabla("estado").items()} == {
        "A la venta": 4, "Retirado": 1, "Total": 5,
    }  # fmt: skip
    assert {nombre.replace("\u00a0", " "): valores["servicios"] for nombre, valores in tabla("rango").items()} == {
        "Menos de $ 20 mil": 1, "$ 40 mil a $ 60 mil": 1, "$ 80 mil a $ 100 mil": 1, "$ 100 mil a $ 150 mil": 1,
        "Sin precio": 1, "Total": 5,
    }  # fmt: skip
    assert tabla("red")["Móvil"]["servicios"] == 2
    assert tabla("modalidad")["Prepago"]["servicios"] == 2


def test_se_filtra_y_se_abre_con_el_precio_y_el_estado_del_dia() -> None:
    movil = TipoServicio.objects.get(nombre="Móvil de prueba")
    assert list(tabla(tipo=[str(movil.pk)])) == ["Móvil de prueba", "Total"]
    medida = OFRECIDOS.cifra("a_la_venta")
    assert isinstance(medida, Medida)
    pedido = OFRECIDOS.pedir({"al": "2026-01-01"}, hoy=HOY)
    filas = [fila for fila, _ in SERVICIOS.filas(OFRECIDOS.filas_de(pedido, medida).order_by("nombre"), pedido.al)]
    assert [(fila["servicio"], fila["estado"], fila["precio"]) for fila in filas] == [
        ("F1", "Activo", 70_000), ("F2", "Activo", 100_000), ("F3", "Activo", 50_000), ("M1", "Activo", 15_000),
    ]  # fmt: skip


def test_sin_servicios_a_la_venta_no_hay_precios() -> None:
    Servicio.objects.update(estado="retirado", retirado_el=HOY)
    assert _dice(tabla()["Total"], "a_la_venta", "menor", "promedio") == (0, None, None)
