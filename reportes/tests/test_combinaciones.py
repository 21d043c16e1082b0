"""Qué servicios se tienen juntos, con cifras hechas a mano."""

from __future__ import annotations

from typing import Any

import pytest

from clientes.tests.fabricas import HOY, FabricaCliente, FabricaContrato, FabricaMunicipio
from reportes.informes import combinaciones
from reportes.marco import REPORTES, Agrupado, Medida
from servicios.tests.fabricas import FabricaServicio, FabricaTipo

pytestmark = pytest.mark.django_db
REPORTE = REPORTES["combinaciones"]
assert isinstance(REPORTE, Agrupado)


@pytest.fixture
def operador() -> dict[str, Any]:
    """Qué tiene activo cada cliente: A y B son de fibra, C de móvil.

    Uno: A. Dos: A, A y C. Tres: B y C. Cuatro: A, B y C. Cinco: C, y A suspendido. Seis: B terminado. Siete: nada.
    """
    fibra, movil = FabricaTipo(nombre="Fibra"), FabricaTipo(nombre="Móvil")
    a, b = FabricaServicio(nombre="A", tipo=fibra), FabricaServicio(nombre="B", tipo=fibra)
    c = FabricaServicio(nombre="C", tipo=movil)
    clientes = [FabricaCliente(nombre=nombre) for nombre in ("Uno", "Dos", "Tres", "Cuatro", "Cinco", "Seis", "Siete")]
    for cliente, servicios in zip(clientes, ([a], [a, a, c], [b, c], [a, b, c], [c], [], []), strict=True):
        for servicio in servicios:
            FabricaContrato(cliente=cliente, servicio=servicio)
    FabricaContrato(cliente=clientes[4], servicio=a, estado="suspendido")
    FabricaContrato(cliente=clientes[5], servicio=b, estado="terminado", fecha_fin=HOY)
    clientes[2].municipio = FabricaMunicipio()
    clientes[2].save()
    return {"fibra": str(fibra.pk), "pueblo": clientes[2].municipio_id}


def cifras(**parametros: Any) -> dict[str, int]:
    """Combinación → clientes, y que cada cifra sea la de sus filas."""
    pedido = REPORTE.pedir(parametros, hoy=HOY)
    tabla = REPORTE.tabla(pedido)
    medida = REPORTE.cifra("clientes")
    assert isinstance(medida, Medida)
    for fila in (*tabla.filas, tabla.total):
        assert REPORTE.filas_de(pedido, medida, fila.clave).count() == fila.valores["clientes"]
    assert tabla.total.valores["clientes"] == sum(fila.valores["clientes"] for fila in tabla.filas)
    return {fila.valores["combinacion"]: fila.valores["clientes"] for fila in tabla.filas}


def test_por_tipos_cada_cliente_esta_en_una_sola_fila(operador: dict[str, Any]) -> None:
    # Dos, Tres y Cuatro tienen fibra y móvil.
    assert cifras() == {"Solo Fibra": 1, "Fibra + Móvil": 3, "Solo Móvil": 1}


def test_por_servicios(operador: dict[str, Any]) -> None:
    assert cifras(por="servicios") == {"Solo A": 1, "A + C": 1, "B + C": 1, "A + B + C": 1, "Solo C": 1}


def test_con_filtros(operador: dict[str, Any]) -> None:
    assert cifras(con=[operador["fibra"]]) == {"Solo Fibra": 1, "Fibra + Móvil": 3}
    assert cifras(municipio=operador["pueblo"], por="servicios") == {"B + C": 1}


def test_con_mas_servicios_de_los_que_caben_en_un_entero(
    operador: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(combinaciones, "POR_CARRIL", 2)
    assert cifras(por="servicios") == {"Solo A": 1, "A + C": 1, "B + C": 1, "A + B + C": 1, "Solo C": 1}


def test_sin_servicios_no_hay_combinaciones() -> None:
    assert cifras() == {}


@pytest.mark.parametrize("texto", ["", "a", "3-", "-3", "3--4", "9" * 30, "1" + "-1" * 200, "٣"])
def test_lo_que_no_es_una_combinacion_no_se_abre(texto: str) -> None:
    with pytest.raises(ValueError, match="no es una combinación"):
        REPORTE.dimensiones[0].de_texto(texto)
