"""La popularidad de cada servicio, hoy y como estaba un día, con cifras hechas a mano."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clientes.models import Contrato
from clientes.tests.fabricas import FabricaCambioPlan, FabricaCliente, FabricaContrato, FabricaSuspension
from reportes.listas.clientes import CONTRATOS
from reportes.marco import REPORTES, TOTAL, Agrupado, Medida
from servicios.models import Servicio
from servicios.tests.fabricas import FabricaServicio, FabricaTipo

pytestmark = pytest.mark.django_db
HOY = date(2026, 3, 16)
POPULARIDAD = REPORTES["popularidad"]
assert isinstance(POPULARIDAD, Agrupado)


def cifras(**parametros: Any) -> dict[str, dict[str, Any]]:
    """Las del reporte, por nombre del servicio; «Total», las del total."""
    tabla = POPULARIDAD.tabla(POPULARIDAD.pedir(parametros, hoy=HOY))
    return {str(fila.valores["servicio"]): fila.valores for fila in tabla.filas} | {"Total": tabla.total.valores}


def columna(nombre: str, **parametros: Any) -> dict[str, Any]:
    return {servicio: valores[nombre] for servicio, valores in cifras(**parametros).items()}


@pytest.fixture
def operador() -> dict[str, Any]:
    """Dos servicios y tres clientes.

    | contrato | cliente | servicio hoy | desde | hasta | y además |
    |---|---|---|---|---|---|
    | c1 | Ana | Fibra | 10/01/2025 | | |
    | c2 | Ana | Fibra | 01/03/2026 | | |
    | c3 | Luz | Fibra | 05/02/2026 | | era Móvil hasta el 10/03/2026, cuando cambió de plan |
    | c4 | Luz | Móvil | 01/02/2025 | | suspendido desde el 20/02/2026 |
    | c5 | Sol | Móvil | 01/02/2025 | 10/03/2026 | |
    | c6 | Sol | Móvil | 01/02/2025 | | estuvo suspendido del 01/02/2026 al 16/02/2026 |
    | c7 | Sol | Móvil | 10/03/2026 | | pendiente |
    """
    fibra, movil = FabricaServicio(nombre="Fibra"), FabricaServicio(nombre="Móvil", tipo=FabricaTipo(red="movil"))
    ana, luz, sol = (FabricaCliente(nombre=nombre) for nombre in ("Ana", "Luz", "Sol"))

    def contrato(cliente: Any, servicio: Any, desde: date, estado: str = "activo", **mas: Any) -> Contrato:
        hecho: Contrato = FabricaContrato(cliente=cliente, servicio=servicio, estado=estado, fecha_inicio=desde, **mas)
        return hecho

    contrato(ana, fibra, date(2025, 1, 10))
    contrato(ana, fibra, date(2026, 3, 1))
    c3 = contrato(luz, fibra, date(2026, 2, 5), precio=Decimal(89_900))
    FabricaCambioPlan(
        contrato=c3, estado="aplicado", efectivo_el=date(2026, 3, 10), servicio_anterior=movil, servicio_nuevo=fibra,
        precio_anterior=Decimal(45_000),
    )  # fmt: skip
    c4 = contrato(luz, movil, date(2025, 2, 1), "suspendido")
    FabricaSuspension(contrato=c4, desde=date(2026, 2, 20))
    contrato(sol, movil, date(2025, 2, 1), "terminado", fecha_fin=date(2026, 3, 10))
    c6 = contrato(sol, movil, date(2025, 2, 1))
    FabricaSuspension(contrato=c6, desde=date(2026, 2, 1), hasta=date(2026, 2, 16))
    contrato(sol, movil, date(2026, 3, 10), "pendiente")
    return {"fibra": fibra, "movil": movil, "c3": c3}


def test_hoy(operador: dict[str, Any]) -> None:
    # Activos: Fibra c1, c2, c3; Móvil c6. Altas de marzo: c2 y c7. Bajas de marzo: c5.
    hoy = cifras()
    assert columna("activos") == {"Fibra": 3, "Móvil": 1, "Total": 4}
    assert columna("clientes") == {"Fibra": 2, "Móvil": 1, "Total": 3}
    assert columna("altas") == {"Fibra": 1, "Móvil": 1, "Total": 2}
    assert columna("bajas") == {"Fibra": 0, "Móvil": 1, "Total": 1}
    assert columna("neto") == {"Fibra": 1, "Móvil": 0, "Total": 1}
    assert hoy["Fibra"]["participacion"] == 75
    assert list(hoy) == ["Fibra", "Móvil", "Total"]  # del que más tiene al que menos


def test_un_dia_pasado_con_el_plan_de_entonces(operador: dict[str, Any]) -> None:
    # El 16/02/2026: Fibra c1; Móvil c3 (aún no cambiaba), c4 (se suspendió después), c5 (terminó después) y c6, que
    # ese día se reanudó. Altas del 1 al 16 de febrero: c3, que era Móvil.
    assert columna("activos", al="2026-02-16") == {"Fibra": 1, "Móvil": 4, "Total": 5}
    # Móvil: Luz (c3 y c4) y Sol (c5 y c6).
    assert columna("clientes", al="2026-02-16") == {"Fibra": 1, "Móvil": 2, "Total": 3}
    assert columna("altas", al="2026-02-16") == {"Fibra": 0, "Móvil": 1, "Total": 1}
    # El 15/02 c6 seguía suspendido; queda c5 de Sol.
    assert columna("activos", al="2026-02-15") == {"Fibra": 1, "Móvil": 3, "Total": 4}
    # El día en que rige el cambio ya es del servicio nuevo, y el día en que termina ya no se presta.
    assert columna("activos", al="2026-03-10") == {"Fibra": 3, "Móvil": 1, "Total": 4}
    assert columna("activos", al="2026-03-09") == {"Fibra": 2, "Móvil": 3, "Total": 5}


def test_un_filtro_del_catalogo_mira_el_servicio_de_entonces(operador: dict[str, Any]) -> None:
    assert columna("activos", al="2026-02-16", red="movil") == {"Móvil": 4, "Total": 4}
    assert columna("clientes", al="2026-02-16", red="movil") == {"Móvil": 2, "Total": 2}
    fibra = str(operador["fibra"].pk)
    assert columna("clientes", al="2026-02-16", servicio=[fibra]) == {"Fibra": 1, "Total": 1}
    assert columna("clientes", servicio=[fibra]) == {"Fibra": 2, "Total": 2}
    assert columna("clientes", servicio=[fibra, str(operador["movil"].pk)])["Total"] == 3


def test_comparar_pone_el_mes_anterior_al_lado(operador: dict[str, Any]) -> None:
    tabla = POPULARIDAD.tabla(POPULARIDAD.pedir({"comparar": "true"}, hoy=HOY))
    antes = {str(fila.valores["servicio"]): fila.antes for fila in tabla.filas}
    # El 16 de febrero, y del 1 al 16 de febrero.
    assert {nombre: valores and valores["activos"] for nombre, valores in antes.items()} == {"Fibra": 1, "Móvil": 4}
    assert {nombre: valores and valores["altas"] for nombre, valores in antes.items()} == {"Fibra": 0, "Móvil": 1}
    assert tabla.total.antes is not None
    assert tabla.total.antes["bajas"] == 0


def test_las_filas_de_un_dia_dicen_el_servicio_y_el_precio_de_entonces(operador: dict[str, Any]) -> None:
    medida = POPULARIDAD.cifra("activos")
    assert isinstance(medida, Medida)
    dia = date(2026, 2, 16)
    filas = POPULARIDAD.filas_de(POPULARIDAD.pedir({"al": dia.isoformat()}, hoy=HOY), medida, operador["movil"].pk)
    dichas = {fila["contrato"]: fila for fila, _ in CONTRATOS.filas(filas.order_by("pk"), dia)}
    assert len(dichas) == 4
    suya = dichas[operador["c3"].numero]
    assert (suya["servicio"], suya["precio"]) == ("Móvil", Decimal(45_000))


def test_al_azar_toda_cifra_es_la_de_las_filas_y_la_de_una_cuenta_ingenua() -> None:
    azar = random.Random(5)
    red = [FabricaTipo(red="fija"), FabricaTipo(red="movil")]
    servicios = [FabricaServicio(tipo=red[n % 2]) for n in range(4)]
    clientes = [FabricaCliente() for _ in range(8)]
    vidas = [_vida(azar, servicios, clientes) for _ in range(60)]
    for _ in range(12):
        dia = HOY - timedelta(days=azar.randrange(1, 120))
        parametros = azar.choice([{}, {"red": "movil"}, {"servicio": [str(s.pk) for s in azar.sample(servicios, 2)]}])
        pedido = POPULARIDAD.pedir({"al": dia.isoformat(), **parametros}, hoy=HOY)
        tabla = POPULARIDAD.tabla(pedido)
        prestados = [uno for uno in ((contrato.cliente_id, que(dia)) for contrato, que in vidas) if uno[1]]
        for fila in tabla.filas:
            suyos = [cliente for cliente, servicio in prestados if servicio == fila.clave]
            assert (fila.valores["activos"], fila.valores["clientes"]) == (len(suyos), len(set(suyos))), dia
        claves = {fila.clave for fila in tabla.filas}
        assert tabla.total.valores["clientes"] == len(
            {cliente for cliente, servicio in prestados if servicio in claves}
        )
        for nombre in ("activos", "clientes", "altas", "bajas"):
            medida = POPULARIDAD.cifra(nombre)
            assert isinstance(medida, Medida)
            for fila in (*tabla.filas, tabla.total):
                assert POPULARIDAD.filas_de(pedido, medida, fila.clave).count() == fila.valores[nombre], (dia, nombre)


def _vida(azar: random.Random, servicios: list[Servicio], clientes: list[Any]) -> Any:
    """Un contrato con cambios de plan y una suspensión; y la función que dice qué servicio prestaba un día, o None."""
    desde = HOY - timedelta(days=azar.randrange(0, 150))
    hasta = min(desde + timedelta(days=azar.randrange(0, 150)), HOY) if azar.random() < 0.4 else None
    fin = hasta or HOY
    dias = sorted(desde + timedelta(days=azar.randrange((fin - desde).days + 1)) for _ in range(azar.randrange(4)))
    usados = [azar.choice(servicios) for _ in range(len(dias) + 1)]
    contrato = FabricaContrato(
        cliente=azar.choice(clientes), servicio=usados[-1], fecha_inicio=desde, fecha_fin=hasta,
        estado="terminado" if hasta else "activo",
    )  # fmt: skip
    for n, dia in enumerate(dias):
        FabricaCambioPlan(
            contrato=contrato, estado="aplicado", efectivo_el=dia, servicio_anterior=usados[n],
            servicio_nuevo=usados[n + 1],
        )  # fmt: skip
    sin = (desde, desde + timedelta(days=azar.randrange(30))) if azar.random() < 0.5 else None
    if sin:
        FabricaSuspension(contrato=contrato, desde=sin[0], hasta=sin[1])

    def que(dia: date) -> int | None:
        if not desde <= dia or (hasta and dia >= hasta) or (sin and sin[0] <= dia < sin[1]):
            return None
        return int(usados[sum(1 for cambio in dias if cambio <= dia)].pk)

    return contrato, que


def test_hoy_sin_filtros_solo_se_leen_cuentas(operador: dict[str, Any]) -> None:
    with CaptureQueriesContext(connection) as dichas:
        POPULARIDAD.tabla(POPULARIDAD.pedir({}, hoy=HOY))
    assert not [una["sql"] for una in dichas if "clientes_contrato" in una["sql"]]
    assert len(dichas) == 6  # los renglones, una por cifra y una por el total de clientes


def test_el_total_es_otra_fila() -> None:
    assert POPULARIDAD.tabla(POPULARIDAD.pedir({}, hoy=HOY)).total.clave is TOTAL
